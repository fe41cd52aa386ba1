"""One function shapes every error: convert, report, shape, respond.

Understands `ApplicationError`, and what Django, DRF and the database driver raise.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import mongoengine
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from pymongo.errors import DuplicateKeyError
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from core.api.envelope import OrjsonRenderer, dumps, failure
from core.database import failures
from core.errors import (
    AlreadyExists,
    ApplicationError,
    BodyTooLarge,
    Busy,
    DatabaseUnavailable,
    Forbidden,
    InternalError,
    Invalid,
    Messages,
    MethodNotAllowed,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from core.request_id import current_request_id

logger = logging.getLogger(__name__)


class _Drf(ApplicationError):
    """A DRF exception with our own shape."""

    CODES = {400: "malformed_request", 415: "unsupported_media_type"}

    def __init__(self, error: exceptions.APIException) -> None:
        super().__init__(str(error.detail))
        self.status = error.status_code
        self.code = self.CODES.get(error.status_code, error.default_code)


# Codes of field errors that make a request unreadable rather than unacceptable.
UNREADABLE = {"invalid_file"}


def convert(error: BaseException) -> ApplicationError:
    """The refusal that `error` stands for; what nobody expected is `InternalError`."""
    match error:
        case ApplicationError():
            return error
        case exceptions.ValidationError():
            return _from_validation(error)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Unauthenticated()
        case PermissionDenied() | exceptions.PermissionDenied():
            return Forbidden()
        case Http404() | exceptions.NotFound():
            return NotFound()
        case exceptions.MethodNotAllowed():
            return MethodNotAllowed()
        case exceptions.APIException():
            return _Drf(error)
        case RequestDataTooBig():
            return BodyTooLarge()
        case SuspiciousOperation() | BadRequest() | MultiPartParserError() | UnreadablePostError():
            return ApplicationError()
        case mongoengine.NotUniqueError() | DuplicateKeyError():
            return AlreadyExists(_("This already exists."))
        case _ if failures.is_unavailable(error):
            return DatabaseUnavailable()
        case _:
            return InternalError()


def _from_validation(error: exceptions.ValidationError) -> ApplicationError:
    """422, or 400 where every complaint is about a file or a value already taken."""
    refusal = Invalid(errors=_flatten(error.detail))
    codes = set(_codes(error.get_codes()))
    if len(codes) == 1 and codes <= UNREADABLE:
        refusal.status, refusal.code = 400, codes.pop()
        refusal.message = next(iter(refusal.errors.values()))[0]
    return refusal


def _codes(codes: Any) -> list[str]:
    if isinstance(codes, dict):
        codes = list(codes.values())
    if isinstance(codes, list):
        return [code for item in codes for code in _codes(item)]
    return [codes]


def _flatten(detail: Any, name: str = "non_field_errors") -> Messages:
    """DRF's nested details as one level: `a.b` for a field within a field."""
    if isinstance(detail, dict):
        flat: Messages = {}
        for key, value in detail.items():
            path = str(key) if name == "non_field_errors" else f"{name}.{key}"
            for inner, messages in _flatten(value, path).items():
                flat.setdefault(inner, []).extend(messages)
        return flat
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        return _flatten({str(index): item for index, item in enumerate(detail) if item}, name)
    return {name: [str(item) for item in (detail if isinstance(detail, list) else [detail])]}


def codes() -> set[str]:
    """Every `code` that an answer may carry."""
    return {kind.code for kind in _kinds(ApplicationError)} | {*_Drf.CODES.values()} | UNREADABLE


def _kinds(kind: type[ApplicationError]) -> Iterator[type[ApplicationError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


def shape(refusal: ApplicationError) -> dict[str, Any]:
    return failure(
        str(refusal.message),
        code=refusal.code,
        errors=refusal.errors,
        request_id=current_request_id(),
    )


def report(error: BaseException, refusal: ApplicationError) -> None:
    """Log what we must mend; refusals are the client's business and stand in the access log, and
    so do the many of a moment that is too busy."""
    if isinstance(refusal, InternalError):
        logger.error("Unhandled error", exc_info=error)
    elif isinstance(refusal, Unavailable) and not isinstance(refusal, Busy):
        logger.error("%s: %s", refusal.code, error)


def handle(error: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's `EXCEPTION_HANDLER`."""
    refusal = convert(error)
    report(error, refusal)
    _render_as_data(context["request"])
    return Response(shape(refusal), status=refusal.status, headers=refusal.headers)


def _render_as_data(request: Request) -> None:
    """A view with a renderer of its own, such as the documentation, refuses in JSON too."""
    renderer = getattr(request, "accepted_renderer", None)
    if type(renderer) not in api_settings.DEFAULT_RENDERER_CLASSES:
        request.accepted_renderer = OrjsonRenderer()
        request.accepted_media_type = OrjsonRenderer.media_type


def respond(error: BaseException) -> HttpResponse:
    """The same answer where no DRF view is at work: middleware and Django's own handlers."""
    refusal = convert(error)
    report(error, refusal)
    return HttpResponse(
        dumps(shape(refusal)),
        content_type="application/json",
        status=refusal.status,
        headers=refusal.headers,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler404`."""
    return respond(NotFound())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler400`."""
    return respond(exception or ApplicationError())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler403`."""
    return respond(Forbidden())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, called while the error is being handled."""
    return respond(sys.exc_info()[1] or InternalError())
