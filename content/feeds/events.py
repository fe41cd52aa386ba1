"""Programs as a calendar (RFC 5545) that people subscribe to."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from icalendar import Calendar, Event, vDuration

from content.documents import Program
from content.feeds import public
from core.database.documents import Raw

# What was longer ago is of no use in a calendar.
PAST: Final = timedelta(days=366)
MOST: Final = 1000
# What comes after it is in no year of some time zone.
LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
REFRESH: Final = timedelta(hours=1)
_PRODUCT: Final = f"-//{public.ORGANISATION}//LSA content service//ID"
_NAMES: Final = ("title", "excerpt", "start_date", "end_date", "is_active", "version", "tags")


def calendar(own_address: str, moment: datetime) -> bytes:
    """The calendar that is found at `own_address`, as it is at a moment: what is to come, and what
    was in the last year."""
    starts = {"start_date": {"$gte": midnight(moment) - PAST, "$lt": LATEST}}
    raws = public.read(Program, _NAMES, moment, where=starts, latest="start_date", limit=MOST)
    events = [_event(raw) for raw in raws]
    made = Calendar.new(
        prodid=_PRODUCT,
        uid=own_address,
        url=f"{settings.SITE_URL}/",
        source=own_address,
        name=public.ORGANISATION,
        refresh_interval=REFRESH,
        subcomponents=events,
    )
    # Names that calendars knew before there were any (RFC 7986).
    made.add("x-wr-timezone", settings.SITE_TIME_ZONE.key)
    made.add("x-published-ttl", vDuration(REFRESH))
    made.add_missing_timezones()
    return made.to_ical()


def midnight(moment: datetime) -> datetime:
    """The beginning of the day on the site, when the calendar of a year moves on."""
    local = moment.astimezone(settings.SITE_TIME_ZONE)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _event(raw: Raw) -> Event:
    start, end = _on_site(raw["start_date"]), _on_site(raw.get("end_date"))
    changed = public.changed(raw)
    link = public.link(Program, raw)
    tags = public.tags(raw)
    return Event.new(
        uid=str(raw["_id"]),
        stamp=changed,
        last_modified=changed,
        sequence=raw["version"],
        start=start,
        # An end that is not later than the start is no end (RFC 5545, 3.8.2.2).
        end=end if end and end > start else None,
        status="CONFIRMED" if raw["is_active"] else "CANCELLED",
        summary=public.line(raw.get("title")) or link,
        description=public.line(raw.get("excerpt")) or None,
        url=link,
        **({"categories": tags} if tags else {}),
    )


def _on_site(moment: Any) -> datetime | None:
    """A stored time as the site's clocks show it, to the second, which is all that a calendar
    knows; None where it is no time."""
    if not isinstance(moment, datetime):
        return None
    return min(moment, LATEST).astimezone(settings.SITE_TIME_ZONE).replace(microsecond=0)
