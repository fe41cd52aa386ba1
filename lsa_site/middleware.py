"""What happens to every request before and after its view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from lsa_site.api import errors

GetResponse = Callable[[HttpRequest], HttpResponse]

# Swagger UI and Redoc style themselves inline and draw with data: and blob: URLs.
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


class SecurityHeadersMiddleware:
    """A content security policy for pages and another for data, where a view set none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        response.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else DATA_POLICY)
        response.setdefault("X-Frame-Options", "DENY")
        return response


class EnvelopeMiddleware:
    """Gives the envelope to a 405 of Django's own views and of static files: they are empty."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.getvalue():
            return errors.respond(errors.MethodNotAllowed(response["Allow"]))
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


class BodySizeMiddleware:
    """Refuses a body that is too large by its declared length, before reading any of it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if declared.isdecimal() and int(declared) > settings.MAX_BODY_SIZE:
            message = _("The request body is larger than %(limit)s.")
            return errors.respond(
                errors.BodyTooLarge(message % {"limit": filesizeformat(settings.MAX_BODY_SIZE)})
            )
        return self.get_response(request)
