"""Reading a list over HTTP: its parameters, its page, and the answer.

The parameters are fields of a serializer, made from what a `Listing` declares.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.envelope import answer
from core.api.fields import MomentField, OneOf, SearchField, StrictBooleanField
from core.api.pagination import describe_page, read_page
from core.api.serializers import StrictSerializer
from core.database.listing import (
    MAX_LIMIT,
    MAX_SEARCH_LENGTH,
    MAX_SKIP,
    Address,
    Before,
    Choice,
    Filter,
    Flag,
    Listing,
    ListQuery,
    Since,
)
from core.errors import Invalid

# How many items a page for people shows where the reader does not say.
PAGE_SIZE = 24


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
        return super().to_internal_value(re.sub(r"(:[\d.]+) (\d\d:?\d\d)$", r"\1+\2", data))


class SomeOf(OneOf):
    """One or several of the choices, comma-separated; `all` is all of them."""

    def get_default(self) -> list[str]:
        return []

    def to_internal_value(self, data: str) -> list[str]:
        chosen = [super(SomeOf, self).to_internal_value(word.strip()) for word in data.split(",")]
        return [] if "all" in chosen else list(dict.fromkeys(chosen))


class Names(serializers.CharField):
    """Some of the allowed names, comma-separated, in the order of the allowed ones."""

    default_error_messages = {"invalid_names": _("Choose from: {allowed}.")}

    def __init__(self, allowed: Iterable[str], **kwargs: Any) -> None:
        self.allowed = list(allowed)
        super().__init__(**kwargs)

    def run_validation(self, data: Any = serializers.empty) -> list[str] | None:
        if data is serializers.empty:
            return super().run_validation(data)
        names = {name.strip() for name in data.split(",")}
        if not names <= set(self.allowed):
            self.fail("invalid_names", allowed=", ".join(self.allowed))
        return [name for name in self.allowed if name in {*names, "id"}]


# --- The parameters of a list ----------------------------------------------------------


def _field(kind: Filter) -> serializers.Field:
    """The field that reads the values of a kind of filter."""
    match kind:
        case Address():
            return serializers.EmailField(required=False, label=kind.label)
        case Choice():
            choices = [("all", _("All")), *kind.choices]
            return SomeOf(choices, default="all", label=kind.label)
        case Flag():
            return Truth(required=False, label=kind.label)
        case Since() | Before():
            return Moment(required=False, label=kind.label)
    raise TypeError(f"no field reads a {type(kind).__name__}")


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
            "search": SearchField(
                max_length=MAX_SEARCH_LENGTH,
                allow_blank=True,
                trim_whitespace=False,
                default="",
                label=_("Search"),
                help_text=f"Every word must begin a word of: {', '.join(self.listing.searched)}",
            ),
            "fields": Names(
                self.serializer.names(),
                required=False,
                help_text="Show only these fields, comma-separated; `id` is always shown.",
            ),
            "count": Truth(default=True, help_text="`false`: do not count `total`."),
            **{each.name: _field(each) for each in self.listing.filters},
        }

    def _orderings(self) -> Iterator[tuple[str, Any]]:
        stored = self.serializer.Meta.model.declared_fields()
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


# --- Reading ---------------------------------------------------------------------------


def asked_for(request: Request) -> QueryDict:
    """The parameters of a list; blank ones count as absent, as forms send the boxes that were
    left empty. A page for people is shorter than what a program gets."""
    params = request.query_params.copy()
    for name, values in request.query_params.lists():
        if not any(value.strip(" ") for value in values):
            del params[name]
    if request.accepted_renderer.format == "api":
        params.setdefault("limit", str(PAGE_SIZE))
    return params


def read_query(listing: Listing, params: QueryDict, serializer: type) -> ListQuery:
    """The query that the parameters ask for; `fields` may choose from `serializer`'s.

    Raises `Invalid`, DRF's ValidationError.
    """
    if not params:
        return _unasked(listing, serializer)
    repeated = [name for name, values in params.lists() if len(values) > 1]
    if repeated:
        raise Invalid(errors={name: [str(_("Give this parameter once."))] for name in repeated})
    return listing.query(query_serializer(listing, serializer).run_validation(params.dict()))


@cache
def _unasked(listing: Listing, serializer: type) -> ListQuery:
    """The query of a list that is asked for without parameters, as most are: reading the
    defaults of all would take longer than the page's database driver."""
    return listing.query(query_serializer(listing, serializer).run_validation({}))


def answer_list(request: Request, listing: Listing, serializer: type, message: str) -> Response:
    """One page of the documents that `serializer` shows, as they are asked for."""
    query = read_query(listing, asked_for(request), serializer)
    collection = serializer.Meta.model.collection()
    page = read_page(collection, query, serializer.projection(query.names))
    items = [serializer.represent(raw, query.names) for raw in page.items]
    response = answer(items, message, meta=describe_page(request, query, page))
    if page.total is not None:
        response["X-Total-Count"] = str(page.total)
    return response
