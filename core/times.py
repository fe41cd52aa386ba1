"""Times as the API writes and the database keeps them: UTC, whole milliseconds."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current UTC time cut to milliseconds, which is all that BSON keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def isoformat(moment: datetime) -> str:
    """ISO 8601 with milliseconds and `Z`; a naive time is UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
