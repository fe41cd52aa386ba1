"""Renditions and metadata for pictures that have none, as the earlier service left them."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from bson import ObjectId
from pymongo.errors import OperationFailure

from content.pictures import files, storage
from content.pictures.cleaning import clean
from content.pictures.documents import all_picture_fields, meta_field, shows_files
from core.database import connection
from core.database.command import SiteCommand
from core.database.documents import BaseDocument, Raw
from core.errors import StorageUnavailable
from core.progress import Progress


class UnreadableError(Exception):
    """A stored picture that cannot be described; the message says why."""


class Pending(NamedTuple):
    """A document whose picture nothing is known of."""

    document: type[BaseDocument]
    field: str
    id: ObjectId
    stored: str

    def __str__(self) -> str:
        return f"{self.document.collection_name()} {self.id}: {self.stored}"


class Command(SiteCommand):
    help = (
        "Make the renditions and metadata of pictures that have none, such as those of the "
        "earlier service; afterwards their image_meta or logo_meta is not null. The files "
        "themselves stay as they are. It can be stopped at any time and goes on where it was."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        connection.wait_until_ready()
        done = failed = 0
        progress = Progress(self.stdout, total=count_pending())
        for picture in pending():
            try:
                done += describe(picture)
            except (UnreadableError, OperationFailure) as error:
                failed += 1
                progress.interrupt(self.stderr, f"{picture}: {error}")
            progress.advance()
        progress.finish()
        self.stdout.write(f"{done} pictures rendered, {failed} could not be.")


def count_pending() -> int:
    return sum(document.collection().count_documents(query) for document, _, query in _queries())


def pending() -> Iterator[Pending]:
    for document, field, query in _queries():
        # The ids first: rendering takes longer than a cursor lives.
        for key in [raw["_id"] for raw in document.collection().find(query, {"_id": 1})]:
            fields = [field, *getattr(document, "SHOWS_FILES_BY", ())]
            raw = document.collection().find_one(query | {"_id": key}, fields)
            # What is in the trash has its turn when it comes back.
            if raw and shows_files(document, raw):
                yield Pending(document, field, key, raw[field])


def _queries() -> Iterator[tuple[type[BaseDocument], str, Raw]]:
    for document, field in all_picture_fields():
        yield document, field, {field: {"$type": "string"}, meta_field(field): None}


def describe(picture: Pending) -> bool:
    """Record what is known of a picture; False where it was changed in the meantime.

    Raises `UnreadableError`, OperationFailure where the document cannot take it, and
    `StorageUnavailable`.
    """
    known = _known_elsewhere(picture.stored)
    meta, is_recorded = known or _rendered(picture.stored), False
    try:
        is_recorded = files.record_meta(
            picture.document, picture.id, picture.field, picture.stored, meta
        )
    finally:
        if not (is_recorded or known):
            storage.remove(r["name"] for r in meta["renditions"])
    original = storage.file_name(picture.stored)
    if is_recorded and original:  # which may have gone to the trash meanwhile
        files.note([original], transaction=None)
        files.settle([original])
    return is_recorded


def _known_elsewhere(stored: str) -> Raw | None:
    """What another document knows of the same file: the earlier service shared some."""
    for document, field in all_picture_fields():
        meta = meta_field(field)
        raw = document.collection().find_one({field: stored, meta: {"$ne": None}}, {meta: 1})
        if raw:
            return raw[meta]
    return None


def _rendered(stored: str) -> Raw:
    """What is known of a stored file whose renditions are now stored too."""
    content = _content(stored)
    try:
        return storage.save_renditions(stored, clean.render(BytesIO(content)))
    except StorageUnavailable:  # on a full disk no other picture would fare better
        raise
    except clean.InvalidImage as error:
        raise UnreadableError(str(error)) from error
    except Exception as error:  # however odd one file is, the others have their turn
        raise UnreadableError(f"{type(error).__name__}: {error}") from error


def _content(stored: str) -> bytes:
    name = storage.file_name(stored)
    if name is None:
        raise UnreadableError("not a file of this service")
    try:
        return storage.read(name)
    except FileNotFoundError as error:
        raise UnreadableError("the file is missing") from error
    except StorageUnavailable as error:
        raise UnreadableError(str(error.__cause__)) from error
