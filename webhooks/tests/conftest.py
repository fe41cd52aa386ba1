"""Receivers on loopback, a clock that can be moved, and endpoints."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from accounts.credentials import sessions
from core import times
from core.database.documents import Raw
from webhooks import outbox, services
from webhooks.delivery.dispatch import Dispatcher


class Clock:
    """The time, and as much later as it was moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **parts: float) -> None:
        self.ahead += timedelta(**parts)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(times, "clock", moved)
    return moved


class Request:
    """What a receiver got."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The payload, as the specification's own library accepts it."""
        return Verifier(secret).verify(self.body, self.headers)


class Receiver:
    """A server that keeps what it gets and answers as it is told: with a status, headers and a
    body, or by a function of its own."""

    def __init__(self) -> None:
        self.got: list[Request] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.usual: tuple[int, dict[str, str], bytes] = (204, {}, b"")
        self.before: Callable[[Request], None] = lambda request: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(request := Request(self.path, headers, body))
                receiver.before(request)
                status, headers, body = (
                    receiver.answers.pop(0) if receiver.answers else receiver.usual
                )
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def answer(self, *statuses: int, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers += [(status, named, b"") for status in statuses]


@pytest.fixture
def new_receiver() -> Iterator[Callable[[], Receiver]]:
    receivers: list[Receiver] = []

    def make() -> Receiver:
        receivers.append(receiver := Receiver())
        threading.Thread(target=receiver.server.serve_forever, args=(0.05,), daemon=True).start()
        return receiver

    yield make
    for receiver in receivers:
        receiver.server.shutdown()
        receiver.server.server_close()


@pytest.fixture
def receiver(new_receiver: Callable[[], Receiver]) -> Receiver:
    return new_receiver()


@pytest.fixture(autouse=True)
def receivers_may_be_here(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def subscribe(admin: Any) -> Callable[..., tuple[Raw, str]]:
    """A function that makes an endpoint; gives it and its secret."""

    def make(url: str, **values: Any) -> tuple[Raw, str]:
        values = {"events": ["*"], "rate_per_minute": 6000} | values
        return services.create({"url": url, **values}, actor=sessions.actor_of(admin.raw))

    return make


@pytest.fixture
def work() -> Iterator[Callable[[], None]]:
    """A function that does what a worker does about webhooks, until nothing is due."""
    dispatcher = Dispatcher(threads=4)

    def run() -> None:
        while outbox.fan_out():
            pass
        dispatcher.deliver()
        dispatcher.finish()

    yield run
    dispatcher.finish()
