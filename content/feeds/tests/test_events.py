"""The calendar of programs, as calendars read it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar

from content.feeds import events
from content.publishing import states
from content.tests.resources import JSON, RESOURCES
from core.times import now

PROGRAMS = RESOURCES["programs"]
URL = "/api/v1/programs.ics"
# In the evening in Jakarta, on the day before by UTC's midnight.
START = datetime(2026, 12, 5, 15, 0, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")


def store(**fields):
    came_out = datetime(2026, 1, 1, tzinfo=UTC)
    given = {"status": "published", "published_at": came_out, "visible_from": came_out}
    given |= {"updated_at": came_out + timedelta(days=1), "start_date": START}
    [key] = PROGRAMS.store(**(given | fields))
    return key


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """A year in which the dates below are near."""
    monkeypatch.setattr("content.feeds.views.now", lambda: datetime(2026, 11, 1, tzinfo=UTC))


def calendar(client):
    response = client.get(URL)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(response.content)
    assert not [error for event in found.events for error in event.errors]
    return found


def event(client):
    [found] = calendar(client).events
    return found


def test_a_program_is_an_event_in_the_zone_of_the_site(anyone, settings):
    settings.SITE_URL = "https://lsa.example"
    key = store(
        title="Pelatihan, dasar; data\\kota",
        slug="pelatihan-dasar",
        excerpt="Dua hari.",
        end_date=START + timedelta(hours=3),
        tags=["Data", "Kota, desa"],
        version=7,
    )
    found = event(anyone)
    assert found.uid == str(key)
    assert found.sequence == 7
    assert found.summary == "Pelatihan, dasar; data\\kota"
    assert found.description == "Dua hari."
    assert found.start == datetime(2026, 12, 5, 22, 0, tzinfo=JAKARTA)
    # Over midnight.
    assert found.end == datetime(2026, 12, 6, 1, 0, tzinfo=JAKARTA)
    assert found["DTSTART"].params["TZID"] == "Asia/Jakarta"
    assert found.url == "https://lsa.example/programs/pelatihan-dasar"
    assert found.categories == ["Data", "Kota, desa"]
    assert found["STATUS"] == "CONFIRMED"
    assert datetime(2026, 1, 2, tzinfo=UTC) == found.DTSTAMP


def test_another_library_reads_the_same(anyone):
    key = store(
        title="Pelatihan; dasar, data\\kota " * 5,
        excerpt="Baris panjang, dengan koma; dan lain-lain. " * 4,
        end_date=START + timedelta(hours=3),
        is_active=False,
        version=3,
    )
    read = vobject.readOne(anyone.get(URL).content.decode())
    found = read.vevent
    assert found.uid.value == str(key)
    assert found.sequence.value == "3"
    assert found.status.value == "CANCELLED"
    assert found.summary.value == ("Pelatihan; dasar, data\\kota " * 5).strip()
    assert found.description.value == ("Baris panjang, dengan koma; dan lain-lain. " * 4).strip()
    assert (found.dtstart.value, found.dtend.value) == (START, START + timedelta(hours=3))
    assert found.dtstart.value.utcoffset() == timedelta(hours=7)


def test_the_zone_is_told_whole(anyone):
    store()
    found = calendar(anyone)
    [zone] = found.timezones
    assert zone.tz_name == "Asia/Jakarta"
    assert found.get_missing_tzids() == set()
    assert zone.standard[0]["TZOFFSETTO"].td == timedelta(hours=7)


def test_another_zone_shows_the_same_moment(anyone, settings):
    store()
    settings.SITE_TIME_ZONE = ZoneInfo("Asia/Jayapura")
    assert event(anyone).start == START
    assert event(anyone)["DTSTART"].params["TZID"] == "Asia/Jayapura"
    settings.SITE_TIME_ZONE = ZoneInfo("UTC")
    assert event(anyone).start == START
    assert calendar(anyone).timezones == []


@pytest.mark.parametrize("end", [None, START, START - timedelta(days=1), "besok"])
def test_without_an_end_that_is_later_there_is_none(anyone, end):
    store(end_date=end)
    found = event(anyone)
    assert "DTEND" not in found
    assert found.start == START


@pytest.mark.parametrize("start", [None, "besok"])
def test_without_a_start_it_is_in_no_calendar(anyone, start):
    store(start_date=start)
    assert calendar(anyone).events == []


def test_a_client_that_follows_uid_and_sequence_updates_and_cancels(owner, anyone, monkeypatch):
    monkeypatch.setattr("content.feeds.views.now", now)
    item = PROGRAMS.create(owner.client, start_date=(now() + timedelta(days=9)).isoformat())
    first = event(anyone)
    url = PROGRAMS.item(item["id"])
    owner.client.patch(url, {"title": "Judul baru"}, **JSON)
    second = event(anyone)
    owner.client.patch(url, {"is_active": False}, **JSON)
    third = event(anyone)
    assert first.uid == second.uid == third.uid == item["id"]
    assert first.sequence < second.sequence < third.sequence
    assert [each["STATUS"] for each in (first, second, third)] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert second.summary == "Judul baru"
    assert first.DTSTAMP <= second.DTSTAMP <= third.DTSTAMP
    owner.client.delete(url)
    assert calendar(anyone).events == []


def test_what_is_not_public_is_absent(anyone):
    for hidden in (states.DRAFT, states.TRASHED, now() + timedelta(days=900)):
        store(title="Rahasia", visible_from=hidden)
    assert calendar(anyone).events == []


def test_a_program_of_the_earlier_service_is_told_without_an_address(anyone):
    PROGRAMS.collection().insert_one(
        {"title": "Lama", "description": "x", "author": "tono@lsa.example", "start_date": START}
    )
    found = event(anyone)
    assert found.summary == "Lama"
    assert found.sequence == 0
    assert found["STATUS"] == "CONFIRMED"
    assert b"@" not in anyone.get(URL).content


def test_it_goes_back_a_year_and_as_far_ahead_as_there_is_anything(anyone):
    shown = [START - timedelta(days=380), START + timedelta(days=4000)]
    for start in (*shown, START - timedelta(days=420), datetime(9999, 6, 1, tzinfo=UTC)):
        store(start_date=start)
    assert sorted(each.start for each in calendar(anyone).events) == shown
    PROGRAMS.collection().delete_many({})
    store(end_date=datetime(9999, 12, 31, 23, tzinfo=UTC))
    assert event(anyone).end.year in (9998, 9999)


def test_of_very_many_those_that_are_furthest_ahead_are_told(anyone, monkeypatch):
    monkeypatch.setattr(events, "MOST", 3)
    for number in range(5):
        store(title=f"Acara {number}", start_date=START + timedelta(days=number))
    told = [each.summary for each in calendar(anyone).events]
    assert sorted(told) == ["Acara 2", "Acara 3", "Acara 4"]


@pytest.mark.parametrize(
    "title", ["a\x00b", "a\r\nBEGIN:VEVENT\r\nb", "a\u202eb", "ä" * 200, None, 7]
)
def test_a_title_never_becomes_another_line(anyone, title):
    store(title=title)
    body = anyone.get(URL).content
    assert body.count(b"\r\nBEGIN:VEVENT\r\n") == 1
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert event(anyone).summary


def test_it_is_the_same_while_nothing_changes(anyone):
    store()
    assert anyone.get(URL).content == anyone.get(URL).content
