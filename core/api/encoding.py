"""Text as it arrives over HTTP: UTF-8, and nothing guessed.

Django replaces bytes that are not UTF-8 in query strings and forms by U+FFFD: a name would be
stored with a hole in it, and one wrong byte of a password would be as good as another.
"""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.permissions import SAFE_METHODS

from core.api.exception_handler import respond
from core.errors import ApplicationError

FORM = "application/x-www-form-urlencoded"


class NotUtf8(ApplicationError):
    code = "malformed_request"
    message = _("The request is not in UTF-8.")


class StrictTextMiddleware:
    """Refuses query strings and urlencoded forms that are not UTF-8 (400), and bodies in an
    encoding that nobody here reads (415). Media types are compared without regard to case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            self._check(request)
        except (ApplicationError, UnsupportedMediaType) as refusal:
            return respond(refusal)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        query = request.META.get("QUERY_STRING")
        if query and not is_utf8(query.encode("latin-1")):
            raise NotUtf8
        if request.method in SAFE_METHODS:
            return
        encoding = request.headers.get("Content-Encoding", "identity")
        if encoding.lower() != "identity":
            raise UnsupportedMediaType(f"{request.content_type}, {encoding}")
        # DRF compares the header as it came; a boundary's case counts.
        kind, semicolon, parameters = request.META.get("CONTENT_TYPE", "").partition(";")
        request.META["CONTENT_TYPE"] = f"{kind.lower()}{semicolon}{parameters}"
        if request.content_type == FORM and not is_utf8(request.body):
            raise NotUtf8


def is_utf8(quoted: bytes) -> bool:
    """Whether percent-encoded bytes are text in UTF-8."""
    try:
        unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError:
        return False
    return True
