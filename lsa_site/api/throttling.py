"""Rate limits counted in the database, so that all workers share the count.

A limit is a window that opens at the first request and closes `period` seconds later.
One atomic upsert counts a request; a TTL index removes what is over.
"""

import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from mongoengine import DateTimeField, IntField, StringField
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError, PyMongoError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from lsa_site.api.documents import BaseDocument
from lsa_site.api.errors import TooManyRequests
from lsa_site.api.times import now
from lsa_site.environment import Rate


class RateLimitCounter(BaseDocument):
    """How often one key was used in its current window."""

    key = StringField(primary_key=True)
    count = IntField(required=True)
    expires_at = DateTimeField(required=True)

    meta = {
        "collection": "rate_limits",
        "indexes": [{"fields": ["expires_at"], "expireAfterSeconds": 0}],
    }


class Usage(NamedTuple):
    """What is left of a limit; `reset` in seconds until the window closes."""

    limit: int
    remaining: int
    reset: int
    exceeded: bool

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }

    def check(self) -> None:
        """Raises `TooManyRequests` where the limit is exceeded."""
        if self.exceeded:
            raise TooManyRequests(headers={"Retry-After": str(self.reset)} | self.headers())


def count(key: str, rate: Rate) -> Usage:
    """Count one use of `key`; database errors pass through."""
    moment = now()
    counter = _increment(key, moment, moment + timedelta(seconds=rate.period))
    return Usage(
        limit=rate.limit,
        remaining=max(0, rate.limit - counter["count"]),
        reset=max(1, round((counter["expires_at"] - moment).total_seconds())),
        exceeded=counter["count"] > rate.limit,
    )


def _increment(key: str, moment: datetime, expires_at: datetime) -> dict:
    """The counter after one more use, in a fresh window where the old one is over."""
    counters = RateLimitCounter.collection()
    while True:
        try:
            return counters.find_one_and_update(
                {"_id": key, "expires_at": {"$gt": moment}},
                {"$inc": {"count": 1}, "$setOnInsert": {"expires_at": expires_at}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            # Either a window that is over and not yet swept, or a rival's first use.
            counters.delete_one({"_id": key, "expires_at": {"$lte": moment}})


def forget(key: str) -> None:
    """Start `key` afresh."""
    RateLimitCounter.collection().delete_one({"_id": key})


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


class AddressThrottle(BaseThrottle):
    """A limit per address, named by its key in `settings.RATE_LIMITS`."""

    scope: str

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = settings.RATE_LIMITS[self.scope]
        if rate and self.applies(request):
            usage = self.count(f"{self.scope}:{client_address(request)}", rate)
            if usage:
                _remember(request, usage)
                usage.check()
        return True

    def applies(self, request: Request) -> bool:
        return request.method not in SAFE_METHODS

    def count(self, key: str, rate: Rate) -> Usage | None:
        return count(key, rate)


class WriteThrottle(AddressThrottle):
    scope = "write"


class AuthThrottle(AddressThrottle):
    """Registration, login and password reset."""

    scope = "auth"


class ReadThrottle(AddressThrottle):
    """Reading goes on when the count is away: the public site matters more."""

    scope = "read"

    def applies(self, request: Request) -> bool:
        return request.method in SAFE_METHODS

    def count(self, key: str, rate: Rate) -> Usage | None:
        try:
            return count(key, rate)
        except PyMongoError:
            return None


def _remember(request: Request, usage: Usage) -> None:
    """Keep the tightest limit of this request for its answer's headers."""
    previous = getattr(request._request, "rate_limit", None)
    if previous is None or usage.remaining < previous.remaining:
        request._request.rate_limit = usage


class RateLimitHeadersMiddleware:
    """Says on the answer what is left of the limit that applied."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        usage: Usage | None = getattr(request, "rate_limit", None)
        for name, value in (usage.headers() if usage else {}).items():
            response.setdefault(name, value)
        return response
