"""Asking the database the same again, where all that matters is whether it answers the same.

A command whose reply is compared as it came, and no cursor of documents: a page of ten takes
two thirds of the processor time, for nothing is decoded but what has changed. What fails here is
not tried again, as the driver does with cursors: whoever asks can read in the ordinary way.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from mongoengine.connection import get_db

from core.database.documents import Raw
from core.database.filters import Clause

Command = dict[str, Any]
# What each of several commands found.
Found = list[list[Raw]]

AS_IT_CAME: CodecOptions = CodecOptions(document_class=RawBSONDocument)


def find(collection: str, where: Clause, projection: dict[str, int], **options: Any) -> Command:
    """The command of a query that is answered in one batch."""
    return {
        "find": collection,
        "filter": where,
        "projection": projection,
        **options,
        "singleBatch": True,
    }


def aggregate(collection: str, pipeline: list[Raw]) -> Command:
    """The command of an aggregation that finds a single document, or none."""
    return {"aggregate": collection, "pipeline": pipeline, "cursor": {}}


class Rereading:
    """Tells the state of what `commands` find, which are made anew each time, for the time they
    are sent.

    `state_of` tells it from the documents; replies with the bytes of the time before have the
    state of the time before. Called in any thread.
    """

    def __init__(
        self, commands: Callable[[], list[Command]], state_of: Callable[[Found], bytes]
    ) -> None:
        self._commands, self._state_of = commands, state_of
        self._latest = b"", b""

    def __call__(self) -> bytes:
        replies = [ask(command) for command in self._commands()]
        digest = digest_of(replies)
        known, state = self._latest
        if digest != known:
            state = self._state_of([documents_in(reply) for reply in replies])
            self._latest = digest, state
        return state


def only(found: Found) -> Raw | None:
    """The one document that a single command found."""
    return found[0][0] if found[0] else None


def ask(command: Command) -> bytes:
    """The batch that answers it, as it came."""
    return get_db().command(command, codec_options=AS_IT_CAME)["cursor"].raw


def documents_in(batch: bytes) -> list[Raw]:
    return bson.decode(batch, get_db().codec_options)["firstBatch"]


def digest_of(batches: list[bytes]) -> bytes:
    """Each tells its own length, so that no two lists of them have the same bytes in a row."""
    return blake2b(b"".join(batches), digest_size=16).digest()
