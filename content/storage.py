"""Pictures in Django's default storage: naming, saving, addressing, removing."""

import logging
import re
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from content.images import Picture
from lsa_site.api.errors import StorageUnavailable

logger = logging.getLogger(__name__)

FOLDER = "uploads"
# How the earlier service stored the address of what lies in our folder.
EARLIER_PREFIX = "/static/uploads/"
_SAFE_NAME = re.compile(rf"{FOLDER}/(?!\.)[^/\\\x00]+")


def file_name(stored: str) -> str | None:
    """The storage's name for a stored value; None where it is no file of ours."""
    name = stored
    if stored.startswith(EARLIER_PREFIX):
        name = f"{FOLDER}/{stored.removeprefix(EARLIER_PREFIX)}"
    return name if _SAFE_NAME.fullmatch(name) else None


def spellings(name: str) -> list[str]:
    """The values by which documents may refer to a file."""
    return [name, EARLIER_PREFIX + name.removeprefix(f"{FOLDER}/")]


def url(stored: str) -> str:
    """The address of a file; the earlier service's are shown as they are stored."""
    return default_storage.url(stored) if stored.startswith(f"{FOLDER}/") else stored


def save(picture: Picture) -> tuple[str, dict[str, Any]]:
    """Store a picture and its renditions; gives the original's name and what is known of it.

    Raises `StorageUnavailable`, and then nothing of it is left.
    """
    stem = f"{FOLDER}/{datetime.now(UTC):%Y%m%d_%H%M%S}_{token_hex(8)}"
    name = f"{stem}.{picture.extension}"
    renditions = [
        {"name": f"{stem}_{r.width}.webp", "width": r.width, "height": r.height}
        for r in picture.renditions
    ]
    contents = [picture.content, *(r.content for r in picture.renditions)]
    names = [name, *(r["name"] for r in renditions)]
    try:
        for each, content in zip(names, contents, strict=True):
            default_storage.save(each, ContentFile(content))
    except Exception as error:
        remove(names)
        raise StorageUnavailable from error
    return name, {
        "width": picture.width,
        "height": picture.height,
        "format": picture.format,
        "size": len(picture.content),
        "placeholder": picture.placeholder,
        "renditions": renditions,
    }


def remove(names: list[str]) -> None:
    """Delete files; what cannot be deleted now is left for `prune_media` and logged."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:
            logger.exception("Could not delete %s", name)


def all_names(stored: str, meta: dict[str, Any] | None) -> list[str]:
    """The files of one picture: its original and its renditions."""
    original = file_name(stored)
    renditions = [r["name"] for r in (meta or {}).get("renditions", [])]
    return [original, *renditions] if original else []
