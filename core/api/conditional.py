"""Conditional requests (RFC 9110, section 13): entity tags, 304 and 412."""

import re
from hashlib import blake2b

from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from core.database.documents import Raw
from core.errors import PreconditionFailed


def item_tag(raw: Raw) -> str:
    """A strong tag of one stored document in the current language."""
    return f'"{raw["_id"]}-{raw.get("version") or 0}-{get_language()}"'


def html_tag(tag: str) -> str:
    """The tag of an item shown as a page: a browser that has the page and asks for the data
    sends it along, and must not be told that it has the data."""
    return f'{tag[:-1]}.html"'


def page_tag(content: bytes) -> str:
    """A strong tag of a rendered list."""
    return f'"{blake2b(content, digest_size=16).hexdigest()}"'


def require_match(request: Request, raw: Raw) -> None:
    """Raises `PreconditionFailed` where `If-Match` names no state like `raw`'s.

    Id and version decide, in whatever language the client read them; compressing
    proxies weaken tags to `W/"…"`, which is accepted.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return
    wanted = f"{raw['_id']}-{raw.get('version') or 0}"
    states = [re.sub(r'^W/|"', "", tag).rpartition("-")[0] for tag in parse_etags(header)]
    if wanted not in states:
        raise PreconditionFailed


def is_fresh(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` says that the client has this very answer (weak comparison)."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in tags or tag in {given.removeprefix("W/") for given in tags}


def mark(response: Response, tag: str) -> Response:
    """Tag a read and let caches keep it on condition that they ask each time."""
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Accept", "Accept-Language"))
    return response


def not_modified(tag: str) -> Response:
    return mark(Response(status=304), tag)
