"""The door: every request comes in here, on the event loop of the web server.

What can be answered without Django is answered before a thread is asked for.
"""

from io import BytesIO

from core import metrics
from core.errors import ApplicationError, Busy
from core.front.answers import Answer, Handler, Send, make_answer
from core.front.bodies import Announced, Receive, receive_body
from core.front.environ import Environ, Headers, Scope, environ_of, headers_of
from core.front.limits import body_limit
from core.front.outgoing import Outgoing
from core.front.reads import Reads
from core.front.spool import Disk
from core.front.threads import Threads

# What the front refuses Django answers, with everything that its middleware gives to an answer.
REFUSAL = "front.refusal"
# Where even refusals would have to wait: without a body, an id and a line in the log.
OVERLOADED = Answer(
    {"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"5")]}
)


class Front:
    """An ASGI application (HTTP only) before a WSGI one.

    `wait` is how many seconds a request waits for a thread, `patience` how many a client may
    stand still. Without `reads` nothing is answered from memory.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        threads: int,
        waiting: int,
        wait: float,
        patience: float,
        reads: Reads | None = None,
    ) -> None:
        self.handler = handler
        self.reads = reads
        self.patience = patience
        self.disk = Disk()
        self.outgoing = Outgoing(patience)
        self.threads = Threads("django", count=threads, waiting=waiting, wait=wait)
        # A refusal is made quickly, and must not wait for the threads that are busy.
        self.refusals = Threads("refusals", count=1, waiting=waiting, wait=wait)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope["headers"])
        try:
            answer = await self.answer(scope, headers, receive)
            self.outgoing.admit(answer)
        except ApplicationError as refusal:
            # Without its frames: they hold the body, of which nothing more is read, and so the
            # connection, for as long as Django's request is there.
            answer = await self.refuse(scope, headers, refusal.with_traceback(None))
        await self.outgoing.deliver(answer, send)

    async def answer(self, scope: Scope, headers: Headers, receive: Receive) -> Answer:
        """Raises what the front refuses."""
        if not has_body(headers):
            return await self.answer_bodiless(scope, headers)
        body = await receive_body(receive, announced(scope, headers), self.patience, self.disk)
        try:
            return await self.ask_django(environ_of(scope, headers, body.file, body.size))
        finally:
            body.close()

    async def answer_bodiless(self, scope: Scope, headers: Headers) -> Answer:
        key = self.reads.key_of(scope, headers) if self.reads else None
        if key and (answer := await self.reads.recall(key, scope, headers)):
            return answer
        environ = environ_of(scope, headers, BytesIO(), 0)
        if key:
            return await self.reads.learn(key, environ, self.ask_django)
        return await self.ask_django(environ)

    async def ask_django(self, environ: Environ) -> Answer:
        return await self.threads.run(make_answer, self.handler, environ)

    async def refuse(self, scope: Scope, headers: Headers, refusal: ApplicationError) -> Answer:
        environ = environ_of(scope, headers, BytesIO(), 0) | {REFUSAL: refusal}
        try:
            return await self.refusals.run(make_answer, self.handler, environ)
        except Busy:
            metrics.count_request(scope["method"], None, OVERLOADED.start["status"], 0.0)
            return OVERLOADED


def has_body(headers: Headers) -> bool:
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


def announced(scope: Scope, headers: Headers) -> Announced:
    return Announced(
        length=int(headers.get(b"content-length", b"0")),
        limit=body_limit(scope["path"], headers.get(b"content-type", b"").decode("latin-1")),
        waits_for_leave=headers.get(b"expect", b"").lower() == b"100-continue",
        coding=headers.get(b"transfer-encoding", b"").decode("latin-1").strip().lower(),
    )
