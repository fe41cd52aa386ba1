"""Times as the API writes and the database keeps them: UTC, whole milliseconds."""

from collections.abc import Callable
from datetime import UTC, datetime

# What tells the time: tests put one of their own in its place, and everything follows.
clock: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 (a part to exchange)


def now() -> datetime:
    """The current UTC time cut to milliseconds, which is all that BSON keeps."""
    moment = clock()
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def isoformat(moment: datetime) -> str:
    """ISO 8601 with milliseconds and `Z`; a naive time is UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
