"""Conditional requests (RFC 9110, section 13): entity tags, 304 and 412."""

import re
from hashlib import blake2b

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
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


def content_tag(content: bytes) -> str:
    """A strong tag of these very bytes."""
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


def answer_read(request: Request, response: Response, tag: str) -> HttpResponse:
    """The answer to a read with its tag, or 304 where the client has it already; caches may keep
    it on condition that they ask each time."""
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Accept", "Accept-Language"))
    return get_conditional_response(request, etag=tag, response=response)


def answer_rendered_read(request: Request, response: Response) -> Response:
    """The same for an answer whose tag is that of its content, once that is rendered."""
    response.add_post_render_callback(
        lambda rendered: answer_read(request, rendered, content_tag(rendered.content))
    )
    return response
