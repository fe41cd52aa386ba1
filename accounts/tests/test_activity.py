"""GET /activity, for admins."""

from datetime import timedelta

import pytest
from bson import ObjectId
from django.test import Client

from accounts.roles import Role
from accounts.tests.requests import API
from conftest import PASSWORD, join
from core import events
from core.events import Actor, Event
from core.times import isoformat, now

ACTIVITY = f"{API}/activity"
SOMEBODY = Actor(ObjectId(), "Sari")


def happened(type: str, *, ago: timedelta = timedelta(0), **more) -> dict:
    defaults = {"actor": SOMEBODY, "resource": "blogs", "object_id": ObjectId(), "title": "Kopi"}
    event = events.event(type, **(defaults | more)) | {"at": now() - ago}
    events.record(event, transaction=None)
    return event


@pytest.fixture
def reader(admin):
    """An admin before whom nothing happened."""
    Event.collection().delete_many({})
    return admin


def listed(admin, **params) -> list[dict]:
    response = admin.client.get(ACTIVITY, params)
    assert response.status_code == 200
    return response.json()["data"]


def test_an_event_says_what_who_and_when(reader):
    event = happened("blog.updated", data={"fields": ["title"]})
    assert listed(reader) == [
        {
            "id": str(event["_id"]),
            "type": "blog.updated",
            "at": isoformat(event["at"]),
            "actor": {"id": str(SOMEBODY.id), "name": "Sari"},
            "resource": "blogs",
            "object_id": str(event["object_id"]),
            "title": "Kopi",
            "data": {"fields": ["title"]},
        }
    ]


def test_what_nobody_did_has_no_actor(reader):
    happened("blog.published", actor=None, title=None)
    [shown] = listed(reader)
    assert (shown["actor"], shown["title"], shown["data"]) == (None, None, {})


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.ADMIN)])
def test_it_is_for_admins(anyone, role):
    client = join("somebody", role=role).client if role else anyone
    assert client.get(ACTIVITY).status_code == (403 if role else 401)


def test_it_is_newest_first_in_pages(reader):
    for hours in (3, 1, 2):
        happened("blog.updated", title=str(hours), ago=timedelta(hours=hours))
    response = reader.client.get(ACTIVITY, {"limit": 2})
    assert [each["title"] for each in response.json()["data"]] == ["1", "2"]
    meta = response.json()["meta"]
    assert (meta["total"], meta["has_more"]) == (3, True)
    following = reader.client.get(meta["next"]).json()
    assert [each["title"] for each in following["data"]] == ["3"]
    assert [each["title"] for each in listed(reader, ordering="at")] == ["3", "2", "1"]


def test_it_tells_of_the_last_seven_days_unless_told(reader):
    recent = happened("blog.updated", ago=timedelta(days=6, hours=23))
    old = happened("blog.created", ago=timedelta(days=8))
    shown = [str(recent["_id"])]
    assert [each["id"] for each in listed(reader)] == shown
    assert [each["id"] for each in listed(reader, type="blog.created")] == []
    assert [each["id"] for each in listed(reader, after="")] == shown
    month = isoformat(now() - timedelta(days=30))
    assert len(listed(reader, after=month)) == 2
    week = isoformat(now() - timedelta(days=7))
    assert [each["id"] for each in listed(reader, before=week)] == [str(old["_id"])]
    assert listed(reader, after=month, before=week, type="blog.updated") == []


def test_it_is_narrowed_to_who_and_what(reader):
    mine = happened("user.invited", resource="users", actor=Actor(ObjectId(), "Dewi"))
    happened("blog.updated")
    for params in (
        {"actor": str(mine["actor"]["id"])},
        {"object_id": str(mine["object_id"])},
        {"type": "user.invited"},
        {"resource": "users"},
    ):
        assert [each["id"] for each in listed(reader, **params)] == [str(mine["_id"])]
    assert listed(reader, type="user.removed") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actor", "x"),
        ("object_id", "$ne"),
        ("type", "$ne"),
        ("type", "a" * 81),
        ("resource", "a b"),
        ("after", "yesterday"),
        ("search", "kopi"),
        ("data", "x"),
        ("ordering", "type"),
    ],
)
def test_what_is_malformed_or_unknown_is_refused_by_name(reader, name, value):
    response = reader.client.get(ACTIVITY, {name: value})
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {name}


def test_it_tells_what_was_done_over_the_api(reader, owner):
    reader.client.patch(f"{API}/users/{owner.id}", {"role": "editor"}, format="json")
    newest = listed(reader)[0]
    assert (newest["type"], newest["data"]) == (
        "user.role_changed",
        {"from": "author", "to": "editor"},
    )
    assert (newest["actor"]["id"], newest["object_id"]) == (reader.id, owner.id)


def test_it_is_only_read(reader):
    event = happened("blog.updated")
    assert reader.client.post(ACTIVITY, {}, format="json").status_code == 405
    assert reader.client.delete(f"{ACTIVITY}/{event['_id']}").status_code == 404


def test_people_see_it_as_a_page_with_who_and_what(reader):
    happened("blog.updated", title="<Kopi>")
    browser = Client(HTTP_ACCEPT="text/html")
    browser.post("/login", {"username": "admin", "password": PASSWORD})
    page = browser.get(ACTIVITY)
    assert page.status_code == 200
    shown = page.content.decode()
    assert "Sari" in shown
    assert "&lt;Kopi&gt;" in shown
    assert f'href="{ACTIVITY}"' in browser.get("/").content.decode()
