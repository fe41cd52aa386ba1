"""A clock that tests move."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from core.times import isoformat


class Clock:
    """Stands where `core.times` asks what time it is, and so for everybody who asks that."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC).replace(microsecond=0)

    def now(self, zone: tzinfo) -> datetime:
        return self.moment.astimezone(zone)

    def advance(self, **by: float) -> None:
        """By hours, days and so on, as a `timedelta` takes them."""
        self.moment += timedelta(**by)

    def at(self, **by: float) -> str:
        """The time so far from now, as the API writes it."""
        return isoformat(self.moment + timedelta(**by))


def install(patch: Any) -> Clock:
    """A clock in place of the real one, until pytest's `patch` is undone."""
    clock = Clock()
    patch.setattr("core.times.datetime", clock)
    return clock
