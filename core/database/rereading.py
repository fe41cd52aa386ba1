"""Asking the database the same again, where all that matters is whether it answers the same.

A command whose reply is compared as it came, and no cursor of documents: a page of ten takes
two thirds of the processor time, for nothing is decoded but what has changed. It is sent and its
reply awaited on the event loop: to have a thread do so, which must be woken and then waits for the
interpreter's lock, takes a fifth more.
"""

import asyncio
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from core import metrics
from core.database.connection import LIMITED, OPERATION_SECONDS, reader
from core.database.documents import Raw
from core.database.failures import DatabaseUnavailableError
from core.database.filters import Clause

Command = dict[str, Any]
# What each of several commands found.
Found = list[list[Raw]]

AS_IT_CAME: CodecOptions = CodecOptions(document_class=RawBSONDocument)
# The server gives up too: nobody waits for its answer any more.
TIMED = {"maxTimeMS": LIMITED["timeoutMS"]}


def find(collection: str, where: Clause, projection: dict[str, int], **options: Any) -> Command:
    """The command of a query that is answered in one batch."""
    return {
        "find": collection,
        "filter": where,
        "projection": projection,
        **options,
        **TIMED,
        "singleBatch": True,
    }


def aggregate(collection: str, pipeline: list[Raw]) -> Command:
    """The command of an aggregation that finds a single document, or none."""
    return {"aggregate": collection, "pipeline": pipeline, "cursor": {}, **TIMED}


class Rereading:
    """Tells the state of what `commands` find, which are made anew each time, for the time they
    are sent.

    `state_of` tells it from the documents, in a thread, as these may be large; replies with the
    bytes of the time before have the state of the time before.
    """

    def __init__(
        self, commands: Callable[[], list[Command]], state_of: Callable[[Found], bytes]
    ) -> None:
        self._commands, self._state_of = commands, state_of
        self._latest = b"", b""

    async def __call__(self) -> bytes:
        replies = [await ask(command) for command in self._commands()]
        digest = digest_of(replies)
        known, state = self._latest
        if digest != known:
            state = await asyncio.to_thread(self._state_in, replies)
            self._latest = digest, state
        return state

    def _state_in(self, replies: list[bytes]) -> bytes:
        return self._state_of([documents_in(reply) for reply in replies])


def only(found: Found) -> Raw | None:
    """The one document that a single command found."""
    return found[0][0] if found[0] else None


async def ask(command: Command) -> bytes:
    """The batch that answers it, as it came. Raises `DatabaseUnavailableError` where none came in
    time, and what the driver raises."""
    outcome, started = "failed", time.perf_counter()
    try:
        async with asyncio.timeout(OPERATION_SECONDS):
            reply = await reader().command(command, codec_options=AS_IT_CAME)
        outcome = "ok"
    except TimeoutError as error:
        raise DatabaseUnavailableError(f"no answer in {OPERATION_SECONDS:g} s") from error
    finally:
        # Counted here: to be told by the driver takes a tenth of the time that asking takes.
        metrics.count_command(next(iter(command)), outcome, time.perf_counter() - started)
    return reply["cursor"].raw


async def documents(command: Command) -> list[Raw]:
    return documents_in(await ask(command))


def documents_in(batch: bytes) -> list[Raw]:
    return bson.decode(batch, reader().codec_options)["firstBatch"]


def digest_of(batches: list[bytes]) -> bytes:
    """Each tells its own length, so that no two lists of them have the same bytes in a row."""
    return blake2b(b"".join(batches), digest_size=16).digest()
