"""Drafts, schedules and what is published: who sees them, and who may make them so."""

import pytest

from conftest import join
from content.tests.resources import FORM, JSON, RESOURCES, ids

BLOGS = RESOURCES["blogs"]
YEARS_AGO = "2020-05-17T03:00:00.000Z"


def patch(person, resource, key, **changes):
    return person.client.patch(resource.item(key), changes, **JSON)


def is_public(anyone, resource, key):
    """Whether the public sees an item, in the list as by its address."""
    in_list = key in ids(anyone.get(resource.url).json()["data"])
    status = anyone.get(resource.item(key)).status_code
    assert status == (200 if in_list else 404)
    return in_list


# --- Writing a state -------------------------------------------------------------------


def test_what_says_nothing_of_its_state_is_published_at_once(resource, owner, anyone, clock):
    item = resource.create(owner.client)
    assert (item["status"], item["published_at"]) == ("published", clock.at())
    assert is_public(anyone, resource, item["id"])


def test_a_draft_is_seen_when_it_is_published(resource, owner, anyone, clock):
    item = resource.create(owner.client, status="draft")
    assert (item["status"], item["published_at"]) == ("draft", None)
    assert not is_public(anyone, resource, item["id"])
    clock.advance(hours=1)
    shown = patch(owner, resource, item["id"], status="published").json()["data"]
    assert (shown["status"], shown["published_at"]) == ("published", clock.at())
    assert is_public(anyone, resource, item["id"])


@pytest.mark.parametrize("status", ["published", "scheduled"])
def test_a_time_to_come_schedules(resource, owner, anyone, clock, status):
    at = clock.at(hours=2)
    item = resource.create(owner.client, status=status, published_at=at)
    assert (item["status"], item["published_at"]) == ("scheduled", at)
    assert not is_public(anyone, resource, item["id"])


def test_what_falls_due_is_seen_in_that_second_without_any_job(resource, owner, anyone, clock):
    item = resource.create(owner.client, published_at=clock.at(seconds=10))
    clock.advance(seconds=9.999)
    assert not is_public(anyone, resource, item["id"])
    clock.advance(seconds=0.001)
    assert is_public(anyone, resource, item["id"])
    shown = anyone.get(resource.item(item["id"])).json()["data"]
    assert shown["status"] == "published"
    assert shown["version"] == item["version"]
    assert shown["etag"] != item["etag"]


@pytest.mark.parametrize("at", [{}, {"published_at": None}, {"published_at": YEARS_AGO}], ids=str)
def test_to_schedule_takes_a_time_to_come(owner, at):
    response = owner.client.post(BLOGS.url, BLOGS.body | {"status": "scheduled"} | at, **JSON)
    assert response.status_code == 422
    assert response.json()["meta"]["errors"].keys() == {"published_at"}
    assert BLOGS.collection().count_documents({}) == 0


def test_a_schedule_may_be_moved_ended_and_taken_back(owner, anyone, clock):
    key = BLOGS.create(owner.client, published_at=clock.at(days=1))["id"]
    later = clock.at(days=2)
    assert patch(owner, BLOGS, key, published_at=later).json()["data"]["published_at"] == later
    assert patch(owner, BLOGS, key, status="draft").json()["data"]["status"] == "draft"
    clock.advance(days=3)
    assert not is_public(anyone, BLOGS, key)
    again = patch(owner, BLOGS, key, status="published").json()["data"]
    assert (again["status"], again["published_at"]) == ("published", later)


def test_what_is_scheduled_is_published_at_once_by_taking_its_time_away(owner, anyone, clock):
    key = BLOGS.create(owner.client, published_at=clock.at(days=1))["id"]
    shown = patch(owner, BLOGS, key, published_at=None).json()["data"]
    assert (shown["status"], shown["published_at"]) == ("published", clock.at())
    assert is_public(anyone, BLOGS, key)


def test_what_is_published_again_keeps_when_it_first_was(owner, clock):
    key = BLOGS.create(owner.client)["id"]
    first = clock.at()
    clock.advance(days=1)
    hidden = patch(owner, BLOGS, key, status="draft").json()["data"]
    assert (hidden["status"], hidden["published_at"]) == ("draft", first)
    shown = patch(owner, BLOGS, key, status="published").json()["data"]
    assert (shown["status"], shown["published_at"]) == ("published", first)


def test_a_time_may_lie_in_the_past_and_decides_the_order(owner, anyone):
    old = BLOGS.create(owner.client, published_at=YEARS_AGO)
    new = BLOGS.create(owner.client)
    older = BLOGS.create(owner.client, published_at="2019-01-01")
    expected = [new["id"], old["id"], older["id"]]
    assert ids(anyone.get(BLOGS.url).json()["data"]) == expected


@pytest.mark.parametrize("status", ["trashed", "Published", "", None, 1, True, "all"])
def test_another_state_is_refused(owner, status):
    response = owner.client.post(BLOGS.url, BLOGS.body | {"status": status}, **JSON)
    assert response.status_code == 422
    assert response.json()["meta"]["errors"].keys() == {"status"}


def test_put_leaves_state_time_and_address_as_they_are(resource, owner, clock):
    at = clock.at(days=1)
    item = resource.create(owner.client, published_at=at, slug="alamat", tags="a,b")
    body = resource.body | {resource.title: "Judul lain"}
    shown = owner.client.put(resource.item(item["id"]), body, **JSON).json()["data"]
    kept = ("scheduled", at, "alamat")
    assert (shown["status"], shown["published_at"], shown["slug"]) == kept
    assert shown["tags"] == []


def test_a_client_may_send_back_all_that_it_read(resource, owner, clock):
    for fields in ({}, {"status": "draft"}, {"published_at": clock.at(days=1)}):
        item = resource.create(owner.client, **fields)
        body = {k: v for k, v in item.items() if k != resource.picture}
        for send in (owner.client.patch, owner.client.put):
            response = send(resource.item(item["id"]), body, **JSON)
            assert (response.status_code, response.json()["data"]) == (200, item)


def test_an_empty_time_in_a_form_takes_it_away(owner, clock):
    key = BLOGS.create(owner.client, published_at=clock.at(days=1), status="draft")["id"]
    shown = owner.client.patch(BLOGS.item(key), {"published_at": ""}, **FORM).json()["data"]
    assert (shown["status"], shown["published_at"]) == ("draft", None)


# --- Who sees and who may --------------------------------------------------------------


def test_what_is_not_public_is_seen_by_its_owner_and_by_those_who_change_all(
    resource, owner, stranger, editor, admin, anyone
):
    key = resource.create(owner.client, status="draft")["id"]
    for person in (owner, editor, admin):
        response = person.client.get(resource.item(key))
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
    for client in (stranger.client, anyone):
        assert client.get(resource.item(key)).status_code == 404


def test_bad_credentials_are_401_where_the_public_finds_nothing(owner, anyone):
    key = BLOGS.create(owner.client, status="draft")["id"]
    public = BLOGS.create(owner.client)["id"]
    anyone.credentials(HTTP_AUTHORIZATION="Bearer expired.or.worse")
    for missing in (BLOGS.item(key), BLOGS.item("0" * 24), f"{BLOGS.url}/by-slug/nichts"):
        response = anyone.get(missing)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
    assert anyone.get(BLOGS.item(public)).status_code == 200


def test_a_contributor_s_new_items_are_drafts(resource, contributor):
    assert resource.create(contributor.client)["status"] == "draft"


@pytest.mark.parametrize("more", [{"status": "published"}, {"published_at": "2999-01-01"}], ids=str)
def test_a_contributor_cannot_ask_for_more(contributor, more):
    asked = {"status": "published"} | more
    response = BLOGS.post(contributor.client, **asked)
    assert response.status_code == 403
    assert BLOGS.collection().count_documents({}) == 0


def test_a_contributor_changes_their_drafts_and_does_not_publish_them(contributor):
    key = BLOGS.create(contributor.client)["id"]
    assert patch(contributor, BLOGS, key, title="Judul baru").status_code == 200
    for status in ({"status": "published"}, {"status": "scheduled", "published_at": "2999-01-01"}):
        assert patch(contributor, BLOGS, key, **status).status_code == 403
    assert BLOGS.collection().find_one()["status"] == "draft"
    assert contributor.client.delete(BLOGS.item(key)).status_code == 200


def test_a_contributor_s_item_is_theirs_no_more_once_it_is_published(contributor, editor):
    key = BLOGS.create(contributor.client)["id"]
    published = patch(editor, BLOGS, key, status="published").json()["data"]
    assert published["author"] == contributor.email
    assert patch(contributor, BLOGS, key, title="Judul baru").status_code == 403
    assert patch(contributor, BLOGS, key, status="draft").status_code == 403
    assert contributor.client.delete(BLOGS.item(key)).status_code == 403
    assert contributor.client.post(f"{BLOGS.item(key)}/preview").status_code == 403


def test_a_contributor_s_scheduled_item_is_seen_by_them_and_not_changed(contributor, editor):
    key = BLOGS.create(contributor.client)["id"]
    patch(editor, BLOGS, key, published_at="2999-01-01", status="published")
    assert contributor.client.get(BLOGS.item(key)).status_code == 200
    assert patch(contributor, BLOGS, key, title="Judul baru").status_code == 403


def test_an_editor_changes_what_is_others_and_what_is_nobody_s(resource, owner, editor):
    [nobodys] = resource.store(author_id=None)
    for key in (resource.create(owner.client, status="draft")["id"], nobodys):
        assert patch(editor, resource, key, status="published").status_code == 200
        assert editor.client.delete(resource.item(key)).status_code == 200


def test_a_role_counts_at_once(owner, admin):
    key = BLOGS.create(owner.client, status="draft")["id"]
    admin.client.patch(f"/api/v1/users/{owner.id}", {"role": "contributor"}, **JSON)
    assert patch(owner, BLOGS, key, status="published").status_code == 403
    late = join("late")
    assert patch(late, BLOGS, key, title="Judul baru").status_code == 404
