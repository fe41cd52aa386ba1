"""Serving stored pictures, where no proxy does: safely, and cached for good."""

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from content.pictures import storage
from core.api import conditional
from core.api.exception_handler import respond
from core.errors import (
    ApplicationError,
    MethodNotAllowed,
    NotFound,
)

HEADERS = {
    # A name is never used twice, so what it names never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


# So that another method is told to be one (405), not taken for a forged form (403).
@csrf_exempt
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """One stored picture; anything else is 404."""
    if request.method not in ("GET", "HEAD"):
        return respond(MethodNotAllowed())
    try:
        file = _opened(f"{storage.FOLDER}/{name}")
    except ApplicationError as error:
        return respond(error)
    tag = conditional.content_tag(name.encode())
    response = FileResponse(
        file, content_type=storage.content_type(name), headers=HEADERS | {"ETag": tag}
    )
    answer = get_conditional_response(request, etag=tag, response=response)
    if answer is not response:
        response.close()
    return answer


def _opened(path: str) -> File:
    """The file. Raises `NotFound`, `StorageUnavailable`."""
    name = storage.file_name(path)
    if name is None or storage.content_type(name) is None:
        raise NotFound
    try:
        return storage.open_file(name)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFound from error
