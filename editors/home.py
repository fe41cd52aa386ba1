"""The front page: to the public what is new, to those who write what there is to do."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from bson import ObjectId
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.credentials.sessions import Principal
from accounts.roles import Ability
from content.permissions import may_change
from content.publishing.documents import ContentDocument
from content.publishing.revisions import Revision
from content.publishing.states import DRAFT, KEY, TRASHED, Sight, public
from content.urls import router
from core.database.documents import Raw
from core.database.listing import Clause
from core.times import now
from editors.items import Card, ShownItem

SHOWN = 5  # of each kind of content, and of each part of the page
# Among how many that changed lately a missing alt text is looked for.
LOOKED_AT = 50
NAMES = ("author_id", "status", KEY, "updated_at", "published_at", "trashed_at", "version")


class Entry(NamedTuple):
    title: str
    url: str
    kind: Any
    at: datetime | None
    by: str = ""


class Board(NamedTuple):
    """What there is to do. `trash` leads to the lists of what lies there, with how many."""

    drafts: list[Entry]
    scheduled: list[Entry]
    undescribed: list[Entry]
    changed: list[Entry]
    trash: list[Entry]


class Shelf(NamedTuple):
    """One kind of content: its documents, and where its list is."""

    document: type[ContentDocument]
    serializer: type
    title: Any
    url: str

    def found(self, where: Clause, *, by: str, more: tuple[str, ...] = ()) -> Iterator[Raw]:
        """The latest by a stored time, with what an entry tells."""
        names = dict.fromkeys((*NAMES, self.document.LISTING.title, *more), 1)
        found = self.document.collection().find(where, names, sort=[(by, -1), ("_id", -1)])
        return found.limit(LOOKED_AT if more else SHOWN)

    def entry(self, raw: Raw, at: datetime | None, by: str = "") -> Entry:
        title = self.document.title_of(raw) or _("Untitled")
        return Entry(title, f"{self.url}/{raw['_id']}", self.title, at, by)


def shelves() -> Iterator[Shelf]:
    for _prefix, view, name in router.registry:
        serializer = view.serializer_class
        url = reverse(f"{name}-list")
        yield Shelf(serializer.Meta.model, serializer, view().get_view_name(), url)


def board(reader: Principal) -> Board:
    return Board(
        drafts=_latest(_in_state({KEY: DRAFT, "author_id": reader.id}, by="updated_at")),
        scheduled=list(_scheduled(reader))[:SHOWN],
        undescribed=_latest(_undescribed(reader)),
        changed=_latest(_changed(reader)),
        trash=list(_trash(reader)),
    )


def _latest(entries: Iterator[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.at.timestamp(), reverse=True)[:SHOWN]


def _own(reader: Principal) -> Clause:
    return {} if reader.may(Ability.CHANGE_ALL) else {"author_id": reader.id}


def _in_state(where: Clause, *, by: str) -> Iterator[Entry]:
    for shelf in shelves():
        for raw in shelf.found(where, by=by):
            yield shelf.entry(raw, raw[by])


def _scheduled(reader: Principal) -> list[Entry]:
    """What comes first stands first."""
    where = {KEY: {"$gt": now(), "$lt": DRAFT}} | _own(reader)
    return sorted(_in_state(where, by=KEY), key=lambda entry: entry.at.timestamp())


def _undescribed(reader: Principal) -> Iterator[Entry]:
    """Pictures without an alt text among what changed lately and the reader may change."""
    for shelf in shelves():
        pairs = [(alt.removesuffix("_alt"), alt) for alt in shelf.document.alt_fields()]
        more = tuple(name for pair in pairs for name in pair)
        for raw in shelf.found({KEY: {"$ne": TRASHED}} | _own(reader), by="updated_at", more=more):
            lacks = any(raw.get(picture) and not raw.get(alt) for picture, alt in pairs)
            if lacks and may_change(reader, raw):
                yield shelf.entry(raw, _changed_at(raw))


def _changed(reader: Principal) -> Iterator[Entry]:
    for shelf in shelves():
        found = list(shelf.found(Sight(reader).clause(now()), by="updated_at"))
        people = _people(found)
        for raw in found:
            yield shelf.entry(raw, _changed_at(raw), people.get(raw["_id"], ""))


def _changed_at(raw: Raw) -> datetime:
    at = raw.get("updated_at")
    return at if isinstance(at, datetime) else raw["_id"].generation_time


def _people(found: list[Raw]) -> dict[ObjectId, str]:
    """Who made the present version of each."""
    versions = [{"item_id": raw["_id"], "version": raw.get("version", 0)} for raw in found]
    if not versions:
        return {}
    kept = Revision.collection().find({"$or": versions}, {"item_id": 1, "by": 1})
    return {each["item_id"]: each["by"]["name"] for each in kept if each.get("by")}


def _trash(reader: Principal) -> Iterator[Entry]:
    for shelf in shelves():
        count = shelf.document.collection().count_documents({KEY: TRASHED} | _own(reader))
        if count:
            yield Entry(str(count), f"{shelf.url}?state=trashed", shelf.title, None)


def newest() -> list[Card]:
    """What the public sees first: the newest of each kind."""
    return [
        ShownItem(shelf.serializer(), shelf.serializer.represent(raw, names)).card(shelf.url)
        for shelf in shelves()
        for names in (shelf.serializer.listed(),)
        for raw in shelf.document.collection()
        .find(public(now()), shelf.serializer.projection(names), sort=[(KEY, -1), ("_id", -1)])
        .limit(2)
    ]
