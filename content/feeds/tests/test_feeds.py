"""What all feeds have in common: how they are asked for, and what they answer."""

from datetime import UTC, datetime, timedelta

import pytest

from content.tests.resources import RESOURCES
from core.front.marks import WHOLE, mark_of
from core.times import now

FEEDS = {
    "blogs.atom": ("application/atom+xml", "blogs"),
    "programs.ics": ("text/calendar", "programs"),
    "sitemap.xml": ("application/xml", "gallery"),
}
SOME_DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(params=FEEDS)
def name(request):
    return request.param


def store(name, **fields):
    public = {"status": "published", "published_at": SOME_DAY, "visible_from": SOME_DAY}
    RESOURCES[FEEDS[name][1]].store(**(public | {"start_date": now()} | fields))


def test_it_answers_under_both_prefixes_alike(anyone, name):
    store(name)
    for path in (f"/api/v1/{name}", f"/{name}", f"/{name}/"):
        response = anyone.get(path)
        assert response.status_code == 200
        assert response["Content-Type"] == f"{FEEDS[name][0]}; charset=utf-8"
        assert response.content == anyone.get(f"/api/v1/{name}").content


def test_its_head_is_that_of_its_answer(anyone, name):
    store(name)
    whole, head = anyone.get(f"/{name}"), anyone.head(f"/{name}")
    assert head.status_code == 200
    assert head.content == b""
    for header in ("ETag", "Content-Type", "Cache-Control", "Content-Length"):
        assert head[header] == whole[header]


def test_whoever_has_it_is_told_so_until_something_changes(anyone, name):
    store(name)
    first = anyone.get(f"/{name}")
    assert first["Cache-Control"] == "no-cache"
    again = anyone.get(f"/{name}", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    store(name)
    changed = anyone.get(f"/{name}", HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("accept", ["text/html", "application/atom+xml", "text/calendar", "x/y"])
def test_it_is_what_it_is_whatever_is_asked_for(anyone, name, accept):
    response = anyone.get(f"/{name}", HTTP_ACCEPT=accept, HTTP_AUTHORIZATION="Bearer expired")
    assert response.status_code == 200
    assert response["Content-Type"].startswith(FEEDS[name][0])


def test_refusals_have_the_shape_of_all_others(anyone, name):
    refused = anyone.get(f"/{name}?limit=3")
    assert refused.status_code == 422
    assert refused.json()["meta"]["errors"].keys() == {"limit"}
    refused = anyone.post(f"/{name}")
    assert refused.status_code == 405
    assert refused.json()["meta"]["code"] == "method_not_allowed"


def test_it_may_be_kept_until_the_next_publication_falls_due(anyone, name):
    due = now() + timedelta(minutes=5)
    store(name)
    store(name, visible_from=due)
    response = anyone.get(f"/{name}", **{WHOLE: True})
    assert mark_of(response).until == due.timestamp()
    assert FEEDS[name][1] in mark_of(response).collections


def test_the_calendar_moves_on_at_midnight_on_the_site(anyone, settings):
    response = anyone.get("/programs.ics", **{WHOLE: True})
    ends = datetime.fromtimestamp(mark_of(response).until, settings.SITE_TIME_ZONE)
    assert (ends.hour, ends.minute, ends.second) == (0, 0, 0)
    assert timedelta() < ends - now() <= timedelta(days=1)


def test_what_falls_due_is_told_in_the_moment_it_is_due(anyone, name, monkeypatch):
    due = now() + timedelta(minutes=5)
    store(name, slug="nanti", visible_from=due, start_date=due)
    assert b"nanti" not in anyone.get(f"/{name}").content
    monkeypatch.setattr("content.feeds.views.now", lambda: due)
    assert b"nanti" in anyone.get(f"/{name}").content


def test_the_documentation_says_what_comes_back(anyone, name):
    paths = anyone.get("/openapi.json").json()["paths"]
    operation = paths[f"/api/v1/{name}"]["get"]
    answer = operation["responses"]["200"]
    assert answer["content"] == {FEEDS[name][0]: {"schema": {"type": "string"}}}
    assert "304" in operation["responses"]
    assert operation["summary"]
    assert operation["description"]
