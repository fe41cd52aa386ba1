"""What Django says of an answer to the front: whether it may be kept, and for how long.

An attribute of the response, so no client ever sees it.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

# In META where the front could keep the answer. It then wants all of it, also for a client that
# has it already. True where it is told of changes: what is kept may then be given unasked.
WHOLE = "front.whole"
NOBODY = "-"


class Reading(NamedTuple):
    """What an answer was made from: the `state` of all that was read, and how to read it again,
    which gives the state as of then.

    `again` is awaited on the event loop, outlives the request, and raises `ApplicationError` where
    nobody could answer now. So is `until`, which tells when the answer changes though nothing is
    written; without it that stays as it was.
    """

    state: bytes
    again: Callable[[], Awaitable[bytes]]
    until: Callable[[], Awaitable[datetime | None]] | None


class Mark(NamedTuple):
    """The answer is right as long as none of these collections changes, and whenever its
    `reading` has the same state again; in any case until the time `until` (seconds since 1970).
    Without collections only its reading tells."""

    collections: tuple[str, ...] | None
    reading: Reading | None
    until: float | None
    # As they are logged, the path escaped.
    path: str
    user: str
    route: str
    # Whether the client that asked has it already.
    is_unchanged: bool


def mark(
    request: HttpRequest,
    response: HttpResponse,
    *,
    collections: Iterable[str] | None,
    reading: Reading | None = None,
    until: datetime | None = None,
    is_unchanged: bool = False,
) -> None:
    """Allow the front to answer the same request with this response.

    For answers that depend on the stored documents and on what `core.front.keys` looks at, and
    on nothing else: not on the time but by `until`. One without collections is for whoever sends
    these credentials, and given only after they were read again with the rest.
    """
    response.front_mark = Mark(
        None if collections is None else tuple(collections),
        reading,
        seconds(until),
        escape_uri_path(request.path),
        user_of(request) if collections is None else NOBODY,
        request.resolver_match.route,
        is_unchanged,
    )


def is_wanted(request: HttpRequest, *, of_asker: bool = False) -> bool:
    """Whether the front could keep an answer that is the same for all who ask; or, `of_asker`,
    one for whoever sends these credentials."""
    return WHOLE in request.META and ("HTTP_AUTHORIZATION" in request.META) == of_asker


def is_given_unasked(request: HttpRequest) -> bool:
    """Whether the front will also give the answer without having it read again, so that it
    matters when it ends."""
    return is_wanted(request) and request.META[WHOLE]


def seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def user_of(request: HttpRequest) -> str:
    """The id of who is asking, as it is logged; DRF sets the user on Django's request too, once
    somebody is known."""
    return str(getattr(getattr(request, "user", None), "id", NOBODY))


def mark_of(response: HttpResponse) -> Mark | None:
    return getattr(response, "front_mark", None)


def sent_status(response: HttpResponse) -> int:
    """The status that the client will see."""
    given = mark_of(response)
    return 304 if given and given.is_unchanged else response.status_code
