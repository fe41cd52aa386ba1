"""The files of documents: stored before the document that names them, removed after the last.

New files are stored first and removed again where the write fails; old ones go only after the
database has agreed, and only where no document refers to them.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bson import ObjectId
from pymongo.errors import PyMongoError

from content.pictures import storage
from content.pictures.cleaning import clean
from content.pictures.documents import all_picture_fields, meta_field, picture_fields
from core.database.documents import BaseDocument, Raw
from core.database.failures import may_have_happened
from core.errors import InvalidFile

logger = logging.getLogger(__name__)


@contextmanager
def stored(document: type[BaseDocument], values: Raw) -> Iterator[Raw]:
    """The values with each upload decoded, stored and named; a failure within removes the files.

    Raises `InvalidFile`, `StorageUnavailable`.
    """
    fields, names = dict(values), []
    try:
        for key in picture_fields(document):
            if isinstance(upload := values.get(key), clean.Source):
                fields[key], meta = storage.save(_decoded(key, upload))
                fields[meta_field(key)] = meta
                names += storage.all_names(fields[key], meta)
            elif key in values:  # taken away
                fields[meta_field(key)] = None
        yield fields
    except Exception as error:
        _undo(names, error)
        raise


def _decoded(field: str, upload: clean.Source) -> clean.Picture:
    try:
        return clean.process(upload)
    except clean.InvalidImage as error:
        raise InvalidFile(str(error), errors={field: [str(error)]}) from error


def _undo(names: list[str], error: Exception) -> None:
    """Remove new files, unless the database may have taken the write before it went away."""
    if may_have_happened(error):
        logger.warning("Left for prune_media, the write may have happened: %s", names)
    else:
        storage.remove(names)


def discard(before: Raw, fields: Iterable[str]) -> None:
    """Remove the files that a document referred to in these fields, where nothing does now."""
    for field in fields:
        if stored_name := before.get(field):
            names = storage.all_names(stored_name, before.get(meta_field(field)))
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
        for document, field in all_picture_fields()
        for raw in document.collection().find(
            {field: {"$in": spellings}}, {field: 1, meta_field(field): 1}
        )
        for name in storage.all_names(raw[field], raw.get(meta_field(field)))
    }.intersection(names)


def record_meta(
    document: type[BaseDocument], id: ObjectId, field: str, stored_name: str, meta: Raw
) -> bool:
    """Record what is known of a picture, as long as it is still this one; says whether it was.

    Nobody edited anything, so `updated_at` stays.
    """
    update = {"$set": {meta_field(field): meta}, "$inc": {"version": 1}}
    same_picture = {"_id": id, field: stored_name}
    return document.collection().update_one(same_picture, update).matched_count == 1
