"""Links that show an item that is not public to whoever has them."""

import logging

import pytest

from content.tests.resources import JSON, RESOURCES

BLOGS = RESOURCES["blogs"]


@pytest.fixture
def draft(resource, owner):
    return resource.create(owner.client, status="draft")


def token_of(person, resource, item, **body):
    response = person.client.post(f"{resource.item(item['id'])}/preview", body, **JSON)
    assert response.status_code == 200, response.content
    return response.json()["data"]


def test_it_shows_what_is_there_now_to_whoever_has_it(resource, owner, anyone, draft, settings):
    preview = token_of(owner, resource, draft)
    assert preview["url"] == (
        f"{settings.SITE_URL}/{resource.name}/{draft['slug']}?preview={preview['token']}"
    )
    owner.client.patch(resource.item(draft["id"]), {resource.title: "Judul baru"}, **JSON)
    by_slug = f"{resource.url}/by-slug/{draft['slug']}"
    for path in (resource.item(draft["id"]), by_slug):
        shown = anyone.get(path, {"preview": preview["token"]})
        assert shown.json()["data"][resource.title] == "Judul baru"
        assert shown["Cache-Control"] == "private, no-store"
        assert shown["X-Robots-Tag"] == "noindex"


def test_it_lasts_an_hour_unless_told(resource, owner, anyone, draft, clock):
    short, long = (token_of(owner, resource, draft, **body) for body in ({}, {"expires_in": 7200}))
    assert (short["expires_at"], long["expires_at"]) == (clock.at(hours=1), clock.at(hours=2))
    clock.advance(hours=1)
    path = resource.item(draft["id"])
    assert anyone.get(path, {"preview": short["token"]}).status_code == 403
    assert anyone.get(path, {"preview": long["token"]}).status_code == 200


@pytest.mark.parametrize("seconds", [0, -1, 604801, "x", None])
def test_it_lasts_a_week_at_most(owner, seconds):
    draft = BLOGS.create(owner.client, status="draft")
    response = owner.client.post(
        f"{BLOGS.item(draft['id'])}/preview", {"expires_in": seconds}, **JSON
    )
    assert response.status_code == 422
    assert [*response.json()["meta"]["errors"]] == ["expires_in"]


def test_one_for_another_item_or_kind_is_refused_before_anything_is_looked_up(owner, anyone):
    draft = BLOGS.create(owner.client, status="draft")
    public = BLOGS.create(owner.client, title="Terbit untuk semua")
    program = RESOURCES["programs"].create(owner.client, status="draft")
    token = token_of(owner, BLOGS, draft)["token"]
    places = [
        BLOGS.item(public["id"]),
        BLOGS.item("0" * 24),
        RESOURCES["programs"].item(program["id"]),
    ]
    for path in places:
        response = anyone.get(path, {"preview": token})
        assert response.status_code == 403
        assert response.json()["meta"]["code"] == "invalid_preview"


@pytest.mark.parametrize("token", ["x", "a:b:c", "💥", "a" * 5000])
def test_a_bad_one_is_refused_even_where_the_item_is_public(resource, owner, anyone, token):
    item = resource.create(owner.client)
    assert anyone.get(resource.item(item["id"]), {"preview": token}).status_code == 403
    by_slug = f"{resource.url}/by-slug/{item['slug']}"
    assert anyone.get(by_slug, {"preview": token}).status_code == 403


def test_what_is_in_the_trash_is_not_there(resource, owner, anyone, draft):
    token = token_of(owner, resource, draft)["token"]
    owner.client.delete(resource.item(draft["id"]))
    for path in (resource.item(draft["id"]), f"{resource.url}/by-slug/{draft['slug']}"):
        assert anyone.get(path, {"preview": token}).status_code == 404


def test_only_who_may_change_the_item_makes_one(resource, owner, stranger, anyone, draft):
    path = f"{resource.item(draft['id'])}/preview"
    assert anyone.post(path).status_code == 401
    assert stranger.client.post(path).status_code == 404
    public = resource.create(owner.client, **{resource.title: "Terbit"})
    assert stranger.client.post(f"{resource.item(public['id'])}/preview").status_code == 403


def test_it_stands_in_no_log(resource, owner, anyone, draft, caplog):
    with caplog.at_level(logging.DEBUG):
        token = token_of(owner, resource, draft)["token"]
        anyone.get(resource.item(draft["id"]), {"preview": token})
        anyone.get(resource.item(draft["id"]), {"preview": token[:-1]})
    assert token[:-1] not in caplog.text
