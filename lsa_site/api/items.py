"""Items of any kind as the pages for people show them: title, pictures, facts, cards."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from lsa_site.api.labels import label

# What a card of a list tells, in this order, as far as the item has it.
SUMMARY = (
    "subtitle",
    "start_date",
    "email",
    "description",
    "content",
    "website_url",
    "author",
    "created_at",
)
TITLES = ("title", "name", "username")
EXCERPT = 200
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
Item = Mapping[str, Any]


class Link(NamedTuple):
    label: Any
    url: str


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


def item_title(item: Item) -> str:
    return next((item[name] for name in TITLES if item.get(name)), _("Untitled"))


def pictures(item: Item) -> Iterator[Picture]:
    """The pictures of an item: fields that have a `…_meta` beside them."""
    for name, url in item.items():
        if f"{name}_meta" in item and url:
            meta = item[f"{name}_meta"] or {}
            yield Picture(name, url, meta.get("srcset", ""), meta.get("width"), meta.get("height"))


def facts(item: Item) -> Iterator[Fact]:
    """The fields of an item that are neither its title nor its pictures, the id last."""
    apart = {"_id", "id", "title", "name"}
    for name in [*(name for name in item if name not in apart), "id"]:
        if name in item and not name.endswith("_meta") and f"{name}_meta" not in item:
            yield fact(name, item[name])


def fact(name: str, value: Any) -> Fact:
    match value:
        case None | "" | []:
            kind = "nothing"
        case bool():
            kind, value = "text", _("Yes") if value else _("No")
        case list():
            kind, value = "text", ", ".join(map(str, value))
        case str() if MOMENT.fullmatch(value):
            kind, value = "moment", parse_datetime(value)
        case str() if name.endswith("url") and value.startswith(("http://", "https://")):
            kind = "link"
        case str() if name.endswith("_type"):
            kind, value = "text", label(value)
        case _:
            kind = "text"
    return Fact(name, label(name), kind, value)


def badges(item: Item) -> Iterator[Any]:
    """The few words that set one item of a list apart."""
    if item.get("program_type"):
        yield label(item["program_type"])
    if item.get("is_admin"):
        yield label("is_admin")
    if item.get("is_active") is False:
        yield _("Not active")


def shorten(value: Any) -> Any:
    return f"{value[:EXCERPT]}…" if isinstance(value, str) and len(value) > EXCERPT else value


def make_card(item: Item, collection: str) -> Card:
    """An item of the list that lives at the path `collection`."""
    known = {fact.name: fact for fact in facts(item)}
    return Card(
        title=item_title(item),
        url=f"{collection}/{item['id']}",
        picture=next(pictures(item), None),
        badges=list(badges(item)),
        facts=[
            known[name]._replace(value=shorten(known[name].value))
            for name in SUMMARY
            if name in known and known[name].kind != "nothing"
        ],
    )
