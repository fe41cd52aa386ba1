"""What the front may answer from memory is what the public would be told now."""

import pytest
from django.test import Client

from conftest import PASSWORD
from content.tests.resources import JSON
from core.front.marks import WHOLE, mark_of
from core.front.reads import confirmed
from core.front.tests.door import finished


@pytest.mark.wire
def test_a_list_that_is_found_unchanged_is_right_only_until_what_is_due_by_now(
    resource, owner, anyone, clock
):
    resource.create(owner.client)
    kept = mark_of(anyone.get(resource.url, **{WHOLE: True}))
    assert kept.until is None
    assert finished(confirmed(kept, is_given_unasked=True)) == kept
    resource.create(owner.client, published_at=clock.at(hours=1))
    # Nothing in the list is another, yet it must not be given unasked beyond the hour.
    hour = clock.moment.timestamp() + 3600
    assert finished(confirmed(kept, is_given_unasked=True)) == kept._replace(until=hour)
    assert mark_of(anyone.get(resource.url, **{WHOLE: True})).until == hour


@pytest.mark.wire
def test_when_a_list_ends_is_not_asked_where_it_is_held_against_the_database_each_time(
    resource, owner, anyone, clock
):
    resource.create(owner.client, published_at=clock.at(hours=1))
    kept = mark_of(anyone.get(resource.url, **{WHOLE: False}))
    assert kept.until is None
    assert finished(confirmed(kept, is_given_unasked=False)) == kept
    clock.advance(hours=2)
    assert finished(confirmed(kept, is_given_unasked=False)) is None


def test_only_the_public_way_to_a_present_address_may_be_kept(resource, owner, anyone):
    item = resource.create(owner.client, slug="dulu")
    owner.client.patch(resource.item(item["id"]), {"slug": "kini"}, **JSON)
    former = f"{resource.url}/by-slug/dulu"
    assert anyone.get(former).status_code == 308
    assert anyone.get(former)["Cache-Control"] == "no-cache"
    owner.client.patch(resource.item(item["id"]), {"status": "draft"}, **JSON)
    assert anyone.get(former).status_code == 404
    private = owner.client.get(former)
    assert (private.status_code, private["Cache-Control"]) == (308, "private, no-store")


def test_no_browser_keeps_a_page_that_only_who_is_logged_in_may_see(resource, owner):
    draft = resource.create(owner.client, status="draft")
    browser = Client(HTTP_ACCEPT="text/html")
    browser.post("/login", {"username": "owner", "password": PASSWORD})
    for path in (resource.item(draft["id"]), f"{resource.url}?state=draft"):
        page = browser.get(path)
        assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")


def test_a_blank_author_is_none_also_where_addresses_are_not_shown(
    resource, owner, anyone, settings
):
    settings.SHOW_AUTHOR_EMAIL = False
    resource.create(owner.client)
    blank = anyone.get(resource.url, {"author": " "})
    assert (blank.status_code, blank.json()["meta"]["total"]) == (200, 1)
    assert anyone.get(resource.url, {"author": owner.email}).status_code == 401
