"""The parameters of lists: fields that read one value each, as text of the query string."""

import re
from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import cursors
from core.api.fields import LineField, MomentField, OneOf, StrictBooleanField
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
from core.database.listing import Listing
from core.database.positions import Position


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

    pattern = "[a-z._]{1,80}"
    default_error_messages = {"invalid_word": _("Enter small letters, dots and underscores.")}

    def to_internal_value(self, data: str) -> str:
        if not re.fullmatch(self.pattern, data):
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


def field_of(kind: Filter) -> serializers.Field:
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
