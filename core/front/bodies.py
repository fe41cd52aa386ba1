"""Receiving a body: to its end, within its limit, and from clients that keep sending."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

from core.errors import BodyIncomplete, BodyTooLarge
from core.front.spool import Disk, Spool

# A client that sends less than this while its patience lasts stands still.
PROGRESS = 16 * 1024
# Of a body that is refused this much is received all the same: most clients read the answer only
# after they have sent everything. A longer one is cut off.
DROPPED = 64 * 1024 * 1024

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Announced(NamedTuple):
    """What the head of a request says about its body; without a length it comes in chunks."""

    length: int | None
    limit: int
    waits_for_leave: bool

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing would be gained by receiving it."""
        length = self.length or 0
        return length > DROPPED or (length > self.limit and self.waits_for_leave)


async def receive_body(
    receive: Receive, announced: Announced, patience: float, disk: Disk
) -> Spool:
    """The whole body, to be closed by the caller.

    Raises `BodyIncomplete`, and `BodyTooLarge`, `Busy`, `StorageUnavailable` after the rest of
    the body has been dropped.
    """
    if announced.is_hopeless:
        raise BodyTooLarge(announced.limit)
    spool = Spool(announced.limit, disk)
    try:
        async for piece in pieces(receive, patience):
            await spool.write(piece)
            if spool.size > DROPPED:
                break
        if spool.refusal:
            raise spool.refusal
    except BaseException:
        spool.close()
        raise
    spool.file.seek(0)
    return spool


async def pieces(receive: Receive, patience: float) -> AsyncIterator[bytes]:
    """The body as it comes; raises `BodyIncomplete` where it breaks off or stands still.

    `patience` is the seconds in which PROGRESS bytes, or all that is left, must come.
    """
    loop = asyncio.get_running_loop()
    deadline, progress = loop.time() + patience, 0
    more = True
    while more:
        message = await _before(deadline, receive)
        if message["type"] != "http.request":
            raise BodyIncomplete
        piece = message.get("body", b"")
        more = message.get("more_body", False)
        progress += len(piece)
        if progress >= PROGRESS:
            deadline, progress = loop.time() + patience, 0
        yield piece


async def _before(deadline: float, receive: Receive) -> Message:
    try:
        async with asyncio.timeout_at(deadline):
            return await receive()
    except TimeoutError:
        raise BodyIncomplete from None
