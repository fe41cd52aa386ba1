"""A client of the front, without a web server between."""

import asyncio
from collections.abc import Coroutine
from typing import Any, NamedTuple

from core.front.application import Front

# One for all, as a process has one: what the front asks the database with belongs to it.
LOOP = asyncio.new_event_loop()


class Received(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def scope(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """What the web server makes of a request; `accept_language` names `Accept-Language`."""
    path, _, query = path.partition("?")
    given = {"host": "127.0.0.1:8000"} | headers
    return {
        "method": method,
        "raw_path": path.encode(),
        "path": path,
        "query_string": query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in given.items()],
        "server": ("127.0.0.1", "8000"),
        "client": ("192.0.2.7", "51000"),
        "http_version": "1.1",
        "scheme": "http",
    }


def ask(front: Front, path: str, method: str = "GET", **headers: str) -> Received:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    finished(front(scope(path, method, **headers), None, send))
    start, *rest = sent
    fields = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Received(start["status"], fields, b"".join(message.get("body", b"") for message in rest))


def finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What comes of it."""
    return LOOP.run_until_complete(coroutine)
