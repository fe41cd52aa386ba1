"""Telling what this process writes, before whoever wrote it hears of the success."""

from typing import Protocol

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

# Commands that change one collection, which they name first.
WRITES = {"insert", "update", "delete", "findAndModify"}
# Commands that change nothing which is shown. Any other may change everything.
HARMLESS = {
    *("find", "getMore", "killCursors", "aggregate", "count", "distinct", "explain"),
    *("hello", "isMaster", "ismaster", "ping", "buildInfo", "getParameter", "connectionStatus"),
    *("saslStart", "saslContinue", "authenticate", "endSessions", "abortTransaction"),
    *("listDatabases", "listCollections", "listIndexes", "dbStats", "collStats", "serverStatus"),
    *("create", "createIndexes", "dropIndexes"),
}


class Watcher(Protocol):
    """Who is told, in any thread; see `core.front.freshness`."""

    def changed(self, collection: str | None) -> None: ...
    def proved(self, moment: float) -> None: ...
    def lost(self) -> None: ...


class OwnWrites(CommandListener):
    """Hears every command of the client that it is registered with.

    A write that fails is told too: it may have happened all the same.
    """

    def __init__(self) -> None:
        self.watchers: list[Watcher] = []
        # The collections of writes that are under way, by the number of the request.
        self._under_way: dict[int, str] = {}

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in WRITES:
            self._under_way[event.request_id] = event.command[event.command_name]

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self._ended(event)

    def failed(self, event: CommandFailedEvent) -> None:
        self._ended(event)

    def _ended(self, event: CommandSucceededEvent | CommandFailedEvent) -> None:
        if event.command_name in HARMLESS:
            return
        collection = self._under_way.pop(event.request_id, None)
        for watcher in self.watchers:
            watcher.changed(collection)


own_writes = OwnWrites()
