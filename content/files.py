"""Serving stored pictures, where no proxy does: safely, and cached for good."""

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest

from content import storage
from lsa_site.api import errors
from lsa_site.api.errors import NotFound

# The type is ours to say, whatever the bytes claim.
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}
HEADERS = {
    # A name is never used twice, so what it names never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def serve(request: HttpRequest, name: str) -> FileResponse:
    """One stored picture; anything else is 404."""
    if request.method not in ("GET", "HEAD"):
        return errors.respond(errors.MethodNotAllowed())
    stored = storage.file_name(f"{storage.FOLDER}/{name}")
    content_type = TYPES.get(name.rpartition(".")[2].lower())
    if stored is None or content_type is None:
        return errors.respond(NotFound())
    try:
        file = default_storage.open(stored)
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation):
        return errors.respond(NotFound())
    return FileResponse(file, content_type=content_type, headers=HEADERS)
