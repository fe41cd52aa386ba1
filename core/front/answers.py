"""An answer of Django's: made in a thread, sent on the event loop."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from core.front.environ import Environ
from core.front.marks import Mark, mark_of

# What a thread reads of a file at once: a picture takes few turns, and a slow client little memory.
PIECE = 256 * 1024
WITHOUT_BODY = {204, 304}

Send = Callable[[dict[str, Any]], Awaitable[None]]
Handler = Callable[[Environ, Callable[..., Any]], Any]


class Stream:
    """A body that is read piece by piece, such as a file."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.chunks = iter(response)
        self.is_open = True

    def read(self) -> bytes:
        """The next piece; the last one closes it."""
        piece = bytearray()
        for chunk in self.chunks:
            piece += chunk
            if len(piece) >= PIECE:
                break
        else:
            self.close()
        return bytes(piece)

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self.response.close()


class Answer(NamedTuple):
    """`start` is the message of ASGI, `rest` what has not been read of the body yet, `mark`
    what Django says of keeping it."""

    start: dict[str, Any]
    body: bytes = b""
    rest: Stream | None = None
    mark: Mark | None = None


def make_answer(handler: Handler, environ: Environ) -> Answer:
    """What Django answers; called in a thread."""
    start: dict[str, Any] = {"type": "http.response.start"}

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        start["status"] = int(status[:3])
        start["headers"] = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers]

    response = handler(environ, start_response)
    if not response.streaming:
        response.close()
        return Answer(start, response.content, mark=mark_of(response))
    stream = Stream(response)
    if environ["REQUEST_METHOD"] == "HEAD" or start["status"] in WITHOUT_BODY:
        stream.close()
        return Answer(start)
    return Answer(start, stream.read(), stream)
