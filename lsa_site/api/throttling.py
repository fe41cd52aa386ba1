"""Rate limits counted in the database, so that all workers share the count.

A limit is a window that opens at the first request and closes `period` seconds later.
One atomic update counts a request; a TTL index removes what is over.
"""

import ipaddress
import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import mongoengine
import pymongo
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from mongoengine import DateTimeField, IntField, StringField
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError, PyMongoError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from lsa_site import mongo
from lsa_site.api.documents import BaseDocument
from lsa_site.api.errors import TooManyRequests
from lsa_site.api.times import now
from lsa_site.environment import Rate

logger = logging.getLogger(__name__)
READ_COUNT_SECONDS = 0.5
AWAY = (PyMongoError, mongoengine.ConnectionFailure, mongo.DatabaseUnavailableError)


class RateLimitCounter(BaseDocument):
    """How often one key was used in its current window."""

    key = StringField(primary_key=True)
    count = IntField(required=True)
    expires_at = DateTimeField(required=True)

    is_lasting = False

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
        reset=max(1, math.ceil((counter["expires_at"] - moment).total_seconds())),
        exceeded=counter["count"] > rate.limit,
    )


def _increment(key: str, moment: datetime, expires_at: datetime) -> dict:
    """The counter after one more use, in a fresh window where the old one is over."""
    counters = RateLimitCounter.collection()
    while True:
        # Not one upsert: the embedded server answers nothing to some of its rivals.
        counter = counters.find_one_and_update(
            {"_id": key, "expires_at": {"$gt": moment}},
            {"$inc": {"count": 1}},
            return_document=ReturnDocument.AFTER,
        )
        if counter:
            return counter
        first = {"_id": key, "count": 1, "expires_at": expires_at}
        try:
            counters.insert_one(first)
            return first
        except DuplicateKeyError:
            # Either a window that is over and not yet swept, or a rival's first use.
            counters.delete_one({"_id": key, "expires_at": {"$lte": moment}})


def forget(key: str) -> None:
    """Start `key` afresh."""
    RateLimitCounter.collection().delete_one({"_id": key})


def forget_all(beginning: str) -> None:
    """Start every key with this beginning afresh."""
    beyond = beginning + "\N{DELETE}"  # sorts after every character that a key has
    RateLimitCounter.collection().delete_many({"_id": {"$gte": beginning, "$lt": beyond}})


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


def limit(request: HttpRequest, scope: str) -> None:
    """Count a request of this address against `settings.RATE_LIMITS[scope]`.

    Raises `TooManyRequests`; database errors pass through.
    """
    rate = settings.RATE_LIMITS[scope]
    if rate:
        usage = count(f"{scope}:{client_address(request)}", rate)
        _remember(request, usage)
        usage.check()


def _remember(request: HttpRequest, usage: Usage) -> None:
    """Keep the tightest limit of this request for its answer's headers."""
    previous = getattr(request, "rate_limit", None)
    if previous is None or usage.remaining < previous.remaining:
        request.rate_limit = usage


class WriteThrottle(BaseThrottle):
    scope = "write"

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method not in SAFE_METHODS:
            limit(request._request, self.scope)
        return True


class AuthThrottle(WriteThrottle):
    """Registration, login and password reset."""

    scope = "auth"


class ReadThrottle(BaseThrottle):
    """Reading goes on when the count is away: the public site matters more."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            self._limit(request._request)
        return True

    def _limit(self, request: HttpRequest) -> None:
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
        usage: Usage | None = getattr(request, "rate_limit", None)
        for name, value in (usage.headers() if usage else {}).items():
            response.setdefault(name, value)
        return response
