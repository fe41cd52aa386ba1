"""One declaration per resource of what a list may be asked.

From a `Listing` follow the accepted query parameters, their validation, the OpenAPI
document, the browsable forms and the indexes. What is not declared is refused by name, so
no operator and no private field ever reaches the database.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from lsa_site.api import search
from lsa_site.api.errors import Invalid
from lsa_site.api.fields import LineField, MomentField, StrictBooleanField
from lsa_site.api.serializers import StrictSerializer

Clause = dict[str, Any]
MAX_SKIP = 1_000_000
MAX_LIMIT = 1000
MAX_SEARCH_LENGTH = 200


# --- What a parameter may be -----------------------------------------------------------


class WholeNumber(serializers.IntegerField):
    """Digits only: Python's `int` also takes signs, spaces, underscores and other scripts."""

    default_error_messages = {
        "invalid": _("Enter a whole number from {minimum} to {maximum}."),
    }

    def to_internal_value(self, data: str) -> int:
        is_number = re.fullmatch(r"[0-9]{1,9}", data)
        if not is_number or not self.min_value <= int(data) <= self.max_value:
            self.fail("invalid", minimum=self.min_value, maximum=self.max_value)
        return int(data)


class Truth(StrictBooleanField):
    """`true` or `false`, and no other spelling: one address for one list."""

    def to_internal_value(self, data: str) -> bool:
        if data not in ("true", "false"):
            self.fail("invalid", input=data)
        return data == "true"


class Moment(MomentField):
    """A time. In a query string a plus sign that was not encoded arrives as a space."""

    def to_internal_value(self, data: str) -> Any:
        return super().to_internal_value(data.replace(" ", "+"))


class OneOf(serializers.ChoiceField):
    """A choice that, where it refuses, tells what may be chosen."""

    def __init__(self, choices: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(choices, **kwargs)
        allowed = ", ".join(self.choices)
        self.error_messages["invalid_choice"] = format_lazy(_("Choose one of: {}."), allowed)


class Names(serializers.CharField):
    """Some of the allowed names, comma-separated, in the order of the allowed ones."""

    default_error_messages = {"invalid_names": _("Choose from: {allowed}.")}

    def __init__(self, allowed: Iterable[str], **kwargs: Any) -> None:
        self.allowed = list(allowed)
        super().__init__(allow_blank=True, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> list[str] | None:
        if data is serializers.empty:
            return super().run_validation(data)
        names = {name.strip() for name in data.split(",")}
        if not names <= set(self.allowed):
            self.fail("invalid_names", allowed=", ".join(self.allowed))
        return [name for name in self.allowed if name in {*names, "id"}]


# --- What a list may be asked ----------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list.

    `field` reads its value, `clause` turns that into the database's query. `equals` names
    the stored field where the filter is an equality, which an index can begin with.
    """

    name: str
    field: serializers.Field
    clause: Callable[[Any], Clause]
    equals: str | None = None


def address(name: str, **kwargs: Any) -> Filter:
    """Equality with an e-mail address."""
    field = serializers.EmailField(required=False, **kwargs)
    return Filter(name, field, lambda value: {name: value}, name)


def choice(name: str, choices: Iterable[str], **kwargs: Any) -> Filter:
    """Equality with one of some words; `all` is no filter."""
    field = OneOf([("all", _("All")), *choices], default="all", **kwargs)
    return Filter(name, field, lambda value: {} if value == "all" else {name: value}, name)


def flag(name: str, *, default: bool, **kwargs: Any) -> Filter:
    """A boolean; a document that lacks the field counts as `default`."""
    field = Truth(required=False, **kwargs)
    return Filter(
        name, field, lambda value: {name: {"$ne": not value} if value == default else value}
    )


def since(name: str, stored: str, **kwargs: Any) -> Filter:
    """The stored time is at or after a moment."""
    field = Moment(required=False, **kwargs)
    return Filter(name, field, lambda value: {stored: {"$gte": value}})


def before(name: str, stored: str, **kwargs: Any) -> Filter:
    """The stored time is earlier than a moment."""
    field = Moment(required=False, **kwargs)
    return Filter(name, field, lambda value: {stored: {"$lt": value}})


CREATED = (
    since("created_after", "created_at", label=_("Created from")),
    before("created_before", "created_at", label=_("Created before")),
)


class ListQuery(NamedTuple):
    """A list as asked for, in the database's terms."""

    where: Clause
    sort: list[tuple[str, int]]
    skip: int
    limit: int
    names: list[str] | None
    count: bool


@dataclass(frozen=True)
class Listing:
    """What may be asked of a list of documents.

    `ordering` names the sortable fields, `searched` the text fields whose words are
    searched, `default_limit` the page size when none is given.
    """

    searched: tuple[str, ...]
    ordering: tuple[str, ...] = ("created_at", "updated_at")
    filters: tuple[Filter, ...] = ()
    default_limit: int = MAX_LIMIT

    @property
    def orderings(self) -> list[str]:
        """The accepted values of `ordering`."""
        return [sign + name for name in self.ordering for sign in ("", "-")]

    def indexes(self) -> list[dict[str, Any]]:
        """Index declarations that serve every shape this list may be asked in.

        Each ordering has one, read in either direction; an equality filter's goes on in
        the default order, and search has its own.
        """
        orders = [(name, "_id") for name in self.ordering]
        equalities = [(f.equals, "created_at", "_id") for f in self.filters if f.equals]
        return [{"fields": list(keys)} for keys in (*orders, *equalities, (search.KEY,))]

    def parse(self, params: QueryDict, serializer: type) -> ListQuery:
        """Read query parameters. Raises `Invalid`, DRF's ValidationError.

        `serializer` writes the items: `fields` may choose from its fields.
        """
        repeated = [name for name, values in params.lists() if len(values) > 1]
        if repeated:
            raise Invalid(errors={name: [str(_("Give this parameter once."))] for name in repeated})
        given = query_serializer(self, serializer).run_validation(params.dict())
        clauses = [each.clause(given[each.name]) for each in self.filters if each.name in given]
        if given["search"].strip():
            clauses.append(search.clause(given["search"]))
        return ListQuery(
            where=_all(clauses),
            sort=_sort(given["ordering"]),
            skip=given["skip"],
            limit=given["limit"],
            names=given.get("fields"),
            count=given["count"],
        )


class QuerySerializer(StrictSerializer):
    """The query parameters of a list; `serializer` is that of its items."""

    default_error_messages = {"unknown": _("Unknown parameter. Allowed are: {allowed}.")}

    def __init__(self, listing: Listing, serializer: type) -> None:
        self.listing, self.serializer = listing, serializer
        super().__init__()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "skip": WholeNumber(
                min_value=0, max_value=MAX_SKIP, default=0, help_text="How many to pass over."
            ),
            "limit": WholeNumber(
                min_value=1,
                max_value=MAX_LIMIT,
                default=self.listing.default_limit,
                help_text="How many at most.",
            ),
            "ordering": OneOf(
                self._orderings(),
                default="-created_at",
                label=_("Order"),
                help_text="`-` reverses.",
            ),
            "search": LineField(
                max_length=MAX_SEARCH_LENGTH,
                allow_blank=True,
                trim_whitespace=False,
                default="",
                label=_("Search"),
                help_text=f"Every word must begin a word of: {', '.join(self.listing.searched)}",
            ),
            "fields": Names(
                self.serializer.shown(),
                required=False,
                help_text="Show only these fields, comma-separated; `id` is always shown.",
            ),
            "count": Truth(default=True, help_text="`false`: do not count `total`."),
            **{each.name: deepcopy(each.field) for each in self.listing.filters},
        }

    def _orderings(self) -> Iterator[tuple[str, Any]]:
        stored = self.serializer.Meta.model._fields
        for value in self.listing.orderings:
            arrow = "↓" if value.startswith("-") else "↑"
            yield value, format_lazy("{} {}", stored[value.lstrip("-")].verbose_name, arrow)


def query_serializer(listing: Listing, serializer: type) -> QuerySerializer:
    """The serializer of a list's parameters, ready to use."""
    return _made_once(listing, serializer, get_language())


@cache
def _made_once(listing: Listing, serializer: type, language: str) -> QuerySerializer:
    """It keeps nothing of a request but the language of some refusals."""
    return QuerySerializer(listing, serializer)


def _sort(ordering: str) -> list[tuple[str, int]]:
    """The ordering with the id as tie-break in the same direction."""
    direction = -1 if ordering.startswith("-") else 1
    return [(ordering.lstrip("-"), direction), ("_id", direction)]


def _all(clauses: Iterable[Clause]) -> Clause:
    given = [clause for clause in clauses if clause]
    if len(given) < 2:
        return given[0] if given else {}
    return {"$and": given}
