"""Receivers on loopback, which see what the network sees."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Verifier


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
                # Who sends reads no more than it wants.
                with suppress(ConnectionError):
                    self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def answer(self, *statuses: int, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers += [(status, named, b"") for status in statuses]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    threading.Thread(target=receiver.server.serve_forever, args=(0.05,), daemon=True).start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()
