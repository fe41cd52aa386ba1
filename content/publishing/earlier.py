"""Items that the earlier service wrote: public ever since they were made, their text plain, and
what publishing needs of them is filled in once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from accounts.documents import User, normalise
from content.pictures import references
from content.publishing import slugs, states, text
from core.database import search
from core.database.documents import Raw, drop_odd_versions, made_at, update_to
from core.database.listing import SORT_KEY

BATCH: Final = 500
# What these names held before publishing counts as absent.
NAMES: Final = (
    *("status", "published_at", "visible_from", "due", "trashed_at", "trashed_by", "pending"),
    *("slug", "former_slugs", "tags", "tag_keys", "excerpt", "text_pictures", "text_version"),
)
# A class of content; this module stands below them.
Document = Any


# --- One item --------------------------------------------------------------------------


def ours(document: Document, raw: Raw) -> Raw:
    """A stored item in the terms of publishing."""
    if states.is_ours(raw):
        return raw
    plain = {key: raw[key] for key in raw.keys() - _foreign(document)}
    return plain | published(raw) | shown(document, raw)


def published(raw: Raw) -> Raw:
    made = made_at(raw)
    return {"status": "published", "published_at": made, "visible_from": made}


def shown(document: Document, raw: Raw) -> Raw:
    """Its text as plain text, until it is next changed."""
    plain = text.plain(document.text_of(raw))
    return {document.html_field(): plain.html, "excerpt": plain.excerpt, "text_version": text.PLAIN}


def filling(document: Document, raw: Raw, transaction: ClientSession | None = None) -> Raw:
    """What an earlier item lacks, None for what it has under our names; nothing for ours."""
    if states.is_ours(raw):
        return {}
    slug = slugs.free_one(document.collection(), document.title_of(raw), raw, transaction)
    nothing = dict.fromkeys(_foreign(document) & raw.keys())
    return nothing | published(raw) | shown(document, raw) | ({"slug": slug} if slug else {})


def _foreign(document: Document) -> set[str]:
    return {*NAMES, document.html_field(), *document.alt_fields()}


# --- Many ------------------------------------------------------------------------------


def upgrade(document: Document) -> Iterator[str]:
    """Fill in what earlier items lack, in batches, and render anew what an earlier renderer
    made; yields what an operator should know."""
    yield from drop_odd_versions(document)
    keys = ("author_id", "author_name", search.KEY, SORT_KEY, "created_at", states.KEY)
    lacking = {"$or": [{key: {"$exists": False}} for key in keys]}
    found = iter(document.collection().find(lacking))
    upgraded = replaced = 0
    while batch := list(islice(found, BATCH)):
        upgraded += len(batch)
        replaced += sum(bool(_replaced(document, raw)) for raw in batch)
        fill(document, batch)
    if upgraded:
        yield f"{document.collection_name()}: {upgraded} earlier documents brought up to date"
    if replaced:
        yield f"{document.collection_name()}: {replaced} had other things under names of ours"
    rendered = _render_anew(document)
    if rendered:
        yield f"{document.collection_name()}: {rendered} texts rendered anew"


def fill_some(document: Document) -> bool:
    """Fill in what the earlier service wrote beside; says whether there was anything."""
    batch = list(document.collection().find({states.KEY: None}).limit(BATCH))
    fill(document, batch)
    return bool(batch)


def fill(document: Document, batch: list[Raw]) -> None:
    if updates := list(_updates(document, batch)):
        document.collection().bulk_write(updates, ordered=False)
    for raw in batch:
        if not states.is_ours(raw):
            _publish(document, raw)


def _publish(document: Document, raw: Raw) -> None:
    """One by one, since each slug depends on those before."""
    same = {"_id": raw["_id"], states.KEY: raw.get(states.KEY)}
    for _attempt in range(3):
        values = filling(document, raw)
        try:
            document.collection().update_one(same, update_to(values))
            return
        except DuplicateKeyError:
            continue


def _replaced(document: Document, raw: Raw) -> set[str]:
    return set() if states.is_ours(raw) else _foreign(document) & raw.keys()


def _updates(document: Document, batch: list[Raw]) -> Iterable[UpdateOne]:
    """Updates that fill only what is still missing when they arrive."""
    authors = _authors({raw["author"] for raw in batch if raw.get("author")})
    for raw in batch:
        complete = document.complete(raw)
        user = authors.get(raw.get("author"), {})
        values = {
            "author_id": user.get("_id"),
            "created_at": complete["created_at"],
            "updated_at": complete["updated_at"],
        }
        for key in values.keys() - raw.keys():
            yield _filling(raw, key, {key: values[key]})
        if "author_name" not in raw:
            yield _filling(raw, "author_name", {"author_name": User.full_name_in(user)})
        found = document.LISTING.derived(raw)
        # All of it: what is there may follow a rule of an earlier version.
        for key in sorted(found.keys() - raw.keys())[:1]:
            yield _filling(raw, key, found)


def _filling(raw: Raw, lacking: str, values: Raw) -> UpdateOne:
    return UpdateOne({"_id": raw["_id"], lacking: {"$exists": False}}, {"$set": values})


def _authors(addresses: Iterable[str]) -> dict[str, Raw]:
    """The users with these addresses: in the same spelling or else, as names are unique
    without regard to case, in any."""
    keys = {address: normalise(address) for address in addresses}
    either = [{"email": {"$in": list(keys)}}, {"email_key": {"$in": list(keys.values())}}]
    names = ("email", "email_key", "full_name", "username")
    found = list(User.collection().find({"$or": either}, dict.fromkeys(names, 1)))
    exact = {user["email"]: user for user in found}
    in_any_case = {user.get("email_key"): user for user in found}
    return {name: exact.get(name, in_any_case.get(key, {})) for name, key in keys.items()}


def _render_anew(document: Document) -> int:
    """Render what an earlier version of the renderer made; gives how many."""
    outdated = {"text_version": {"$exists": True, "$nin": [text.PLAIN, text.VERSION]}}
    rendered = 0
    names = ("_id", document.TEXT, "text_version", "text_pictures")
    for raw in document.collection().find(outdated, dict.fromkeys(names, 1)):
        same = {key: raw.get(key) for key in names}
        update = {"$set": _rendered(document, raw), "$inc": {"version": 1}}
        rendered += document.collection().update_one(same, update).modified_count
    return rendered


def _rendered(document: Document, raw: Raw) -> Raw:
    """Nobody wrote anything, so no picture comes back that was withdrawn."""
    rendered = document.rendered(raw)
    new = set(rendered["text_pictures"]).difference(raw.get("text_pictures") or ())
    withdrawn = references.withdrawn(new)
    kept = [name for name in rendered["text_pictures"] if name not in withdrawn]
    return rendered | {"text_pictures": kept}
