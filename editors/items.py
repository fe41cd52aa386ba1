"""Items as the pages for people show them: title, pictures, facts, cards.

All of it follows from the fields of a serializer: no resource is named here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers

from content.pictures.documents import meta_field
from content.pictures.fields import PictureMetaSerializer
from core.api.fields import HttpUrlField, IdField, LineField, WordsField
from core.links import is_link

# For programs only.
UNSHOWN = {"etag", "is_admin", "data"}
# Of no interest on a card.
STAMPS = {"updated_at", "version"}
EXCERPT = 200
Item = Mapping[str, Any]


class Picture(NamedTuple):
    """An image with its smaller renditions, for `<img srcset>`."""

    name: str
    url: str
    srcset: str
    width: int | None
    height: int | None


class Fact(NamedTuple):
    """One field of an item; `kind` says how it is written."""

    name: str
    label: Any
    kind: str
    value: Any


class Card(NamedTuple):
    title: str
    url: str
    picture: Picture | None
    badges: list[Any]
    facts: list[Fact]


class ShownItem:
    """An item with the fields of the serializer that wrote it."""

    def __init__(self, serializer: serializers.Serializer, item: Item) -> None:
        self.document = serializer.Meta.model
        self.fields = {name: f for name, f in serializer.fields.items() if name in item}
        self.item = item

    @property
    def heading(self) -> str | None:
        """The field that is an item's title: its first line of text."""
        return next((n for n, f in self.fields.items() if isinstance(f, LineField)), None)

    def title(self) -> str:
        return self.item.get(self.heading) or _("Untitled")

    def pictures(self) -> Iterator[Picture]:
        for name, field in self.fields.items():
            if isinstance(field, serializers.FileField) and self.item[name]:
                meta = self.item.get(meta_field(name)) or {}
                size = meta.get("width"), meta.get("height")
                yield Picture(name, self.item[name], meta.get("srcset", ""), *size)

    def facts(self) -> Iterator[Fact]:
        """The fields that are neither the title nor pictures, the id last."""
        for name, field in self.fields.items():
            is_picture = isinstance(field, serializers.FileField | PictureMetaSerializer)
            is_hidden = is_picture or name in UNSHOWN or isinstance(field, IdField)
            if name != self.heading and not is_hidden:
                yield fact_of(name, field, self.item[name])
        if "id" in self.fields:
            yield Fact("id", "ID", "text", self.item["id"])

    def badges(self) -> Iterator[Any]:
        """The few words that set one item of a list apart: choices, and what is not usual."""
        for name, field in self.fields.items():
            if name in UNSHOWN:
                continue
            value, usual = self.item[name], self.document.declared_fields().get(name)
            match field:
                case serializers.ChoiceField() if value:
                    yield field.choices.get(value, value)
                case serializers.BooleanField() if value is not getattr(usual, "default", False):
                    yield field.label if value else f"{field.label}: {_('No')}"

    def card(self, collection: str | None) -> Card:
        """An item of the list that lives at the path `collection`; None where it has no page."""
        return Card(
            title=self.title(),
            url=f"{collection}/{self.item['id']}" if collection else "",
            picture=next(self.pictures(), None),
            badges=list(self.badges()),
            facts=[shorten(fact) for fact in self.facts() if self._is_on_card(fact)],
        )

    def _is_on_card(self, fact: Fact) -> bool:
        is_badge = isinstance(
            self.fields[fact.name], serializers.ChoiceField | serializers.BooleanField
        )
        return not (is_badge or fact.kind == "nothing" or fact.name in STAMPS | {"id"})


def fact_of(name: str, field: serializers.Field, value: Any) -> Fact:
    """A field with its value; of a `table` the value is its rows of facts."""
    kind = "text"
    match field:
        case _ if value in (None, "", []):
            kind = "nothing"
        case serializers.BooleanField():
            value = _("Yes") if value else _("No")
        case serializers.DateTimeField():
            kind, value = "moment", parse_datetime(value)
        case serializers.ChoiceField():
            value = field.choices.get(value, value)
        case WordsField():
            value = ", ".join(value)
        case serializers.Serializer() if "name" in value:
            value = value["name"]
        case serializers.Serializer():
            kind, value = "table", [row_of(field, value)]
        case serializers.ListSerializer():
            kind, value = "table", [row_of(field.child, each) for each in value]
        case serializers.JSONField():
            kind, value = "code", orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
        case HttpUrlField() if is_link(value):
            kind = "link"
    return Fact(name, field.label, kind, value)


def row_of(serializer: serializers.Serializer, values: Item) -> list[Fact]:
    return [fact_of(name, field, values[name]) for name, field in serializer.fields.items()]


def shorten(fact: Fact) -> Fact:
    is_long = isinstance(fact.value, str) and len(fact.value) > EXCERPT
    return fact._replace(value=f"{fact.value[:EXCERPT]}…") if is_long else fact
