"""The files of documents, and the one rule for where they lie.

A file is in the public storage exactly when something that is shown refers to it, in the kept
storage when only the trash or revisions do, and else gone. Whatever may change that notes the
files in the same transaction and settles them once the database has agreed. A process that is
killed in between leaves the note, and the worker settles them.

New files are stored before the document that names them, with a note that is due in an hour, and
removed again where the write fails.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bson import ObjectId
from mongoengine.connection import get_connection
from pymongo.client_session import ClientSession

from content.pictures import checks, moves, references, storage
from content.pictures.cleaning import clean
from content.pictures.documents import meta_field, picture_fields
from core.database.documents import BaseDocument, Raw
from core.database.failures import DATABASE_ERRORS, describe, may_have_happened
from core.database.transactions import has_transactions
from core.errors import InvalidFile, StorageUnavailable
from core.metrics import PICTURES

logger = logging.getLogger(__name__)

named_by = references.named_by


@contextmanager
def stored(document: type[BaseDocument], values: Raw) -> Iterator[Raw]:
    """The values with each upload decoded, stored and named; a failure within removes the files.

    Raises `InvalidFile`, `StorageUnavailable`.
    """
    fields, new = dict(values), []
    try:
        for key in picture_fields(document):
            if isinstance(upload := values.get(key), clean.Source):
                with _timed():
                    picture = _decoded(key, upload)
                    new.append(name := storage.new_name(picture))
                    checks.expect(name)
                    fields[key], fields[meta_field(key)] = name, storage.save(name, picture)
            elif key in values:  # taken away
                fields[meta_field(key)] = None
        yield fields
    except Exception as error:
        _undo(new, fields, error)
        raise
    _forget(new)


@contextmanager
def _timed() -> Iterator[None]:
    started, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "stored"
    except InvalidFile:
        outcome = "refused"
        raise
    finally:
        PICTURES.labels(outcome).observe(time.perf_counter() - started)


def _decoded(field: str, upload: clean.Source) -> clean.Picture:
    try:
        return clean.process(upload)
    except clean.InvalidImage as error:
        raise InvalidFile(str(error), errors={field: [str(error)]}) from error


def _undo(new: list[str], fields: Raw, error: Exception) -> None:
    """Remove new files, unless the database may have taken the write before it went away."""
    if may_have_happened(error):
        logger.warning("Left for the worker, the write may have happened: %s", new)
        return
    metas = [value for value in fields.values() if isinstance(value, dict)]
    for meta in metas:
        if meta.get("name") in new:
            storage.remove(storage.all_names(meta["name"], meta))
    settle(new)


def _forget(new: list[str]) -> None:
    try:
        if new:
            checks.forget(new)
    except DATABASE_ERRORS as error:  # the write that stored them has succeeded all the same
        logger.warning("Left for the worker: %s: %s", new, describe(error))


def note(names: Iterable[str], *, transaction: ClientSession | None) -> None:
    """Note, with a change and in its transaction, the originals whose references it may alter.

    Where the server has no transactions, before the change. Whoever makes the change calls `settle`
    afterwards with the same names. Database errors pass through.
    """
    checks.ask(references.originals(names), transaction=transaction)


def settle(names: Iterable[str]) -> None:
    """Bring what was noted to where it belongs; what fails is logged and left for the worker.

    Where somebody else is at it there is nothing to do: they see the note and look again.
    """
    for name in references.originals(names):
        try:
            if not has_transactions(get_connection()):
                # Somebody may have seen the note and not yet the change that it went before.
                checks.ask([name], transaction=None)
            while check := checks.claim(name):
                _mend(check)
        except StorageUnavailable as error:
            logger.error("Left for the worker: %s: %s", name, error.__cause__)
        except DATABASE_ERRORS as error:
            logger.error("Left for the worker: %s: %s", name, describe(error))


def mend_next() -> bool:
    """Settle the files of the note that has been due for longest; says whether there was one.

    Raises `StorageUnavailable`; database errors pass through.
    """
    check = checks.claim_due()
    if check:
        _mend(check)
    return check is not None


def _mend(check: Raw) -> None:
    try:
        moves.bring_home(check["_id"], references.places, lambda: checks.is_held(check))
    except moves.NoLongerOursError:
        return
    except StorageUnavailable:
        checks.put_off(check)
        raise
    checks.finish(check)


def record_meta(
    document: type[BaseDocument], id: ObjectId, field: str, stored_name: str, meta: Raw
) -> bool:
    """Record what is known of a picture, as long as it is still this one; says whether it was.

    Nobody edited anything, so `updated_at` stays.
    """
    update = {"$set": {meta_field(field): meta}, "$inc": {"version": 1}}
    same_picture = {"_id": id, field: stored_name}
    return document.collection().update_one(same_picture, update).matched_count == 1
