"""What a list may be asked: its parameters as a serializer, made from what a `Listing` declares."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from mongoengine import DateTimeField
from rest_framework import serializers

from core.api.fields import OneOf, SearchField
from core.api.parameters import Cursor, Names, Truth, WholeNumber, field_of
from core.api.serializers import StrictSerializer
from core.database.listing import MAX_LIMIT, MAX_SEARCH_LENGTH, MAX_SKIP, Listing

# How people say in which order times and words stand; reversed is the second.
OF_TIMES = (_("oldest first"), _("newest first"))
OF_WORDS = (_("A to Z"), _("Z to A"))


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
            **{each.name: field_of(each) for each in self.listing.filters},
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
            field, is_reversed = stored[value.lstrip("-")], value.startswith("-")
            words = OF_TIMES if isinstance(field, DateTimeField) else OF_WORDS
            yield value, format_lazy("{}: {}", field.verbose_name, words[is_reversed])


def query_serializer(listing: Listing, serializer: type) -> QuerySerializer:
    """The serializer of a list's parameters, ready to use."""
    return _made_once(listing, serializer, get_language())


@cache
def _made_once(listing: Listing, serializer: type, language: str) -> QuerySerializer:
    """It keeps nothing of a request but the language of some refusals."""
    return QuerySerializer(listing, serializer)
