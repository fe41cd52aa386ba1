"""Uploads as tests send them, and what lies in storage afterwards."""

import errno
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from content.pictures.local_storage import LocalStorage
from content.pictures.tests import corpus

TWO_HOURS = 2 * 60 * 60
FILES_OF_PHOTOGRAPH = 3  # the original, and renditions of 640 and 320 pixels
MEBIBYTE = 1024 * 1024


def upload(
    content: bytes, name: str = "foto.jpg", content_type: str = "image/jpeg"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=content_type)


def photograph(width: int = 700, height: int = 60) -> SimpleUploadedFile:
    """As large as it is by default, it becomes FILES_OF_PHOTOGRAPH files."""
    return upload(corpus.jpeg(width, height))


def raw_form(
    fields: dict[str, str], field: str, name: str, content: bytes, content_type: str
) -> dict[str, Any]:
    """A multipart request body with a file name that no client library would write."""
    parts = [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode()
        for key, value in fields.items()
    ]
    disposition = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
    head = f"{disposition}\r\nContent-Type: {content_type}\r\n\r\n".encode()
    parts.append(head + content)
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads"


def stored_files() -> set[str]:
    """The names in storage, as documents refer to them."""
    return {f"uploads/{path.name}" for path in folder().glob("*")}


def files_of(raw: dict[str, Any], field: str) -> set[str]:
    """The names of a stored document's picture and its renditions."""
    meta = raw.get(f"{field}_meta") or {"renditions": []}
    return {raw[field], *(rendition["name"] for rendition in meta["renditions"])}


def put(name: str, content: bytes = b"", *, age: float = 0) -> Path:
    """A file in the uploads folder that was last changed `age` seconds ago."""
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content or corpus.jpeg())
    make_older(path, age)
    return path


def make_older(path: Path, age: float) -> None:
    moment = time.time() - age
    os.utime(path, (moment, moment))


class FullDisk(LocalStorage):
    """A disk with room for so many files; half of the next one is written, as disks do."""

    def __init__(self, room_for: int, **options: Any) -> None:
        super().__init__(**options)
        self.room_for = room_for

    def _save(self, name: str, content: Any) -> str:
        if self.room_for == 0:
            data = content.read()
            super()._save(name, ContentFile(data[: len(data) // 2]))
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room_for -= 1
        return super()._save(name, content)


def fill_disk(settings: Any, *, room_for: int) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": f"{__name__}.{FullDisk.__name__}",
            "OPTIONS": {"room_for": room_for},
        }
    }
