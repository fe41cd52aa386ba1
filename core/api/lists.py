"""Reading a list over HTTP: its parameters, its page, and the answer.

The parameters are fields of a serializer, made from what a `Listing` declares.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from bson import ObjectId
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import cursors
from core.api.envelope import answer
from core.api.fields import LineField, MomentField, OneOf, SearchField, StrictBooleanField
from core.api.pagination import Selection, describe_page, read_page
from core.api.serializers import StrictSerializer
from core.database.documents import BaseDocument
from core.database.filters import (
    MAX_IDS,
    Address,
    Before,
    ChangedSince,
    Choice,
    Exact,
    Filter,
    Flag,
    Ids,
    Reference,
    Since,
    State,
    Tag,
    Word,
)
from core.database.listing import (
    EVERYTHING,
    MAX_LIMIT,
    MAX_SEARCH_LENGTH,
    MAX_SKIP,
    Listing,
    ListQuery,
    Scope,
)
from core.database.positions import Position
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


class IdList(serializers.CharField):
    """Ids of documents, comma-separated."""

    default_error_messages = {
        "invalid_ids": _("Give at most {most} ids of 24 hex characters, comma-separated."),
    }

    def to_internal_value(self, data: str) -> list[ObjectId]:
        ids = [text.strip() for text in data.split(",", MAX_IDS)]
        if len(ids) > MAX_IDS or not all(map(ObjectId.is_valid, ids)):
            self.fail("invalid_ids", most=MAX_IDS)
        return [ObjectId(text) for text in ids]


class Slug(serializers.CharField):
    """Small letters, digits and hyphens."""

    default_error_messages = {
        "invalid_slug": _("Enter at most {most} small letters, digits and hyphens."),
    }

    def to_internal_value(self, data: str) -> str:
        if not re.fullmatch(r"[a-z0-9-]+", data) or len(data) > self.max_length:
            self.fail("invalid_slug", most=self.max_length)
        return data


class OneId(serializers.CharField):
    """The id of a document."""

    default_error_messages = {"invalid_id": _("An ID is a string of 24 hex characters.")}

    def to_internal_value(self, data: str) -> ObjectId:
        if not ObjectId.is_valid(data):
            self.fail("invalid_id")
        return ObjectId(data)


class OneWord(serializers.CharField):
    """A name of small letters, dots and underscores."""

    default_error_messages = {"invalid_word": _("Enter small letters, dots and underscores.")}

    def to_internal_value(self, data: str) -> str:
        if not re.fullmatch(r"[a-z._]{1,80}", data):
            self.fail("invalid_word")
        return data


class OneTag(LineField):
    """One tag: it has no comma."""

    default_error_messages = {"comma": _("A tag has no comma. Give one tag.")}

    def to_internal_value(self, data: str) -> str:
        tag = super().to_internal_value(data)
        if "," in tag:
            self.fail("comma")
        return tag


class Cursor(serializers.CharField):
    """Where the page before ended, as `next` of that page gives it."""

    default_error_messages = {
        "invalid_cursor": _("This is no cursor of this list. Take it from `next`."),
    }

    def __init__(self, listing: Listing, document: type[BaseDocument], **kwargs: Any) -> None:
        self.listing, self.document = listing, document
        super().__init__(**kwargs)

    def to_internal_value(self, data: str) -> Position:
        try:
            position = cursors.read(data, self.document.collection_name())
        except ValueError:
            self.fail("invalid_cursor")
        if position.ordering not in self.listing.orderings:
            self.fail("invalid_cursor")
        return position


# --- The parameters of a list ----------------------------------------------------------


def _field(kind: Filter) -> serializers.Field:
    """The field that reads the values of a kind of filter."""
    match kind:
        case State():
            return OneOf(kind.choices, default=kind.default, label=kind.label)
        case Address():
            return serializers.EmailField(required=False, label=kind.label)
        case Choice():
            choices = [("all", _("All")), *kind.choices]
            return SomeOf(choices, default="all", label=kind.label)
        case Flag():
            return Truth(required=False, label=kind.label)
        case Ids():
            return IdList(required=False, label=kind.label, help_text="Only these, where found.")
        case Exact():
            return Slug(max_length=kind.max_length, required=False, label=kind.label)
        case Reference():
            return OneId(required=False, label=kind.label)
        case Word():
            return OneWord(required=False, label=kind.label)
        case Tag():
            return OneTag(max_length=kind.max_length, required=False, label=kind.label)
        case Since() | Before() | ChangedSince():
            return Moment(required=False, label=kind.label)
    raise TypeError(f"no field reads a {type(kind).__name__}")


class QuerySerializer(StrictSerializer):
    """The query parameters of a list; `serializer` is that of its items."""

    default_error_messages = {
        "unknown": _("Unknown parameter. Allowed are: {allowed}."),
        "either": _("Give either `cursor` or `skip`."),
        "ordering": _("This cursor goes on in another order: {ordering}."),
    }

    def __init__(self, listing: Listing, serializer: type) -> None:
        self.listing, self.serializer = listing, serializer
        super().__init__()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "skip": WholeNumber(
                min_value=0,
                max_value=MAX_SKIP,
                required=False,
                help_text="How many to pass over. Where it is given, `next` goes on by it.",
            ),
            "cursor": Cursor(
                self.listing,
                self.serializer.Meta.model,
                required=False,
                help_text="Go on where a page ended: `next` has it. Not with `skip`.",
            ),
            "limit": WholeNumber(
                min_value=1,
                max_value=MAX_LIMIT,
                default=self.listing.default_limit,
                help_text="How many at most.",
            ),
            "ordering": OneOf(
                self._orderings(),
                required=False,
                label=_("Order"),
                help_text=f"`-` reverses. {self.listing.default_ordering} unless told.",
            ),
            **self._search(),
            "fields": Names(
                self.serializer.names(),
                required=False,
                help_text="Show only these fields, comma-separated; `id` is always shown.",
            ),
            "count": Truth(default=True, help_text="`false`: do not count `total`."),
            **{each.name: _field(each) for each in self.listing.filters},
        }

    def _search(self) -> dict[str, serializers.Field]:
        """Words are looked for where the list has text."""
        if not self.listing.searched:
            return {}
        return {
            "search": SearchField(
                max_length=MAX_SEARCH_LENGTH,
                allow_blank=True,
                trim_whitespace=False,
                default="",
                label=_("Search"),
                help_text=f"Every word must begin a word of: {', '.join(self.listing.searched)}",
            ),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A cursor goes on in its own order, and from its own place."""
        position = attrs.get("cursor")
        if position and "skip" in attrs:
            refusal = [self.error_messages["either"]]
            raise serializers.ValidationError({"cursor": refusal, "skip": refusal})
        if position and attrs.get("ordering", position.ordering) != position.ordering:
            refusal = self.error_messages["ordering"].format(ordering=position.ordering)
            raise serializers.ValidationError({"cursor": [refusal]})
        return attrs

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
    left empty. A page for people is shorter than what a program gets, and says which it is."""
    params = request.query_params.copy()
    for name, values in request.query_params.lists():
        if not any(value.strip(" ") for value in values):
            del params[name]
    if request.accepted_renderer.format == "api":
        params.setdefault("limit", str(PAGE_SIZE))
        if "cursor" not in params:
            params.setdefault("skip", "0")
    return params


def read_query(request: Request, listing: Listing, serializer: type) -> ListQuery:
    """The query that the parameters ask for; `fields` may choose from `serializer`'s.

    Raises `Invalid`, DRF's ValidationError.
    """
    params = asked_for(request)
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


def answer_list(
    request: Request,
    listing: Listing,
    serializer: type,
    message: str,
    *,
    query: ListQuery | None = None,
    scope: Scope = EVERYTHING,
) -> Response:
    """One page of the documents that `serializer` shows, as they are asked for within a scope.

    A view whose scope depends on the `query` reads it first. `page` of the response is what was
    read, to be held against what is read later.
    """
    query = query or read_query(request, listing, serializer)
    selection = Selection.of(serializer.Meta.model.collection(), listing, query, scope)
    page = read_page(selection, serializer.projection(query.names))
    items = [serializer.represent(raw, query.names) for raw in page.items]
    response = answer(items, message, meta=describe_page(request, selection, page))
    if page.total is not None:
        response["X-Total-Count"] = str(page.total)
    response.page = page
    return response
