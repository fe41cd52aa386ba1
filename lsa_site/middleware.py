"""What happens to every request before and after its view."""

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.gzip import GZipMiddleware
from rest_framework.permissions import SAFE_METHODS
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from core import errors
from core.api.exception_handler import respond
from core.database import embedded
from core.front.application import REFUSAL
from core.front.limits import body_limit

GetResponse = Callable[[HttpRequest], HttpResponse]

# A picture that was chosen is shown from blob: before it is sent.
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:{media}; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# Swagger UI and Redoc style themselves inline and work in blob: URLs.
DOCUMENTATION = {"docs", "redoc"}
DOCUMENTATION_POLICY = PAGE_POLICY + "; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:"
DATA_POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'"


def media_origin() -> str:
    """Where pictures come from, if not from here; with a space before it."""
    address = urljoin(settings.MEDIA_ORIGIN, default_storage.url("any"))
    scheme, host, *_path = urlsplit(address)
    return f" {scheme}://{host}" if host else ""


def policy_of(request: HttpRequest, response: HttpResponse) -> str:
    if not response.get("Content-Type", "").startswith("text/html"):
        return DATA_POLICY
    view = request.resolver_match and request.resolver_match.url_name
    return DOCUMENTATION_POLICY if view in DOCUMENTATION else PAGE_POLICY


class SecurityHeadersMiddleware:
    """A content security policy for pages and another for data, where a view set none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.media = media_origin()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = policy_of(request, response).format(media=self.media)
        response.setdefault("Content-Security-Policy", policy)
        response.setdefault("X-Frame-Options", "DENY")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Django's, which would compress pictures too, and parts of files."""

    TYPES = re.compile(r"text/|application/(json|javascript|xml)|image/svg")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == 206 or not self.TYPES.match(response.get("Content-Type", "")):
            return response
        return super().process_response(request, response)


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, without the ranges that it reads wrongly: it takes no last bytes (`-0`) for all
    of them, and refuses a range of one byte. The whole file is a right answer to any range
    (RFC 9110, 14.2)."""

    NO_LAST_BYTES = re.compile(r"bytes=\s*-0+")

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("HTTP_RANGE", "").strip()
        if not StaticFilesMiddleware.NO_LAST_BYTES.fullmatch(asked):
            response = WhiteNoiseMiddleware.serve(static_file, request)
            if response.status_code != 416:
                return response
        request.META.pop("HTTP_RANGE", None)
        return WhiteNoiseMiddleware.serve(static_file, request)


class EnvelopeMiddleware:
    """Completes what Django answers by itself: it refuses with an empty body (405 of its own
    views and of static files, 412), and gives a 304 a length."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match response.status_code:
            case 304:
                # It would be that of the answer that is not sent (RFC 9110, 8.6).
                del response["Content-Length"]
            case 405 if not response.getvalue():
                return respond(errors.MethodNotAllowed(headers={"Allow": response["Allow"]}))
            case 412 if not response.getvalue():
                return respond(errors.PreconditionFailed())
        return response


class TrailingSlashMiddleware:
    """Answers `/programs/` as `/programs`, without a redirect, which would lose a POST body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.path_info) > 1 and request.path_info.endswith("/"):
            request.path_info = request.path_info[:-1]
            request.path = request.path[:-1]
        return self.get_response(request)


class BodyMiddleware:
    """Answers what the front refuses; refuses a body that is too large or breaks off.

    The front has seen to bodies by then. Where there is none (`runserver`, tests) what breaks
    off would be taken for all there is, and a half article saved; the end of a chunked body
    cannot be told from a break there, so a body must say its length.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            self._check(request)
        except errors.ApplicationError as refusal:
            return respond(refusal)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        if refusal := request.META.get(REFUSAL):
            raise refusal
        if request.method in SAFE_METHODS:
            return
        declared = request.META.get("CONTENT_LENGTH") or "0"
        length = int(declared) if declared.isdecimal() else 0
        if not length and "HTTP_TRANSFER_ENCODING" in request.META:
            raise errors.LengthRequired
        limit = body_limit(request.path_info, request.META.get("CONTENT_TYPE", ""))
        if length > limit:
            raise errors.BodyTooLarge(limit)
        try:
            is_whole = len(request.body) == length
        except UnreadablePostError:
            is_whole = False
        if not is_whole:
            raise errors.BodyIncomplete


class FullDiskMiddleware:
    """Refuses to write while the disk under the embedded database is nearly full."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS and embedded.is_embedded():
            try:
                embedded.check_room()
            except embedded.DiskFullError as error:
                return respond(error)
        return self.get_response(request)
