"""Telling what changes in the database, whoever changes it, in this process or another.

The change stream brings it some milliseconds later (MongoDB: once a majority of the replica set
has it); what this process writes is told at once, see `own_writes`.
"""

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

from mongoengine.connection import get_connection, get_db
from pymongo.command_cursor import CommandCursor

from core.database.own_writes import Watcher, own_writes
from core.database.transactions import has_transactions

logger = logging.getLogger(__name__)

# The stream is asked again after so long without news, which proves that it lives.
WAIT_SECONDS = 0.5
RETRY_SECONDS = 0.5
# No server ends a batch so early while it has more.
FULL_BATCH = 100
# The kinds of event that concern one collection, or two; any other may concern all.
OF_A_COLLECTION = {"insert", "update", "replace", "delete", "drop", "rename", "create", "modify"}
OF_INDEXES = {"createIndexes", "dropIndexes"}


def follow(watcher: Watcher) -> None:
    """Tell the watcher of changes from now on, in a thread of this process.

    Where there is no change stream (a server that stands alone) it is told of no proof, ever.
    """
    own_writes.watchers.append(watcher)
    threading.Thread(target=_follow, args=(watcher,), name="changes", daemon=True).start()


def _follow(watcher: Watcher) -> None:
    is_reported = False
    while True:
        try:
            if not has_transactions(get_connection()):
                logger.warning("The database is no replica set: reads are not kept in memory.")
                return
            for _ in _follow_once(watcher):
                is_reported = False
        except Exception as error:  # whatever it is, the thread must not end
            watcher.lost()
            if not is_reported:
                logger.warning("Reads are not kept in memory for now: %s", error)
            is_reported = True
        time.sleep(RETRY_SECONDS)


def _follow_once(watcher: Watcher) -> Iterator[None]:
    """Follow one stream to its end; yields at each sign of life. Database errors pass through."""
    watcher.lost()
    asked = time.monotonic()
    with _open_stream() as stream:
        watcher.proved(asked)
        while stream.alive:
            asked = time.monotonic()
            events = list(_batch(stream))
            for event in events:
                _tell(watcher, event)
            # Behind a batch that is full there may be more, which is as old.
            if len(events) < FULL_BATCH:
                watcher.proved(asked)
            yield
    watcher.lost()


def _batch(stream: CommandCursor[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What one round trip brings: nothing, where there is no news for so long as it waits."""
    event = stream.try_next()
    while event:
        yield event
        # The driver has no public word for what it has received and not handed out.
        event = stream.try_next() if stream._data else None


def _open_stream() -> CommandCursor[dict[str, Any]]:
    """Changes of the whole database: a restore renames collections.

    Not by the driver's `watch`, which opens another one by itself and does not say that it did.
    """
    shown = {"$project": {"operationType": 1, "ns": 1, "to": 1}}
    milliseconds = int(WAIT_SECONDS * 1000)
    return get_db().aggregate([{"$changeStream": {}}, shown], maxAwaitTimeMS=milliseconds)


def _tell(watcher: Watcher, event: dict[str, Any]) -> None:
    kind = event["operationType"]
    if kind in OF_A_COLLECTION:
        for place in ("ns", "to"):
            if place in event:
                watcher.changed(event[place]["coll"])
    elif kind not in OF_INDEXES:
        watcher.changed(None)
