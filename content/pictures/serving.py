"""Serving stored pictures, where no proxy does: safely, and cached for good."""

from django.conf import settings
from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from content.pictures import storage
from core.api import conditional
from core.api.exception_handler import respond
from core.api.views import read_only
from core.errors import ApplicationError, NotFound

HEADERS = {
    "Cache-Control": settings.MEDIA_CACHE_CONTROL,
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@read_only
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """One stored picture; anything else is 404."""
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
