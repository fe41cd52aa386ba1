"""Answers on their way to clients, which may take them slowly."""

import asyncio

from core.errors import Busy
from core.front.answers import Answer, Send, Stream

# Larger answers are sent in such pieces, the next one when the client has taken the last.
PIECE = 64 * 1024
# What large answers may take at once, in one process: some 30 of the longest lists.
ROOM = 128 * 1024 * 1024


class Outgoing:
    """The answers of one process that are being sent.

    A client that takes nothing for `patience` seconds is left. `room` is the bytes that those in
    memory may take: clients that ask for long lists and take them slowly must not fill it.
    """

    def __init__(self, patience: float, room: int = ROOM) -> None:
        self.patience = patience
        self.free = room

    def admit(self, answer: Answer) -> None:
        """Raises `Busy` where there is no room for it."""
        if len(answer.body) > max(PIECE, self.free) and not answer.rest:
            raise Busy

    async def deliver(self, answer: Answer, send: Send) -> None:
        start, body, rest, *_ = answer
        await send(start)
        if rest is None and len(body) <= PIECE:
            await send({"type": "http.response.body", "body": body})
            return
        try:
            await (self._send_stream(body, rest, send) if rest else self._send_large(body, send))
        except TimeoutError:
            return  # the server notices that the body is not whole, and closes the connection

    async def _send_stream(self, body: bytes, rest: Stream, send: Send) -> None:
        try:
            while rest.is_open:
                await self._send_piece(body, send)
                body = await asyncio.to_thread(rest.read)
            await send({"type": "http.response.body", "body": body})
        finally:
            rest.close()

    async def _send_large(self, body: bytes, send: Send) -> None:
        self.free -= len(body)
        try:
            for start in range(0, len(body), PIECE):
                await self._send_piece(body[start : start + PIECE], send)
            await send({"type": "http.response.body"})
        finally:
            self.free += len(body)

    async def _send_piece(self, piece: bytes, send: Send) -> None:
        async with asyncio.timeout(self.patience):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
