"""The trash: gone for all at once, back as it was, and away for good."""

from itertools import product

import pytest

from content import steps
from content.pictures.tests.media import photograph, stored_files
from content.publishing import states
from content.publishing.revisions import Revision
from content.tests.resources import JSON, ids
from core.events import Event

TRASH = "?state=trashed"


@pytest.fixture
def trashed(resource, owner):
    """An item that its owner moved to the trash."""
    item = resource.create(owner.client)
    assert owner.client.delete(resource.item(item["id"])).status_code == 200
    return item


def listed(client, resource, state="trashed"):
    return ids(client.get(f"{resource.url}?state={state}").json()["data"])


def test_it_is_gone_for_its_owner_and_all_others(resource, trashed, owner, stranger, admin):
    for method, person in product(("get", "put", "patch", "delete"), (owner, stranger, admin)):
        response = getattr(person.client, method)(
            resource.item(trashed["id"]), {}, **JSON, HTTP_IF_MATCH='"stale-1-0"'
        )
        assert response.status_code == 404, method
    assert states.is_trashed(resource.collection().find_one())


def test_it_is_in_no_list_but_that_of_the_trash(resource, trashed, owner, stranger, editor, anyone):
    assert listed(owner.client, resource) == listed(editor.client, resource) == [trashed["id"]]
    assert listed(stranger.client, resource) == listed(owner.client, resource, "all") == []
    assert anyone.get(f"{resource.url}{TRASH}").status_code == 401
    assert anyone.get(resource.url).json()["meta"]["total"] == 0


def test_it_comes_back_under_its_address_as_it_was(resource, trashed, owner, anyone):
    restored = owner.client.post(f"{resource.item(trashed['id'])}/restore")
    assert restored.status_code == 200
    shown = restored.json()["data"]
    same = trashed.keys() - {"version", "updated_at", "etag"}
    assert {key: shown[key] for key in same} == {key: trashed[key] for key in same}
    assert shown["version"] == 3
    assert anyone.get(f"{resource.url}/by-slug/{trashed['slug']}").status_code == 200


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_it_comes_back_in_the_state_it_had(resource, owner, anyone, clock, status):
    at = {"published_at": clock.at(hours=5)} if status == "scheduled" else {}
    item = resource.create(owner.client, status=status, **at)
    owner.client.delete(resource.item(item["id"]))
    restored = owner.client.post(f"{resource.item(item['id'])}/restore").json()["data"]
    assert (restored["status"], restored["published_at"]) == (status, item["published_at"])
    assert anyone.get(resource.item(item["id"])).status_code == 404


def test_to_restore_what_is_not_there_changes_nothing(resource, owner):
    item = resource.create(owner.client)
    before = resource.collection().find_one()
    assert owner.client.post(f"{resource.item(item['id'])}/restore").status_code == 200
    assert resource.collection().find_one() == before


def test_a_stranger_cannot_restore_or_remove_what_they_do_not_see(resource, trashed, stranger):
    path = resource.item(trashed["id"])
    assert stranger.client.post(f"{path}/restore").status_code == 404
    assert stranger.client.delete(f"{path}?permanently=true").status_code == 404
    assert states.is_trashed(resource.collection().find_one())


def test_a_stale_tag_holds_a_restoration_up(resource, trashed, owner):
    path = f"{resource.item(trashed['id'])}/restore"
    stale = {"HTTP_IF_MATCH": trashed["etag"]}
    assert owner.client.post(path, **stale).status_code == 412
    assert states.is_trashed(resource.collection().find_one())


def test_its_picture_goes_out_of_sight_and_comes_back(resource, owner, anyone):
    item = resource.create(owner.client, **{resource.picture: photograph()})
    files = stored_files()
    owner.client.delete(resource.item(item["id"]))
    assert stored_files() == set()
    assert anyone.get(item[resource.picture]).status_code == 404
    owner.client.post(f"{resource.item(item['id'])}/restore")
    assert stored_files() == files
    assert anyone.get(item[resource.picture]).status_code == 200


@pytest.mark.parametrize("is_trashed", [True, False])
def test_for_good_nothing_of_it_is_left(resource, owner, is_trashed):
    item = resource.create(owner.client, **{resource.picture: photograph()})
    path = resource.item(item["id"])
    owner.client.patch(path, {resource.title: "Judul lain"}, **JSON)
    if is_trashed:
        owner.client.delete(path)
    assert owner.client.delete(f"{path}?permanently=true").status_code == 200
    assert resource.collection().count_documents({}) == 0
    assert Revision.collection().count_documents({}) == 0
    assert stored_files() == set()
    last = Event.collection().find_one(sort=[("_id", -1)])
    assert last["type"].endswith(".removed" if is_trashed else ".deleted")


@pytest.mark.parametrize("value", ["yes", "1", "TRUE"])
def test_permanently_is_true_or_false(resource, owner, value):
    item = resource.create(owner.client)
    response = owner.client.delete(f"{resource.item(item['id'])}?permanently={value}")
    assert response.status_code == 422
    assert [*response.json()["meta"]["errors"]] == ["permanently"]
    assert not states.is_trashed(resource.collection().find_one())


def test_without_a_trash_it_goes_at_once(resource, owner, settings):
    settings.TRASH_DAYS = 0
    item = resource.create(owner.client)
    assert owner.client.delete(resource.item(item["id"])).status_code == 200
    assert resource.collection().count_documents({}) == 0


def test_after_its_days_it_goes_by_itself(resource, trashed, settings, clock):
    clock.advance(days=settings.TRASH_DAYS - 1)
    assert not steps.empty_trash()
    clock.advance(days=1, seconds=1)
    events = Event.collection().count_documents({})
    assert steps.empty_trash()
    assert not steps.empty_trash()
    assert resource.collection().count_documents({}) == 0
    assert Revision.collection().count_documents({}) == 0
    assert stored_files() == set()
    assert Event.collection().count_documents({}) == events  # out of the trash by time: nothing


def test_a_contributor_trashes_their_drafts_only(resource, contributor, editor):
    item = resource.create(contributor.client)
    path = resource.item(item["id"])
    editor.client.patch(path, {"status": "published"}, **JSON)
    assert contributor.client.delete(path).status_code == 403
    editor.client.patch(path, {"status": "draft"}, **JSON)
    assert contributor.client.delete(path).status_code == 200
