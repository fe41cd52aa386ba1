"""Rate limits per address, as Django and DRF apply them, and the headers that tell of them."""

import logging
from collections.abc import Callable
from typing import Any

import pymongo
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.client_address import client_network
from core.database.counters import Usage, count
from core.database.failures import DATABASE_ERRORS

logger = logging.getLogger(__name__)
READ_COUNT_SECONDS = 0.5
USAGE = "lsa.rate_limit"


def throttle(request: Request | HttpRequest, scope: str) -> None:
    """Count a request of this address against `settings.RATE_LIMITS[scope]`.

    Raises `TooManyRequests`; database errors pass through.
    """
    rate = settings.RATE_LIMITS[scope]
    if rate:
        usage = count(f"{scope}:{client_network(request)}", rate)
        _remember(request, usage)
        usage.enforce()


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
            throttle(request, self.scope)
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
                throttle(request, "read")
        except DATABASE_ERRORS as error:
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
