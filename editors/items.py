"""Items as the pages for people show them: title, pictures, facts, cards.

All of it follows from the fields of a serializer: no resource is named here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from django.utils.dateparse import parse_datetime
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from rest_framework import serializers

from content.pictures.documents import meta_field
from content.pictures.fields import PictureMetaSerializer
from content.publishing.documents import alt_field
from content.publishing.states import STATES
from core.api.fields import HttpUrlField, IdField, LineField, WordsField
from core.links import is_link
from core.times import isoformat, now
from editors.activity import news

# For programs only, or shown in another way.
UNSHOWN = {"etag", "is_admin", "data", "status", "version", "excerpt"}
# Of no interest on a card.
NOT_ON_CARDS = {"updated_at", "created_at", "slug", "tags", "author", "message_id"}
EXCERPT = 200
Item = Mapping[str, Any]


class Picture(NamedTuple):
    """An image with its smaller renditions, for `<img srcset>`."""

    name: str
    url: str
    srcset: str
    width: int | None
    height: int | None
    # In words, for those who cannot see it; blank where nobody wrote them yet.
    alt: str = ""
    is_described: bool = True

    @property
    def is_logo(self) -> bool:
        """One is shown whole, whatever its shape."""
        return self.name == "logo"


class Fact(NamedTuple):
    """One field of an item; `kind` says how it is written."""

    name: str
    label: Any
    kind: str
    value: Any


class State(NamedTuple):
    """Whether the public sees an item."""

    name: str
    label: Any


class Card(NamedTuple):
    """An item of a list. `is_to_come` is whether its publication is."""

    id: str
    title: str
    url: str
    picture: Picture | None
    state: State | None
    badges: list[Any]
    excerpt: str
    facts: list[Fact]
    etag: str
    is_to_come: bool


class ShownItem:
    """An item with the fields of the serializer that wrote it."""

    def __init__(self, serializer: serializers.Serializer, item: Item) -> None:
        self.document = serializer.Meta.model
        self.fields = {name: f for name, f in serializer.fields.items() if name in item}
        self.item = item

    @property
    def heading(self) -> str | None:
        """The field that is an item's title: its first line of text unless its document says."""
        named = getattr(self.document, "HEADING", None)
        if named in self.fields:
            return named
        return next((n for n, f in self.fields.items() if isinstance(f, LineField)), None)

    def title(self) -> str:
        return self.item.get(self.heading) or _("Untitled")

    def pictures(self) -> Iterator[Picture]:
        for name, field in self.fields.items():
            if isinstance(field, serializers.FileField) and self.item[name]:
                meta = self.item.get(meta_field(name)) or {}
                size = meta.get("width"), meta.get("height")
                alt = self.item.get(alt_field(name)) or ""
                shown = name, self.item[name], meta.get("srcset", ""), *size
                yield Picture(*shown, alt, bool(alt) or alt_field(name) not in self.fields)

    def state(self) -> State | None:
        if "status" not in self.fields or not hasattr(self.document, "TEXT"):
            return None
        name = self.item["status"]
        return State(name, dict(STATES)[name])

    def text(self) -> str:
        """The text as readers see it: cleaned when it was rendered."""
        return mark_safe(self.item.get(self._html_name()) or "")  # noqa: S308 (it was)

    def _html_name(self) -> str:
        return self.document.html_field() if hasattr(self.document, "html_field") else ""

    def facts(self) -> Iterator[Fact]:
        """The fields that are neither the title, nor the text, nor pictures, and not for
        programs."""
        elsewhere = UNSHOWN | {self.heading, self._html_name()}
        if self.text():
            elsewhere.add(self.document.TEXT)
        if self.item.get("author_name"):
            elsewhere.add("author")
        for name, field in self.fields.items():
            is_picture = isinstance(field, serializers.FileField | PictureMetaSerializer)
            if not (is_picture or name in elsewhere or isinstance(field, IdField)):
                yield fact_of(name, field, self.item[name])

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
        state = self.state()
        has_page = collection and not (state and state.name == "trashed")
        return Card(
            id=self.item["id"],
            title=self.title(),
            url=f"{collection}/{self.item['id']}" if has_page else "",
            # The files of what is in the trash are shown to nobody.
            picture=None if state and state.name == "trashed" else next(self.pictures(), None),
            state=state,
            badges=list(self.badges()),
            excerpt=self.item.get("excerpt") or "",
            facts=[shorten(fact) for fact in self.facts() if self._is_on_card(fact)],
            etag=self.item.get("etag", ""),
            is_to_come=(self.item.get("published_at") or "") > isoformat(now()),
        )

    def _is_on_card(self, fact: Fact) -> bool:
        field = self.fields[fact.name]
        is_badge = isinstance(field, serializers.ChoiceField | serializers.BooleanField)
        is_elsewhere = fact.name in NOT_ON_CARDS or fact.name.endswith("_alt")
        is_text = fact.name == getattr(self.document, "TEXT", None)
        is_nothing = fact.kind == "nothing" or (fact.kind == "number" and not fact.value)
        return not (is_badge or is_elsewhere or is_text or is_nothing)


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
            value = ", ".join(map(str, map(news, value) if field.allowed else value))
        case serializers.IntegerField():
            kind = "number"
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
