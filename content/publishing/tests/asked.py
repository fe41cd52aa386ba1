"""All that can be asked of this service: its routes and their parameters, as they are declared.

A new route or parameter is asked too. One that needs what is not in `Known` fails here by name.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver
from rest_framework import serializers

from content.publishing.tests.hidden import WORD, Known
from core.api import parameters
from core.api.list_queries import query_serializer

READS = ("get", "head", "options")
WRITES = ("post", "put", "patch", "delete")
PREFIX = "api/v1/"
# They tell of this process and its machine.
NOT_OF_CONTENT = {"health/live", "health/ready", "metrics"}


class Route(NamedTuple):
    """A path with `<str:id>` and the like in it, and what answers there."""

    path: str
    names: tuple[str, ...]
    callback: Any

    @property
    def view(self) -> Any:
        return getattr(self.callback, "cls", getattr(self.callback, "view_class", None))

    @property
    def actions(self) -> dict[str, str]:
        return getattr(self.callback, "actions", None) or {"get": "get"}

    def addresses(self, known: Known) -> Iterator[str]:
        """One for each thing that could stand in it."""
        for values in product(*(PARTS[name](known) for name in self.names)):
            path = self.path
            for name, value in zip(self.names, values, strict=True):
                path = path.replace(f"<{name}>", str(value))
            yield f"/{path}"

    def parameters(self, known: Known) -> Iterator[tuple[str, str]]:
        """What it takes in the query string, each with what is worth a try."""
        for action in self.actions.values():
            for name in getattr(getattr(self.view, action, None), "parameters", ()):
                worth = known.tokens if self.names else known.words
                yield from ((name, value) for value in ("true", WORD, *worth))
        if self.actions.get("get") == "list":
            fields = query_serializer(
                self.view.serializer_class.Meta.model.LISTING, self.view.serializer_class
            ).fields
            for name, field in fields.items():
                yield from ((name, value) for value in values_of(field, known))


PARTS = {
    "id": lambda known: [*known.ids, *known.slugs[:1]],
    "webhook_id": lambda known: known.ids[:1],
    "slug": lambda known: known.slugs,
    "version": lambda known: known.versions,
    "name": lambda known: known.files,
}


def values_of(field: serializers.Field, known: Known) -> Iterable[str]:
    """What is worth a try in a parameter."""
    match field:
        case serializers.ChoiceField():
            return list(field.choices)
        case parameters.Names():
            return [*field.allowed, ",".join(field.allowed)]
        case parameters.WholeNumber():
            return ["0", "1", "2", "3"]
        case parameters.IdList():
            return [*known.ids, ",".join(known.ids)]
        case parameters.Moment():
            return known.moments
        case parameters.Cursor():
            return known.cursors
    return known.words


def routes() -> list[Route]:
    """All of them, with and without the prefix."""
    found = walk(get_resolver().url_patterns, "")
    return [route for route in found if route.path.removeprefix(PREFIX) not in NOT_OF_CONTENT]


def in_one_spelling(found: Iterable[Route]) -> list[Route]:
    """Without the routes that are there with the prefix too."""
    found = list(found)
    paths = {route.path for route in found}
    return [route for route in found if f"{PREFIX}{route.path}" not in paths]


def walk(patterns: Iterable[Any], before: str) -> Iterator[Route]:
    for each in patterns:
        path = before + str(each.pattern)
        if not isinstance(each, URLPattern):
            yield from walk(each.url_patterns, path)
            continue
        names = tuple(each.pattern.converters)
        for name in names:
            path = re.sub(rf"<\w+:{name}>", f"<{name}>", path)
        yield Route(path, names, each.callback)
