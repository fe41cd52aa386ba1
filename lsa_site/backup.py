"""Backups: the whole service as one archive, and the service from such an archive.

A file never changes under its name and goes only after the documents that name it; on the move it
is in its new place before it leaves the old one. So documents read between two looks at the
storages find their files in the archive, also when the site was in use meanwhile.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import pymongo
from bson.raw_bson import RawBSONDocument
from mongoengine.connection import get_db
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from content.pictures import files, storage
from content.pictures.storage import PLACES, Place
from core.database import connection, indexes, transactions
from core.database.documents import BaseDocument
from lsa_site.archive import (
    KEPT,
    MEDIA,
    RAW,
    ArchiveReader,
    ArchiveWriter,
    Contents,
    InvalidArchive,
)

BATCH = 500
DRAFT = "restoring_"
Moment = Callable[[], AbstractContextManager[ClientSession | None]]
FOLDERS = {Place.PUBLIC: MEDIA, Place.KEPT: KEPT}


def create(path: Path) -> Contents:
    """Write an archive, which appears under its name once it is whole, in place of an older one.

    Its documents are those of one moment, where the database can show them for as long as it takes.
    Raises OSError, `StorageUnavailable`.
    """
    try:
        return _write(path, transactions.one_moment)
    except transactions.MomentLost:
        return _write(path, nullcontext)


def _write(path: Path, moment: Moment) -> Contents:
    with (
        _whole_file(path) as file,
        ArchiveWriter(file) as archive,
        pymongo.timeout(connection.NO_LIMIT),
    ):
        _add_files(archive)
        with moment() as session:
            archive.one_moment = session is not None
            for name in _lasting():
                found = _raw(name).find({}, sort=[("_id", 1)], session=session)
                archive.add_documents(name, found)
        _add_files(archive)
    return archive.contents


def verify(path: Path) -> Contents:
    """Read a whole archive, and nothing else. Raises `InvalidArchive`, OSError."""
    with _verified(path) as archive:
        return archive.contents


def restore(path: Path) -> list[str]:
    """Put what an archive holds in place of what is there; report in lines.

    Until all of it has arrived, the documents that were there stay. Files that it does not
    hold are left for `prune_media`. Raises `InvalidArchive`, OSError, `StorageUnavailable`.
    """
    with pymongo.timeout(connection.NO_LIMIT):
        with _verified(path) as archive, _targets() as targets:
            for name, target in targets.items():
                _fill(target, archive.documents(name))
            _restore_files(archive)
            for name, target in targets.items():
                if target.name != name:
                    target.rename(name, dropTarget=True)
        _forget_what_passes()
        _look_where_files_lie()
    return indexes.ensure_indexes()


def _lasting() -> dict[str, type[BaseDocument]]:
    """The documents that a backup keeps, by the names of their collections."""
    return {d.collection_name(): d for d in BaseDocument.all_stored() if d.is_lasting}


def _raw(name: str) -> Collection[RawBSONDocument]:
    return get_db().get_collection(name, codec_options=RAW)


def _add_files(archive: ArchiveWriter) -> None:
    for place, folder in FOLDERS.items():
        for name in storage.stored_files(place):
            if folder + name not in archive:
                try:
                    archive.add_file(folder + name, storage.read(name, place))
                except FileNotFoundError:  # removed or moved since
                    continue


def _restore_files(archive: ArchiveReader) -> None:
    for member in archive.file_names():
        with archive.open_file(member) as file:
            place, name = _place_of(member)
            storage.replace(name, file.read(), place)


def _place_of(member: str) -> tuple[Place, str]:
    """Where a file of the archive lay, and its name there."""
    place, folder = next(pair for pair in FOLDERS.items() if member.startswith(pair[1]))
    return place, member.removeprefix(folder)


def _look_where_files_lie() -> None:
    """What was on the move, or lies in the other place by now, is for the worker to bring home."""
    public, kept = (set(storage.stored_files(place)) for place in PLACES)
    files.note({storage.original_of(name) for name in public & kept}, transaction=None)


@contextmanager
def _whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner may read and that appears when it is written whole."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with NamedTemporaryFile(
        dir=path.parent, prefix=f"{path.name}.", suffix=".partial", delete=False
    ) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


@contextmanager
def _verified(path: Path) -> Iterator[ArchiveReader]:
    with ArchiveReader(path) as archive:
        archive.verify()
        if unknown := sorted(archive.contents.documents.keys() - _lasting().keys()):
            raise InvalidArchive(f"this version knows no {', '.join(unknown)}")
        for member in archive.file_names():
            _, name = _place_of(member)
            if storage.file_name(name) != name:
                raise InvalidArchive(f"{member} is no name of a picture")
        yield archive


@contextmanager
def _targets() -> Iterator[dict[str, Collection[RawBSONDocument]]]:
    """Empty collections to fill, by the names that they are for; as empty again after a failure.

    Where nothing is to stay it is the collection itself, else one beside it: to rename one, the
    embedded database copies each document, which takes it ten times as long as to insert it.
    """
    targets = {name: _raw(name if _is_empty(name) else f"{DRAFT}{name}") for name in _lasting()}
    try:
        for name, target in targets.items():
            if target.name != name:
                target.drop()  # a killed restore may have left it
            # While it is empty: it takes the place of the other with all its indexes, and no
            # moment passes in which a second document of the same name could slip in.
            list(indexes.create(_lasting()[name], target))
        yield targets
    except BaseException:
        for name, target in targets.items():
            if target.name == name:
                target.delete_many({})
        raise
    finally:
        for name, target in targets.items():
            if target.name != name:
                target.drop()


def _is_empty(name: str) -> bool:
    return _raw(name).find_one({}, {"_id": 1}) is None


def _fill(target: Collection[RawBSONDocument], documents: Iterable[RawBSONDocument]) -> None:
    found = iter(documents)
    while batch := list(islice(found, BATCH)):
        target.insert_many(batch)


def _forget_what_passes() -> None:
    """Sessions of other users, counters and the like have no place beside what was restored."""
    for document in BaseDocument.all_stored():
        if not document.is_lasting:
            document.collection().delete_many({})
