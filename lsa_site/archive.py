"""The file of a backup: a zip archive with a manifest of its checksums.

    manifest.json                 format, time, counts, whether the documents are those of one
                                  moment, and the SHA-256 of every other member
    documents/<collection>.bson   documents one after another, as `mongodump` writes them
    media/<name>                  the files as they are stored
    kept/<name>                   those that only the trash and revisions know

Knows neither database nor storage: documents and files are handed in and given back.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any, NamedTuple, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bson import CodecOptions, decode_file_iter
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument

from core.times import isoformat, now

FORMAT = 1
MANIFEST = "manifest.json"
DOCUMENTS, SUFFIX = "documents/", ".bson"
MEDIA, KEPT = FOLDERS = ("media/", "kept/")
# Documents pass through undecoded, so that every type and order of theirs is kept.
RAW: CodecOptions = CodecOptions(document_class=RawBSONDocument)
_UNREADABLE = (BadZipFile, zlib.error, BSONError, EOFError)


class InvalidArchive(Exception):
    """Not a whole backup that can be read here; the message is one line."""


class Contents(NamedTuple):
    """What an archive holds: `documents` by collection, and how many `files`; whether the documents
    are those of `one_moment`, or were read while others may have written."""

    documents: dict[str, int]
    files: int
    one_moment: bool

    def __str__(self) -> str:
        read = "are of one moment" if self.one_moment else "were read while others may have written"
        counts = f"{sum(self.documents.values())} documents and {self.files} files"
        return f"{counts}; the documents {read}"


class ArchiveWriter:
    """An archive that is being written; the end of `with` makes it whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = ZipFile(file, "w")
        self._checksums: dict[str, str] = {}
        self._documents: dict[str, int] = {}
        self.one_moment = False

    def add_documents(self, collection: str, documents: Iterable[RawBSONDocument]) -> None:
        count = 0
        with self._member(_member_of(collection), ZIP_DEFLATED) as write:
            for document in documents:
                write(document.raw)
                count += 1
        self._documents[collection] = count

    def add_file(self, name: str, content: bytes) -> None:
        """Add a file under its name, which begins with one of the FOLDERS."""
        # Pictures are compressed already.
        with self._member(name, ZIP_STORED) as write:
            write(content)

    def __contains__(self, name: str) -> bool:
        """Whether a file of that name was added."""
        return name in self._checksums

    @property
    def contents(self) -> Contents:
        files = len(self._checksums) - len(self._documents)
        return Contents(self._documents, files, self.one_moment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: Any) -> None:
        with self._zip:
            if kind is None:
                manifest = json.dumps(self._manifest(), indent=1)
                self._zip.writestr(_described(MANIFEST, ZIP_DEFLATED), manifest)

    def _manifest(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "created_at": isoformat(now()),
            "documents": self._documents,
            "one_moment": self.one_moment,
            "sha256": self._checksums,
        }

    @contextmanager
    def _member(self, name: str, compression: int) -> Iterator[Callable[[bytes], object]]:
        digest = sha256()
        with self._zip.open(_described(name, compression), "w", force_zip64=True) as member:

            def write(chunk: bytes) -> None:
                digest.update(chunk)
                member.write(chunk)

            yield write
        self._checksums[name] = digest.hexdigest()


def _described(name: str, compression: int) -> ZipInfo:
    info = ZipInfo(name, now().timetuple()[:6])
    info.compress_type = compression
    info.external_attr = 0o600 << 16  # for whoever unpacks it by hand
    return info


class ArchiveReader:
    """An archive that is there; `with` closes it. Raises `InvalidArchive`, OSError."""

    def __init__(self, path: Path) -> None:
        with _readable():
            self._zip = ZipFile(path)
            manifest = json.loads(self._zip.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise InvalidArchive(f"it has format {manifest['format']}, not {FORMAT}")
            self._checksums: dict[str, str] = dict(manifest["sha256"])
            self._documents: dict[str, int] = dict(manifest["documents"])
            self._one_moment = bool(manifest.get("one_moment"))  # earlier ones do not say

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._zip.close()

    @property
    def contents(self) -> Contents:
        return Contents(self._documents, len(self.file_names()), self._one_moment)

    def file_names(self) -> list[str]:
        """The names of all files, each with its folder."""
        return [name for name in self._checksums if name.startswith(FOLDERS)]

    def open_file(self, name: str) -> IO[bytes]:
        return self._zip.open(name)

    def documents(self, collection: str) -> Iterator[RawBSONDocument]:
        """The documents of a collection; none where the archive does not have it."""
        if collection in self._documents:
            with self._zip.open(_member_of(collection)) as member:
                yield from decode_file_iter(member, RAW)

    def verify(self) -> None:
        """Read everything and compare it with the manifest."""
        with _readable():
            self._verify_names()
            for name, checksum in self._checksums.items():
                with self._zip.open(name) as member:
                    if file_digest(member, "sha256").hexdigest() != checksum:
                        raise InvalidArchive(f"{name} is not what was backed up")
            for collection, count in self._documents.items():
                if sum(1 for _ in self.documents(collection)) != count:
                    raise InvalidArchive(f"{collection} has not the {count} documents it had")

    def _verify_names(self) -> None:
        expected = [MANIFEST, *map(_member_of, self._documents), *self.file_names()]
        if (
            not sorted(self._zip.namelist())
            == sorted(expected)
            == sorted([MANIFEST, *self._checksums])
        ):
            raise InvalidArchive("its members are not those of its manifest")


def _member_of(collection: str) -> str:
    return f"{DOCUMENTS}{collection}{SUFFIX}"


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever a damaged file makes its readers raise is `InvalidArchive`."""
    try:
        yield
    except (*_UNREADABLE, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise InvalidArchive(str(error) or type(error).__name__) from error
