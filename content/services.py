"""Writing content: the document and its files, together or not at all.

New files are stored before the document that names them and removed again where the
write fails; old ones go only after the database has agreed.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from bson import ObjectId
from mongoengine import ValidationError
from pymongo.errors import PyMongoError

from accounts import sessions
from accounts.sessions import Principal
from accounts.tokens import TokenError
from content import storage
from content.documents import RESOURCES, ContentDocument
from content.images import Picture
from lsa_site.api.documents import Raw
from lsa_site.api.errors import Invalid, NotFound, Unauthenticated
from lsa_site.mongo import may_have_happened

logger = logging.getLogger(__name__)
Document = type[ContentDocument]
Check = Callable[[Raw], None]


def create(document: Document, values: Raw, *, author: Principal) -> Raw:
    """Store a new document with its files. Raises `Invalid`, `StorageUnavailable` and, where the
    author is no active user any more, `Unauthenticated`."""
    document.check(values, values.keys())
    with _stored_pictures(document, values) as fields:
        owner = {"author": _current_email(author), "author_id": author.id}
        try:
            created = document(**fields, **owner, **document.derived(fields))
            created.save(force_insert=True)
        except ValidationError as error:
            raise Invalid(errors={k: [str(v)] for k, v in error.to_dict().items()}) from error
    return created.to_mongo().to_dict()


def _current_email(author: Principal) -> str:
    """Asked for at the last moment: large pictures take seconds, in which people may change."""
    try:
        return sessions.active_user(author.id)["email"]
    except TokenError as error:
        raise Unauthenticated from error


def change(document: Document, id: ObjectId, values: Raw, *, check: Check) -> Raw:
    """Write only these fields and what follows from them; gives the new state.

    `check` sees the state that is about to be changed and may raise. Raises `NotFound`,
    `Invalid`, `StorageUnavailable`.
    """
    with _stored_pictures(document, values) as fields:

        def plan(before: Raw) -> Raw:
            check(before)
            merged = before | fields
            document.check(merged, fields.keys())
            return fields | document.derived(merged)

        before, after = document.change(id, plan)
    _discard(before, [name for name in document.picture_fields() if name in fields])
    return after


def delete(document: Document, id: ObjectId, *, check: Check) -> None:
    """Remove a document, and its files where nothing else refers to them.

    `check` sees the state that is about to go and may raise. Raises `NotFound`.
    """
    while True:
        before = document.collection().find_one({"_id": id})
        if before is None:
            raise NotFound
        check(before)
        state = {"_id": id, "version": before.get("version")}
        if document.collection().delete_one(state).deleted_count:
            break
    _discard(before, document.picture_fields())


def record_meta(document: Document, id: ObjectId, field: str, stored: str, meta: Raw) -> bool:
    """Record what is known of a picture, as long as it is still this one; says whether it was.

    Nobody edited anything, so `updated_at` stays.
    """
    update = {"$set": {meta_field(field): meta}, "$inc": {"version": 1}}
    same_picture = {"_id": id, field: stored}
    return document.collection().update_one(same_picture, update).matched_count == 1


@contextmanager
def _stored_pictures(document: Document, values: Raw) -> Iterator[Raw]:
    """The values with each picture stored and named; a failure within removes the files."""
    fields, names = dict(values), []
    try:
        for key, value in values.items():
            if isinstance(value, Picture):
                fields[key], meta = storage.save(value)
                fields[meta_field(key)] = meta
                names += storage.all_names(fields[key], meta)
            elif key in document.picture_fields():  # taken away
                fields[meta_field(key)] = None
        yield fields
    except Exception as error:
        _undo(names, error)
        raise


def meta_field(picture_field: str) -> str:
    """The field beside a picture that says what is known of it."""
    return f"{picture_field}_meta"


def _undo(names: list[str], error: Exception) -> None:
    """Remove new files, unless the database may have taken the write before it went away."""
    if may_have_happened(error):
        logger.warning("Left for prune_media, the write may have happened: %s", names)
    else:
        storage.remove(names)


def _discard(before: Raw, picture_fields: Iterable[str]) -> None:
    """Remove the files that a document referred to and nothing refers to any more."""
    for field in picture_fields:
        stored = before.get(field)
        if stored:
            names = storage.all_names(stored, before.get(meta_field(field)))
            storage.remove(_unused(names))


def _unused(names: list[str]) -> set[str]:
    """The names that no document refers to; none where the database cannot say, since the
    write that asks has succeeded all the same."""
    try:
        return set(names) - in_use(names)
    except PyMongoError:
        logger.exception("Left for prune_media: %s", names)
        return set()


def in_use(names: Iterable[str]) -> set[str]:
    """Those of the files that a document refers to, in either spelling."""
    originals = {original for name in names for original in (name, storage.original_of(name))}
    spellings = [spelling for name in originals for spelling in storage.spellings(name)]
    return {
        name
        for document in RESOURCES
        for field in document.picture_fields()
        for raw in document.collection().find(
            {field: {"$in": spellings}}, {field: 1, meta_field(field): 1}
        )
        for name in storage.all_names(raw[field], raw.get(meta_field(field)))
    }.intersection(names)
