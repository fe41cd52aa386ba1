"""Pictures in Django's storages: naming, saving, addressing, removing.

What may be seen lies in the default storage, and what only the trash and revisions know in another
one, under the same name, that nothing serves. A rendition is named after its original, so that
from any file's name one can find the documents that may refer to it.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage, storages

from content.pictures.cleaning.clean import Picture, Rendition
from core.errors import StorageUnavailable
from core.links import is_harmless

logger = logging.getLogger(__name__)

FOLDER = "uploads"


class Place(StrEnum):
    """Where a file lies or belongs: the names of the two storages, and nowhere."""

    PUBLIC = "default"
    KEPT = "kept"
    GONE = "gone"

    @property
    def storage(self) -> Storage:
        return storages[self]


PLACES = (Place.PUBLIC, Place.KEPT)
# How the earlier service stored the address of what lies in our folder.
EARLIER_PREFIX = "/static/uploads/"
# The type is ours to say, whatever the bytes claim.
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}
MAX_NAME_BYTES = 255  # of a file, on every usual disk
_SAFE_NAME = re.compile(rf"{FOLDER}/(?!\.)([^/\\\x00]+)")
_RENDITION = re.compile(r"(.+)\.[0-9a-f]{8}\.[0-9]+\.webp")


def file_name(stored: str) -> str | None:
    """The storage's name for a stored value; None where it is no file of ours."""
    name = stored
    if stored.startswith(EARLIER_PREFIX):
        name = f"{FOLDER}/{stored.removeprefix(EARLIER_PREFIX)}"
    match = _SAFE_NAME.fullmatch(name)
    return name if match and len(match[1].encode()) <= MAX_NAME_BYTES else None


def spellings(name: str) -> list[str]:
    """The values by which documents may refer to a file."""
    return [name, EARLIER_PREFIX + name.removeprefix(f"{FOLDER}/")]


def original_of(name: str) -> str:
    """The original that a rendition was made from; any other file is its own."""
    match = _RENDITION.fullmatch(name)
    return match[1] if match else name


def content_type(name: str) -> str | None:
    """The type of a stored file; None where it is no picture."""
    return TYPES.get(name.rpartition(".")[2].lower())


def url(stored: str) -> str:
    """The address of a file; the earlier service's are shown as they are stored.

    A path, or a full URL where `MEDIA_URL`, an object store or `ABSOLUTE_MEDIA` gives one. Raises
    ValueError about what no browser should be sent to.
    """
    address = default_storage.url(stored) if stored.startswith(f"{FOLDER}/") else stored
    if not is_harmless(address):
        raise ValueError("its scheme is neither http nor https")
    return settings.MEDIA_ORIGIN + address if address.startswith("/") else address


def new_name(picture: Picture) -> str:
    """A name for a picture that was never used before."""
    stamp = f"{datetime.now(UTC):%Y%m%d_%H%M%S}_{token_hex(8)}"
    return f"{FOLDER}/{stamp}.{picture.extension}"


def save(name: str, picture: Picture) -> dict[str, Any]:
    """Store a picture under this new name, and its renditions; gives what is known of it.

    Raises `StorageUnavailable`, and then nothing of it is left.
    """
    renditions = _named(name, picture.renditions)
    _store({name: picture.content} | {new: r.content for new, r in renditions.items()})
    return _description(name, picture, renditions)


def save_renditions(stored: str, picture: Picture) -> dict[str, Any]:
    """Store the renditions of a file that is there already; gives what is known of it.

    Raises `StorageUnavailable`, ValueError where there is no room for their names behind that of
    the file; then nothing of them is left.
    """
    renditions = _named(file_name(stored), picture.renditions)
    if not all(map(file_name, renditions)):
        raise ValueError("the name of the file is too long")
    _store({name: r.content for name, r in renditions.items()})
    return _description(stored, picture, renditions)


def _named(original: str, renditions: Iterable[Rendition]) -> dict[str, Rendition]:
    """Names that were never used before: what a browser has cached under one stays true."""
    token = token_hex(4)
    return {f"{original}.{token}.{r.width}.webp": r for r in renditions}


def _store(files: Mapping[str, bytes]) -> None:
    try:
        with available():
            for name, content in files.items():
                save_as(Place.PUBLIC, name, content)
    except Exception:
        remove(files)
        raise


@contextmanager
def available(*passing: type[Exception]) -> Iterator[None]:
    """Storages have exceptions of their own; all but the `passing` are `StorageUnavailable`."""
    try:
        yield
    except passing:
        raise
    except Exception as error:
        raise StorageUnavailable from error


def save_as(place: Place, name: str, content: bytes) -> None:
    """Store a file under a name that is free. Storages have exceptions of their own."""
    file = ContentFile(content)
    file.content_type = content_type(name)  # object stores keep it with the file
    if (given := place.storage.save(name, file)) != name:
        place.storage.delete(given)
        raise FileExistsError(f"{name} is there already")


def _description(
    stored: str, picture: Picture, renditions: Mapping[str, Rendition]
) -> dict[str, Any]:
    return {
        "name": stored,
        "width": picture.width,
        "height": picture.height,
        "format": picture.format,
        "size": len(picture.content),
        "animated": picture.animated,
        "placeholder": picture.placeholder,
        "renditions": [
            {"name": name, "width": r.width, "height": r.height} for name, r in renditions.items()
        ],
    }


def replace(name: str, content: bytes, place: Place = Place.PUBLIC) -> None:
    """Store a file under exactly this name. Raises `StorageUnavailable`."""
    with available():
        place.storage.delete(name)
        save_as(place, name, content)


def clear() -> None:
    """Delete all pictures. Raises `StorageUnavailable`."""
    for place in PLACES:
        for name in stored_files(place):
            with available():
                place.storage.delete(name)


def stored_files(place: Place = Place.PUBLIC) -> list[str]:
    """The names of all pictures that are stored; folders and hidden files are not ours.

    Raises `StorageUnavailable`.
    """
    try:
        with available(FileNotFoundError):
            _, names = place.storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [name for each in sorted(names) if (name := file_name(f"{FOLDER}/{each}"))]


def open_file(name: str) -> File:
    """A public file. Raises FileNotFoundError, IsADirectoryError, `StorageUnavailable`."""
    with available(FileNotFoundError, IsADirectoryError):
        return default_storage.open(name)


def read(name: str, place: Place = Place.PUBLIC) -> bytes:
    """The content of a file. Raises FileNotFoundError, `StorageUnavailable`."""
    with available(FileNotFoundError), place.storage.open(name) as file:
        return file.read()


def remove(names: Iterable[str]) -> None:
    """Delete files that nobody has seen yet; what cannot be deleted now is logged."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception as error:
            logger.error("Could not delete %s: %s", name, error)


def all_names(stored: Any, meta: Any) -> list[str]:
    """The files of one picture: its original and its renditions.

    None where the earlier service stored anything else than a name of ours, and the original
    alone where it stored something of its own beside.
    """
    original = file_name(stored) if isinstance(stored, str) else None
    if original is None:
        return []
    try:
        return [original, *(rendition["name"] for rendition in meta["renditions"])]
    except (LookupError, TypeError):
        return [original]
