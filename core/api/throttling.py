"""Rate limits per address, as Django and DRF apply them, and the headers that tell of them."""

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

import mongoengine
import pymongo
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from pymongo.errors import PyMongoError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.database.connection import DatabaseUnavailableError
from core.database.counters import Usage, count

logger = logging.getLogger(__name__)
READ_COUNT_SECONDS = 0.5
USAGE = "lsa.rate_limit"
AWAY = (PyMongoError, mongoengine.ConnectionFailure, DatabaseUnavailableError)


def client_address(request: Request | HttpRequest) -> str:
    """The client's address, an IPv6 one as its /64, which one customer has to himself.

    `X-Forwarded-For` counts only as far as `TRUSTED_PROXY_COUNT` proxies wrote it.
    """
    given = BaseThrottle().get_ident(request) or ""
    try:
        ip = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def limit(request: Request | HttpRequest, scope: str) -> None:
    """Count a request of this address against `settings.RATE_LIMITS[scope]`.

    Raises `TooManyRequests`; database errors pass through.
    """
    rate = settings.RATE_LIMITS[scope]
    if rate:
        usage = count(f"{scope}:{client_address(request)}", rate)
        _remember(request, usage)
        usage.check()


def _remember(request: Request | HttpRequest, usage: Usage) -> None:
    """Keep the tightest limit of this request for its answer's headers.

    In META, which Django's request and DRF's share.
    """
    previous = request.META.get(USAGE)
    if previous is None or usage.remaining < previous.remaining:
        request.META[USAGE] = usage


class WriteThrottle(BaseThrottle):
    scope = "write"

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method not in SAFE_METHODS:
            limit(request, self.scope)
        return True


class AuthThrottle(WriteThrottle):
    """Registration, login and password reset."""

    scope = "auth"


class ReadThrottle(BaseThrottle):
    """Reading goes on when the count is away: the public site matters more."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            self._limit(request)
        return True

    def _limit(self, request: Request) -> None:
        try:
            # The read that follows needs what is left of the client's patience.
            with pymongo.timeout(READ_COUNT_SECONDS):
                limit(request, "read")
        except AWAY as error:
            logger.warning("Reads are not limited: %s", error)


class RateLimitHeadersMiddleware:
    """Says on the answer what is left of the limit that applied."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        usage: Usage | None = request.META.get(USAGE)
        for name, value in (usage.headers() if usage else {}).items():
            response.setdefault(name, value)
        return response
