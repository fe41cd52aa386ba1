"""Where in an ordered list a page ended, and what comes after it.

A list is walked by the value it is sorted by, so that what is added or removed meanwhile moves
nothing that was there: no document comes twice, and none is left out.
"""

import math
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bson import ObjectId

from core.database.documents import Raw
from core.database.filters import Clause

# The lowest value of each kind, in the database's order of kinds; missing sorts below them. A
# comparison finds values of its own kind only.
_LOWEST: dict[type, Any] = {
    float: -math.inf,
    str: "",
    datetime: datetime.min.replace(tzinfo=UTC),
}


class Position(NamedTuple):
    """The last document of a page: what it is sorted by, and its id, which breaks a tie.

    `ordering` is the order as asked for, such as `-title`.
    """

    ordering: str
    value: datetime | str | int | float | None
    id: ObjectId


class Order(NamedTuple):
    """An order of a list: as it is asked for, and the stored key it goes by."""

    ordering: str
    key: str

    @property
    def direction(self) -> int:
        return -1 if self.ordering.startswith("-") else 1

    @property
    def sort(self) -> list[tuple[str, int]]:
        """The order with the id as tie-break in the same direction."""
        return [(self.key, self.direction), ("_id", self.direction)]

    def position(self, raw: Raw) -> Position | None:
        """Where a document stands; None where its value is of a kind that nobody of us wrote."""
        value = raw.get(self.key)
        return Position(self.ordering, value, raw["_id"]) if _is_known(value) else None

    def after(self, position: Position) -> Clause:
        """The clause of what comes later, in an order in which what has no value is lowest."""
        side = "$gt" if self.direction == 1 else "$lt"
        value = position.value
        tie = {self.key: value, "_id": {side: position.id}}
        later = [] if value is None else [{self.key: {side: value}}]
        return {"$or": [*later, *self._kinds_after(value), tie]}

    def _kinds_after(self, value: Any) -> list[Clause]:
        """What is of a later kind: the first kind is the lowest."""
        kinds = [{self.key: None}, *({self.key: {"$gte": low}} for low in _LOWEST.values())]
        place = 0 if value is None else 1 + list(_LOWEST).index(_kind(value))
        return kinds[place + 1 :] if self.direction == 1 else kinds[:place]


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)


def _is_known(value: Any) -> bool:
    return value is None or _kind(value) in _LOWEST
