"""Unchanged reads, answered from memory."""

import time
from collections.abc import Awaitable, Callable

from core import metrics
from core.entity_tags import names
from core.errors import ApplicationError
from core.front.answers import Answer
from core.front.environ import Environ, Headers, Scope
from core.front.freshness import Freshness
from core.front.keys import Key, Keys
from core.front.marks import WHOLE, Mark, seconds
from core.front.store import Entry, Pairs, Store
from core.request_id import id_for, log_answer

AskDjango = Callable[[Environ], Awaitable[Answer]]
Follow = Callable[[Freshness], None]

# What Django may have told apart; an answer that says more of itself is not kept.
VARY = {b"accept", b"accept-encoding", b"accept-language", b"origin"}
REQUEST_ID = b"x-request-id"
# A 304 goes without what describes the content (RFC 9110, 15.4.5), as Django's does.
OF_CONTENT = {
    b"allow",
    b"content-disposition",
    b"content-encoding",
    b"content-length",
    b"content-type",
    b"x-total-count",
}


class Reads:
    """Used by the thread of the event loop.

    `follow` has changes of the database told to a `Freshness`, from a thread of its own: it is
    called by the first request, in the process that answers. Without it the database is asked
    about each answer. `room` is in bytes.
    """

    def __init__(self, follow: Follow | None, language_of: Callable[[str], str], room: int) -> None:
        self.keys = Keys(language_of)
        self.store = Store(room)
        self.freshness = Freshness()
        self._follow = follow

    def key_of(self, scope: Scope, headers: Headers) -> Key | None:
        """The key of a request that may be answered from memory; it has no body."""
        return self.keys.of(scope, headers)

    async def recall(self, key: Key, scope: Scope, headers: Headers) -> Answer | None:
        """The answer, if it is known and right."""
        started = time.perf_counter()
        entry = self.store.get(key)
        if entry is None:
            return None
        if not self._is_right(entry):
            entry = await self._confirmed(key, entry)
            if entry is None:
                return None
        answer = answer_with(entry, scope, headers)
        log(answer, entry, scope, headers, started)
        return answer

    def _is_right(self, entry: Entry) -> bool:
        collections = entry.mark.collections
        if collections is None or entry.is_over():
            return False
        return self.freshness.holds(entry.taken, collections)

    async def _confirmed(self, key: Key, entry: Entry) -> Entry | None:
        """The entry, if reading again what it was made from finds the same."""
        taken = self.freshness.take()
        mark = await read_again(entry, is_given_unasked=taken is not None)
        is_latest = self.store.get(key) is entry
        if mark is None:
            if is_latest:
                self.store.drop(key)
            return None
        if taken is None:
            return entry
        fresh = entry._replace(taken=taken, mark=mark)
        if is_latest:
            self.store.put(key, fresh)
        return fresh

    async def learn(self, key: Key, environ: Environ, ask_django: AskDjango) -> Answer:
        """Django's answer, which is kept if it may be."""
        self._begin()
        taken = self.freshness.take()
        answer = await ask_django(environ | {WHOLE: taken is not None})
        if answer.mark is None:
            return answer
        entry = entry_of(answer, taken)
        if entry and environ["REQUEST_METHOD"] == "GET" and self._can_be_right(entry):
            self.store.put(key, entry)
        return unchanged(answer) if answer.mark.is_unchanged else answer

    def _can_be_right(self, entry: Entry) -> bool:
        return entry.mark.reading is not None or self._is_right(entry)

    def _begin(self) -> None:
        if self._follow is not None:
            follow, self._follow = self._follow, None
            follow(self.freshness)


async def read_again(entry: Entry, *, is_given_unasked: bool) -> Mark | None:
    """The mark of an answer, as of now, if what it was made from is the same."""
    if entry.is_over() or entry.mark.reading is None:
        return None
    try:
        return await confirmed(entry.mark, is_given_unasked=is_given_unasked)
    except ApplicationError:
        raise
    except Exception:  # Django will meet it too, and say what it is
        return None


async def confirmed(mark: Mark, *, is_given_unasked: bool) -> Mark | None:
    """The same mark if the state is the same. When it ends is read before: what changes by itself
    between is found, or over at once."""
    reading, until = mark.reading, mark.until
    if is_given_unasked and reading.until:
        until = seconds(await reading.until())
    return mark._replace(until=until) if await reading.again() == reading.state else None


def entry_of(answer: Answer, taken: int | None) -> Entry | None:
    """What can be kept of a marked answer, that was asked for after the tick `taken`."""
    if answer.mark is None or answer.start["status"] != 200:
        return None
    headers = [pair for pair in answer.start["headers"] if pair[0] != REQUEST_ID]
    found = dict(headers)
    varies_by = {name.strip().lower() for name in found.get(b"vary", b"").split(b",")} - {b""}
    if b"set-cookie" in found or not varies_by <= VARY or b"etag" not in found:
        return None
    tag = found[b"etag"].decode("latin-1")
    return Entry(headers, without_content(headers), answer.body, tag, answer.mark, taken)


def answer_with(entry: Entry, scope: Scope, headers: Headers) -> Answer:
    """The answer for this client, which has a request id of its own and may have the content."""
    given = headers.get(b"if-none-match")
    is_unchanged = given is not None and names(given.decode("latin-1"), entry.tag)
    request_id = id_for(headers.get(REQUEST_ID, b"").decode("latin-1"))
    kept = entry.headers_unchanged if is_unchanged else entry.headers
    start = {
        "type": "http.response.start",
        "status": 304 if is_unchanged else 200,
        "headers": [*kept, (REQUEST_ID, request_id.encode())],
    }
    has_body = not is_unchanged and scope["method"] != "HEAD"
    return Answer(start, entry.body if has_body else b"")


def unchanged(answer: Answer) -> Answer:
    """The 304 in place of an answer."""
    headers = without_content(answer.start["headers"])
    return Answer(answer.start | {"status": 304, "headers": headers})


def without_content(headers: Pairs) -> Pairs:
    return [pair for pair in headers if pair[0] not in OF_CONTENT]


def log(answer: Answer, entry: Entry, scope: Scope, headers: Headers, started: float) -> None:
    """Counted, and the line written, as for an answer of Django's."""
    meta = {"REMOTE_ADDR": scope["client"][0]}
    if forwarded := headers.get(b"x-forwarded-for"):
        meta["HTTP_X_FORWARDED_FOR"] = forwarded.decode("latin-1")
    request_id = answer.start["headers"][-1][1].decode()
    took = time.perf_counter() - started
    method, status, mark = scope["method"], answer.start["status"], entry.mark
    metrics.count_request(method, mark.route, status, took, source="memory")
    log_answer(request_id, method, mark.path, status, took, meta, mark.user)
