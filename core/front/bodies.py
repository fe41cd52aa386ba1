"""Receiving a body: to its end, within its limit, and from clients that keep sending."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from core.errors import (
    ApplicationError,
    BodyIncomplete,
    BodyInPieces,
    BodyTooLarge,
    UnknownCoding,
)
from core.front.spool import Disk, Spool

# A client that sends less than this while its patience lasts stands still.
PROGRESS = 64 * 1024
# Of a body that is refused this much is received all the same, as long as the patience lasts:
# most clients read the answer only after they have sent everything. A longer one is cut off.
DROPPED = 64 * 1024 * 1024
# A body may come in so many pieces of any size; beyond them, of so many bytes each on average.
FREE_PIECES, SMALLEST_PIECE = 1000, 64

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Announced(NamedTuple):
    """What the head of a request says about its body; in chunks it has the length 0 there.

    `coding` is the transfer coding, which may be empty.
    """

    length: int
    limit: int
    waits_for_leave: bool
    coding: str

    @property
    def refusal(self) -> ApplicationError | None:
        """Why no body that is announced so can be read."""
        if self.coding not in ("", "chunked"):
            return UnknownCoding()
        return BodyTooLarge(self.limit) if self.length > self.limit else None


async def receive_body(
    receive: Receive, announced: Announced, patience: float, disk: Disk
) -> Spool:
    """The whole body, to be closed by the caller.

    `patience` is the seconds in which PROGRESS bytes, or all that is left, must come. Raises
    `BodyIncomplete` where it breaks off or stands still, `BodyInPieces`; `UnknownCoding`,
    `BodyTooLarge`, `Busy` and `StorageUnavailable` after the rest of the body has been dropped.
    """
    spool = Spool(announced.limit, disk)
    try:
        if announced.refusal:
            spool.refuse(announced.refusal)
        if not spool.refusal or is_worth_dropping(announced):
            await _fill(spool, receive, patience)
        if spool.refusal:
            raise spool.refusal
    except BaseException:
        spool.close()
        raise
    spool.file.seek(0)
    return spool


def is_worth_dropping(announced: Announced) -> bool:
    """Whether its client can be helped to read why it is refused, and needs that help."""
    return announced.length <= DROPPED and not announced.waits_for_leave


async def _fill(spool: Spool, receive: Receive, patience: float) -> None:
    loop = asyncio.get_running_loop()
    deadline, progress = loop.time() + patience, 0
    more, pieces = True, 0
    while more and spool.size <= DROPPED:
        message = await _before(deadline, receive)
        if message["type"] != "http.request":
            raise spool.refusal or BodyIncomplete
        piece = message.get("body", b"")
        more = message.get("more_body", False)
        pieces += 1
        if pieces > FREE_PIECES + spool.size // SMALLEST_PIECE:
            raise spool.refusal or BodyInPieces
        await spool.write(piece)
        progress += len(piece)
        if progress >= PROGRESS and not spool.refusal:
            deadline, progress = loop.time() + patience, 0


async def _before(deadline: float, receive: Receive) -> Message:
    """The next message; where none comes in time, as if the client had left."""
    try:
        async with asyncio.timeout_at(deadline):
            return await receive()
    except TimeoutError:
        return {"type": "http.disconnect"}
