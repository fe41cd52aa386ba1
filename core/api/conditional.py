"""Conditional requests (RFC 9110, section 13): entity tags, 304 and 412."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.envelope import dumps
from core.database.coalescing import Coalesced
from core.database.documents import Raw, version_of
from core.database.failures import is_unavailable
from core.database.rereading import Command, Found, Rereading
from core.entity_tags import WELL_FORMED, as_sent
from core.errors import ApplicationError, DatabaseUnavailable, PreconditionFailed
from core.front.marks import Reading, is_wanted, mark

HEADERS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")


class ReadAgain(NamedTuple):
    """What an answer was made from, as JSON can tell it, and how the same is read again: with
    `commands`, in whose replies `found_in` finds it. `until` tells anew when it ends; without that
    it ends when it did before."""

    found: Any
    commands: Callable[[], list[Command]]
    found_in: Callable[[Found], Any]
    until: Callable[[], Awaitable[datetime | None]] | None = None


class MalformedTag(ApplicationError):
    code = "malformed_request"
    message = _('If-Match takes entity tags in quotes, such as "5f2b-1-0a9c".')


class EntityTagMiddleware:
    """Reads tags that a proxy changed on the way as they were sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in HEADERS:
            if name in request.META:
                request.META[name] = as_sent(request.META[name])
        return self.get_response(request)


# --- Making tags -----------------------------------------------------------------------


def content_tag(content: bytes) -> str:
    """A strong tag of these very bytes."""
    return f'"{_digest(content, 16)}"'


def item_tag(raw: Raw, shown: Any) -> str:
    """A strong tag of a stored document as it is shown, which the language is part of."""
    return f'"{_state(raw)}-{_digest(dumps([shown, get_language()]), 6)}"'


def html_tag(tag: str) -> str:
    """The tag of an item shown as a page: a browser that has the page and asks for the data
    sends it along, and must not be told that it has the data."""
    return f'{tag[:-1]}.html"'


def _digest(content: bytes, size: int) -> str:
    return blake2b(content, digest_size=size).hexdigest()


def _state(raw: Raw) -> str:
    """What a write depends on, however the document was shown."""
    return f"{raw['_id']}-{version_of(raw)}"


# --- Writes ----------------------------------------------------------------------------


def check_preconditions(request: Request, raw: Raw) -> None:
    """Raises `PreconditionFailed` where `If-Match` names no state like `raw`'s, or
    `If-None-Match` does; id and version decide. Raises `MalformedTag`."""
    wanted, unwanted = (request.META.get(name) for name in HEADERS)
    if wanted is not None and not _names(wanted, raw):
        if not WELL_FORMED.fullmatch(wanted.strip()):
            raise MalformedTag
        raise PreconditionFailed
    if unwanted is not None and _names(unwanted, raw):
        raise PreconditionFailed


def _names(header: str, raw: Raw) -> bool:
    """Whether the header names the state of the document; compared weakly, as proxies make
    weak tags of strong ones."""
    tags = parse_etags(header)
    states = {tag.removeprefix("W/").strip('"').rpartition("-")[0] for tag in tags}
    return tags == ["*"] or _state(raw) in states


# --- Reads -----------------------------------------------------------------------------


def answer_read(
    request: Request,
    response: Response,
    tag: str,
    *,
    cache_control: str = "no-cache",
    depends_on: Iterable[str] | None = None,
    until: datetime | None = None,
    read_again: ReadAgain | None = None,
) -> HttpResponse:
    """The answer to a read with its tag, or 304 where the client has it already; caches may keep
    it on condition that they ask each time.

    `depends_on` are the collections that an answer is made from which is the same for all who
    ask: until one of them changes, or the time `until` comes, the front answers with it; and
    before that time whenever `read_again` finds the same. With `read_again` alone it is for
    whoever asks with these credentials, which must be read again too.
    """
    response["ETag"] = tag
    response["Cache-Control"] = cache_control
    patch_vary_headers(response, ("Accept", "Accept-Encoding", "Accept-Language"))
    answer = get_conditional_response(request, etag=tag, response=response)
    is_of_asker = depends_on is None
    if (is_of_asker and not read_again) or not is_wanted(request, of_asker=is_of_asker):
        return answer
    is_unchanged = answer.status_code == 304
    reading = reading_of(read_again) if read_again else None
    mark(
        request,
        response,
        collections=depends_on,
        reading=reading,
        until=until,
        is_unchanged=is_unchanged,
    )
    return response


def reading_of(given: ReadAgain) -> Reading:
    """The same for the front, which knows no database, and has no room for what was found."""
    found_in, until = given.found_in, given.until
    read = Rereading(given.commands, lambda found: _state_of(found_in(found)))
    return Reading(
        _state_of(given.found),
        partial(or_refuse, Coalesced(read)),
        until and partial(or_refuse, Coalesced(until)),
    )


async def or_refuse(read: Callable[[], Awaitable[Any]]) -> Any:
    """What is read, or `DatabaseUnavailable` where that is why it cannot be."""
    try:
        return await read()
    except Exception as error:
        if is_unavailable(error):
            raise DatabaseUnavailable from error
        raise


def _state_of(found: Any) -> bytes:
    return blake2b(dumps(found), digest_size=16).digest()


def answer_item_read(request: Request, response: Response, **options: Any) -> HttpResponse:
    """The same for an item that brings its tag, as data or as a page."""
    if request.accepted_renderer.format == "json":
        return answer_read(request, response, response["ETag"], **options)
    # Pages for people differ by who reads them.
    response["ETag"] = html_tag(response["ETag"])
    if "cache_control" in options:
        response["Cache-Control"] = options["cache_control"]
    return response


def answer_rendered_read(request: Request, response: Response, **options: Any) -> Response:
    """The same for an answer whose tag is that of its content, once that is rendered."""
    response.add_post_render_callback(
        lambda rendered: answer_read(request, rendered, content_tag(rendered.content), **options)
    )
    return response
