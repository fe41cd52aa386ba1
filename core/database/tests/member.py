"""A server that says of itself what a test makes it say: a member of a set with an arbiter, one
with a clock of its own, an old one. Speaks as much of MongoDB's wire protocol as is needed to ask:
OP_MSG, and OP_QUERY for the first greeting."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import bson

HEADER = struct.Struct("<iiii")  # length, request id, the one that is answered, opcode
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while header := self.rfile.read(HEADER.size):
            length, request_id, _, opcode = HEADER.unpack(header)
            body = self.rfile.read(length - HEADER.size)
            name = next(iter(bson.decode(body[self._start_of_command(opcode, body) :])))
            reply = bson.encode(self.server.answer(name))
            if opcode == OP_QUERY:
                self._send(request_id, OP_REPLY, struct.pack("<iqii", 8, 0, 0, 1) + reply)
            else:
                self._send(request_id, OP_MSG, struct.pack("<iB", 0, 0) + reply)

    def _start_of_command(self, opcode: int, body: bytes) -> int:
        if opcode == OP_MSG:  # flags and the kind of the section
            return 5
        return body.index(b"\0", 4) + 1 + 8  # flags, the collection's name, skip and limit

    def _send(self, request_id: int, opcode: int, body: bytes) -> None:
        header = HEADER.pack(HEADER.size + len(body), 0, request_id, opcode)
        self.wfile.write(header + body)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, hello: dict[str, Any], version: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hello, self.version = hello, version

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def answer(self, command: str) -> dict[str, Any]:
        if command.lower() in ("hello", "ismaster"):
            greeting = {
                "ismaster": True,
                "isWritablePrimary": True,
                "helloOk": True,
                "minWireVersion": 0,
                "maxWireVersion": 25,
                "maxBsonObjectSize": 16777216,
                "maxMessageSizeBytes": 48000000,
                "maxWriteBatchSize": 100000,
                "logicalSessionTimeoutMinutes": 30,
                "localTime": datetime.now(UTC),
                "hosts": [self.address],
                "me": self.address,
                "ok": 1,
            }
            return greeting | self.hello
        if command.lower() == "buildinfo":
            return {"version": self.version, "ok": 1}
        if command in ("ping", "endSessions"):
            return {"ok": 1}
        return {"ok": 0, "code": 13, "codeName": "Unauthorized", "errmsg": f"no right to {command}"}


@contextmanager
def member(*, version: str = "8.0.4", **hello: Any) -> Iterator[str]:
    """The address (`host:port`) of a server that adds this to its greeting."""
    with _Server(hello, version) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.address
        server.shutdown()
