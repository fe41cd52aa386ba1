"""What an unchanged read depends on, in a form in which many requests are one.

A request that has no key is for Django: a cookie tells who asks, or it has a header in an unusual
spelling, and an entry for each spelling would leave no room for others.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.middleware.gzip import re_accepts_gzip

from core.front.environ import Headers, Scope

METHODS = {"GET", "HEAD"}
# Whoever sends these wants something else than all of what there is.
FOR_DJANGO = {
    b"range",
    b"if-range",
    b"if-match",
    b"if-modified-since",
    b"if-unmodified-since",
}
# Without blanks; as browsers' scripts, front ends and tools send it. Which spellings get the same
# answer depends on what a view offers, so each is a key of its own.
ACCEPTED = {
    b"*/*",
    b"application/json",
    b"application/json,*/*",
    b"application/json,text/plain,*/*",
    b"application/json,text/plain,*/*;q=0.8",
    b"application/json,*/*;q=0.8",
}
# As clients send a token (RFC 6750, 2.1). Who sends it is looked up by each answer.
BEARER = re.compile(rb"Bearer [A-Za-z0-9._~+/-]+=*")
# Whatever is longer is for Django, which bounds it or refuses it.
LONGEST_FIELD = 1024
LONGEST_COOKIE = 4096
LONGEST_ADDRESS = 2048
# Of a charset in it Django makes something else of the query string.
CONTENT_TYPE = b"application/json"
WELL_FORMED_ORIGIN = re.compile(rb"null|https?://[a-z0-9.:-]+")
# Django's own memory of headers that it has read has as many.
LANGUAGES_REMEMBERED = 1000


class Key(NamedTuple):
    """Requests with the same key get the same answer, a HEAD the head of it."""

    path: bytes
    query: bytes
    host: bytes
    is_secure: bool
    language: str
    accept: bytes
    is_compressed: bool
    origin: bytes
    # A hash of them, so that no memory holds a token; empty for whoever sends none.
    credentials: bytes


class Keys:
    def __init__(self, language_of: Callable[[str], str]) -> None:
        """`language_of` tells which language Django chooses for an `Accept-Language`."""
        self.language_of = lru_cache(LANGUAGES_REMEMBERED)(language_of)
        self.own_cookies = re.compile(rb"\b(?:%s)\b" % b"|".join(map(re.escape, own_cookies())))

    def of(self, scope: Scope, headers: Headers) -> Key | None:
        """The key of a request without a body, if it has one."""
        if scope["method"] not in METHODS or not self._is_plain(scope, headers):
            return None
        accept = headers.get(b"accept", b"*/*").replace(b" ", b"").lower()
        origin, credentials = origin_of(headers), credentials_of(headers)
        if accept not in ACCEPTED or origin is None or credentials is None:
            return None
        return Key(
            scope["raw_path"],
            scope["query_string"],
            headers[b"host"].lower(),
            is_secure(scope, headers),
            self.language_of(headers.get(b"accept-language", b"").decode("latin-1")),
            accept,
            accepts_gzip(headers),
            origin,
            credentials,
        )

    def _is_plain(self, scope: Scope, headers: Headers) -> bool:
        """Whether nobody can be known by a cookie, and nothing in it is out of the ordinary."""
        if not FOR_DJANGO.isdisjoint(headers) or not headers.get(b"host"):
            return False
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return False
        if headers.get(b"content-type", CONTENT_TYPE) != CONTENT_TYPE:
            return False
        cookies = headers.get(b"cookie", b"")
        if len(cookies) > LONGEST_COOKIE or self.own_cookies.search(cookies):
            return False
        return all(
            len(value) <= LONGEST_FIELD for name, value in headers.items() if name != b"cookie"
        )


def credentials_of(headers: Headers) -> bytes | None:
    """None for any in another spelling than a bearer token's."""
    given = headers.get(b"authorization")
    if given is None:
        return b""
    return sha256(given).digest() if BEARER.fullmatch(given) else None


def own_cookies() -> list[bytes]:
    """The cookies by which Django knows a reader, or what it has to tell them."""
    names = (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        "messages",
    )
    return [name.encode() for name in names]


def is_secure(scope: Scope, headers: Headers) -> bool:
    """As Django decides it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        field = name.removeprefix("HTTP_").replace("_", "-").lower().encode()
        if (given := headers.get(field)) is not None:
            return given.partition(b",")[0].strip() == value.encode()
    return scope["scheme"] == "https"


def accepts_gzip(headers: Headers) -> bool:
    """As Django's compression decides it."""
    given = headers.get(b"accept-encoding", b"")
    return bool(re_accepts_gzip.search(given.decode("latin-1")))


def origin_of(headers: Headers) -> bytes | None:
    """The page's origin as far as it matters; None for one that nobody expects."""
    given = headers.get(b"origin")
    if not given:
        return b""
    if settings.CORS_ALLOW_ALL_ORIGINS:
        return b"*" if WELL_FORMED_ORIGIN.fullmatch(given) else None
    return given if given.decode("latin-1") in settings.CORS_ALLOWED_ORIGINS else None
