"""Answers in memory: so many bytes of them, the least recently used go."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

from core.front.marks import Mark

Pairs = list[tuple[bytes, bytes]]

# What an entry takes besides its bytes: its key, its tuples, its place in the order.
OVERHEAD = 2048
# No entry takes more than this part of all there is room for.
LARGEST = 1 / 8


class Entry(NamedTuple):
    """An answer of status 200, and what it was made from: `taken` is the tick of
    `Freshness` before, if it had one. `headers_unchanged` are those of a 304."""

    headers: Pairs
    headers_unchanged: Pairs
    body: bytes
    tag: str
    mark: Mark
    taken: int | None

    def is_over(self) -> bool:
        """Whether the time until which it may be given has come."""
        return self.mark.until is not None and time.time() >= self.mark.until

    def size(self) -> int:
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.body) + headers + OVERHEAD


class Store:
    """Used by one thread, that of the event loop."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = 0
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Entry | None:
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def put(self, key: Hashable, entry: Entry) -> None:
        self.drop(key)
        if entry.size() > self.room * LARGEST:
            return
        self._entries[key] = entry
        self.taken += entry.size()
        while self.taken > self.room:
            self.drop(next(iter(self._entries)))

    def drop(self, key: Hashable) -> None:
        if entry := self._entries.pop(key, None):
            self.taken -= entry.size()
