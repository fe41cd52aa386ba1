"""The commands that the driver really sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring


class _Listener(monitoring.CommandListener):
    """Notes whole commands while somebody watches."""

    def __init__(self) -> None:
        self.watchers: list[tuple[tuple[str, ...], list[dict[str, Any]]]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        for names, commands in self.watchers:
            if not names or event.command_name in names:
                commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Not of interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Not of interest."""


_listener = _Listener()
# For clients that are opened from now on.
monitoring.register(_listener)


@contextmanager
def sent_commands(*names: str) -> Iterator[list[dict[str, Any]]]:
    """The commands of these names, without any all, that are sent within, as the server gets
    them."""
    watcher: tuple[tuple[str, ...], list[dict[str, Any]]] = (names, [])
    _listener.watchers.append(watcher)
    try:
        yield watcher[1]
    finally:
        _listener.watchers.remove(watcher)
