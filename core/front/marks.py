"""What Django says of an answer to the front: whether it may be kept, and for how long.

An attribute of the response, so no client ever sees it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

# In META where the front could keep the answer. It then wants all of it, also for a client that
# has it already.
WHOLE = "front.whole"


class Reading(NamedTuple):
    """What an answer was made from: the `state` of all that was read, and how to read it again,
    which gives the state as of then.

    `again` is called in any thread, outlives the request, and raises `ApplicationError` where
    nobody could answer now.
    """

    state: bytes
    again: Callable[[], bytes]


class Mark(NamedTuple):
    """The answer is right as long as none of these collections changes and the time `until`
    (seconds since 1970) has not come; or whenever its `reading` has the same state again."""

    collections: tuple[str, ...]
    reading: Reading | None
    until: float | None
    # As it is logged, escaped.
    path: str
    route: str
    # Whether the client that asked has it already.
    is_unchanged: bool


def mark(
    request: HttpRequest,
    response: HttpResponse,
    *,
    collections: Iterable[str],
    reading: Reading | None = None,
    until: datetime | None = None,
    is_unchanged: bool = False,
) -> None:
    """Allow the front to answer the same request with this response.

    For answers that depend on the stored documents and on what `core.front.keys` looks at, and
    on nothing else: not on who asks, and not on the time but by `until`.
    """
    path = escape_uri_path(request.path)
    ends = until.timestamp() if until else None
    route = request.resolver_match.route
    response.front_mark = Mark(tuple(collections), reading, ends, path, route, is_unchanged)


def mark_of(response: HttpResponse) -> Mark | None:
    return getattr(response, "front_mark", None)


def sent_status(response: HttpResponse) -> int:
    """The status that the client will see."""
    given = mark_of(response)
    return 304 if given and given.is_unchanged else response.status_code
