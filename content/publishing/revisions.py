"""What an item was after each change: who made it, when, and which fields it concerned."""

from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from django.conf import settings
from mongoengine import DateTimeField, DictField, IntField, ListField, ObjectIdField, StringField
from pymongo.client_session import ClientSession

from content.pictures import files
from content.pictures.documents import PictureNamesField, meta_field, picture_fields
from content.publishing import earlier, states, text
from content.publishing.documents import ContentDocument
from core.database.documents import BaseDocument, Raw, version_of
from core.errors import NotFound
from core.events import Actor

# What is no part of what a person wrote.
NOT_KEPT: Final = frozenset(
    {*("_id", "version", "created_at", "updated_at"), *("author", "author_name", "author_id")}
    | {*("pending", "former_slugs")}
)
# What a restoration leaves as it is.
STAYS: Final = frozenset({"status", "published_at", "slug", "trashed_at", "trashed_by"})


class Revision(BaseDocument):
    """The state of an item after one change, less what is derived from it.

    `by` is null where it is not known who left it so. `pictures` are the files it shows, which are
    kept as long as it is. `text_version` is that of the renderer of its text.
    """

    resource = StringField(required=True)
    item_id = ObjectIdField(required=True)
    version = IntField(required=True)
    at = DateTimeField(required=True)
    by = DictField()
    changed = ListField(StringField())
    status = StringField(required=True)
    item = DictField()
    text_version = IntField()
    pictures = PictureNamesField()

    meta = {
        "collection": "revisions",
        "indexes": [
            {"fields": ["item_id", "-version"], "unique": True},
            {"fields": ["pictures"], "sparse": True},
        ],
    }

    @classmethod
    def shows_files(cls, raw: Raw) -> bool:
        return False


def revision(
    document: type[ContentDocument],
    after: Raw,
    changed: list[str],
    actor: Actor | None,
    at: datetime,
) -> Raw:
    """A new revision, not yet kept."""
    return {
        "_id": ObjectId(),
        "resource": document.collection_name(),
        "item_id": after["_id"],
        "version": version_of(after),
        "at": at,
        "by": actor and {"id": actor.id, "name": actor.name},
        "changed": changed,
        "status": states.state_of(after, at),
        "item": kept_of(document, after),
        "text_version": after.get("text_version"),
        "pictures": sorted(files.named_by(document, after)),
    }


def kept_of(document: type[ContentDocument], raw: Raw) -> Raw:
    """What a revision keeps of an item."""
    left_out = NOT_KEPT | document.derived_names()
    return {key: raw[key] for key in document.declared_fields().keys() & raw.keys() - left_out}


def changed_fields(document: type[ContentDocument], before: Raw, after: Raw) -> list[str]:
    """The names of the fields that differ, in the order of their declaration, as answers name
    them: a move to the trash is one of the status."""
    old, new = kept_of(document, before), kept_of(document, after)
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    metas = set(map(meta_field, picture_fields(document)))
    if differing & {"trashed_at", "trashed_by"}:
        differing = differing - {"trashed_at", "trashed_by"} | {"status"}
    return [name for name in document.declared_fields() if name in differing - metas]


def is_known(item_id: ObjectId, transaction: ClientSession | None) -> bool:
    """Whether anything is kept of an item."""
    found = Revision.collection().find_one({"item_id": item_id}, {"_id": 1}, session=transaction)
    return found is not None


def keep(revision: Raw, *, transaction: ClientSession | None) -> None:
    """Keep a revision; one of the same version that is there already stays."""
    same = {key: revision[key] for key in ("item_id", "version")}
    fields = {key: value for key, value in revision.items() if key not in same}
    Revision.collection().update_one(
        same, {"$setOnInsert": fields}, upsert=True, session=transaction
    )


def prune(item_id: ObjectId, *, transaction: ClientSession | None) -> set[str]:
    """Remove all but the newest `REVISIONS_KEPT`; gives the pictures that they showed."""
    old = Revision.collection().find(
        {"item_id": item_id},
        {"pictures": 1},
        sort=[("version", -1)],
        skip=settings.REVISIONS_KEPT,
        session=transaction,
    )
    return _remove(list(old), transaction)


def remove_all(item_id: ObjectId, *, transaction: ClientSession | None) -> set[str]:
    """Remove what is kept of an item; gives the pictures that it showed."""
    found = Revision.collection().find({"item_id": item_id}, {"pictures": 1}, session=transaction)
    return _remove(list(found), transaction)


def _remove(revisions: list[Raw], transaction: ClientSession | None) -> set[str]:
    if revisions:
        ids = [each["_id"] for each in revisions]
        Revision.collection().delete_many({"_id": {"$in": ids}}, session=transaction)
    return {name for each in revisions for name in each.get("pictures", ())}


def of_version(item_id: ObjectId, version: int, transaction: ClientSession | None = None) -> Raw:
    """One revision of an item. Raises `NotFound`."""
    found = Revision.collection().find_one(
        {"item_id": item_id, "version": version}, session=transaction
    )
    if found is None:
        raise NotFound
    return found


def of_item(item_id: ObjectId) -> list[Raw]:
    """All revisions of an item, newest first, less the item."""
    return list(
        Revision.collection().find({"item_id": item_id}, {"item": 0}, sort=[("version", -1)])
    )


def before_version(item_id: ObjectId, version: int) -> Raw | None:
    """The newest revision that is older than a version; None where none is kept."""
    where = {"item_id": item_id, "version": {"$lt": version}}
    return Revision.collection().find_one(where, sort=[("version", -1)])


def item_of(document: type[ContentDocument], raw: Raw, revision: Raw) -> Raw:
    """A stored item as it was in a version of it."""
    names = ("_id", "author", "author_name", "author_id", "created_at")
    stamps = {"version": revision["version"], "updated_at": revision["at"]}
    item = {name: raw[name] for name in names if name in raw} | revision["item"] | stamps
    is_plain = revision.get("text_version") == text.PLAIN
    shown = earlier.shown(document, item) if is_plain else document.rendered(item)
    return item | shown | {states.KEY: states.visible_from(item)}


def values_of(document: type[ContentDocument], revision: Raw) -> dict[str, Any]:
    """The fields as they were then, for a restoration: those that it does not keep are absent."""
    names = document.declared_fields().keys() - NOT_KEPT - STAYS - document.derived_names()
    return {name: revision["item"].get(name) for name in names}
