"""One id per request: in the answer, in every log line, and one access line."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

from core import metrics
from core.client_address import client_address
from core.front.marks import sent_status, user_of

logger = logging.getLogger("lsa_site.access")
_current: ContextVar[str] = ContextVar("request_id", default="-")
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,128}")


def current_request_id() -> str:
    """The id of the request being answered, `-` outside of one."""
    return _current.get()


class RequestIdFilter(logging.Filter):
    """Gives every log record the id of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True


class RequestIdMiddleware:
    """Keeps a client's well-formed `X-Request-ID`, else makes one; logs each answer once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = id_for(request.headers.get("X-Request-ID", ""))
        token = _current.set(request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            seconds = time.perf_counter() - started
            metrics.count_request(request.method, route_of(request), sent_status(response), seconds)
            if logger.isEnabledFor(logging.INFO):
                self._log(request, response, seconds)
            return response
        finally:
            _current.reset(token)

    @staticmethod
    def _log(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        path, user = escape_uri_path(request.path), user_of(request)
        _write_line(request.method, path, sent_status(response), seconds, request, user)


def route_of(request: HttpRequest) -> str | None:
    """The pattern of the address, as it is declared; None where nothing was found there."""
    return request.resolver_match.route if request.resolver_match else None


def id_for(given: str) -> str:
    """The id of a request: what the client gave, if that is well-formed."""
    return given if _ACCEPTED.fullmatch(given) else str(uuid.uuid4())


def log_answer(
    request_id: str,
    method: str,
    path: str,
    status: int,
    seconds: float,
    meta: dict[str, str],
    user: str,
) -> None:
    """The line of an answer that Django was not asked for. `path` is escaped, `meta` has what
    tells the client's address."""
    if not logger.isEnabledFor(logging.INFO):
        return
    request = HttpRequest()
    request.META = meta
    token = _current.set(request_id)
    try:
        _write_line(method, path, status, seconds, request, user)
    finally:
        _current.reset(token)


def _write_line(
    method: str, path: str, status: int, seconds: float, request: HttpRequest, user: str
) -> None:
    """Never the query string: it may hold a secret somebody put there by mistake. The path is
    escaped, so that an encoded line break cannot forge a line."""
    fields = {
        "method": method,
        "path": path,
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "address": client_address(request),
        "user": user,
    }
    logger.info(" ".join("%s" for _ in fields), *fields.values(), extra=fields)
