"""Changing and deleting content."""

import pytest

from content.publishing import states
from content.tests.resources import FORM, JSON, RESOURCES, picture
from core.database import search
from core.database.listing import SORT_KEY


def test_patch_writes_only_what_it_carries(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"], unknown="stays", slug="lama")
    before = resource.collection().find_one()
    response = owner.client.patch(resource.item(key), {resource.title: "Judul baru"}, **JSON)
    assert response.status_code == 200
    data = response.json()["data"]
    assert data[resource.title] == "Judul baru"
    assert data["version"] == 2
    after = resource.collection().find_one()
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {resource.title, "updated_at", "version", search.KEY, SORT_KEY}
    assert after["updated_at"] > before["updated_at"]


def test_patch_takes_a_form_with_a_file(resource, owner):
    data = resource.create(owner.client, **{resource.picture: picture()})
    changes = {resource.title: "Judul baru", resource.picture: picture()}
    response = owner.client.patch(resource.item(data["id"]), changes, **FORM)
    assert response.status_code == 200
    assert response.json()["data"][resource.title] == "Judul baru"
    assert response.json()["data"][resource.picture] != data[resource.picture]


def test_an_absent_file_stays(resource, owner):
    data = resource.create(owner.client, **{resource.picture: picture()})
    for method in (owner.client.put, owner.client.patch):
        response = method(resource.item(data["id"]), resource.body, **JSON)
        assert response.status_code == 200
        assert response.json()["data"][resource.picture] == data[resource.picture]


def test_put_needs_the_required_fields(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"])
    response = owner.client.put(resource.item(key), {}, **JSON)
    missing = resource.required - {resource.picture}  # which stays
    assert response.status_code == (422 if missing else 200)
    if missing:
        assert response.json()["meta"]["errors"].keys() == missing


def test_put_returns_what_it_does_not_carry_to_its_default(owner):
    programs = RESOURCES["programs"]
    extra = {"subtitle": "Untuk pemula", "start_date": "2026-01-01", "end_date": "2026-01-02"}
    data = programs.create(owner.client, **extra, is_active="false")
    response = owner.client.put(programs.item(data["id"]), programs.body, **JSON)
    assert response.status_code == 200
    after = response.json()["data"]
    assert [after[name] for name in extra] == [None, None, None]
    assert after["is_active"] is True
    assert after["created_at"] == data["created_at"]
    assert after["author"] == data["author"]


def test_put_clears_optional_texts(owner):
    for name in ("gallery", "partners"):
        resource = RESOURCES[name]
        [key] = resource.store(author_id=owner.raw["_id"])
        body = {key: value for key, value in resource.body.items() if key != "description"}
        data = owner.client.put(resource.item(key), body, **JSON).json()["data"]
        assert data["description"] is None


def test_an_editor_stays_beside_the_author(resource, owner, admin):
    [key] = resource.store(author_id=owner.raw["_id"])
    admin.client.patch(resource.item(key), {resource.title: "Judul baru"}, **JSON)
    stored = resource.collection().find_one()
    assert stored["author"] == owner.email
    assert stored["author_id"] == owner.raw["_id"]


def test_an_earlier_text_too_short_today_allows_other_changes(admin):
    for name, field in (("programs", "title"), ("blogs", "title"), ("partners", "name")):
        resource = RESOURCES[name]
        [key] = resource.store(**{field: "X"})
        text = "Sebuah teks yang cukup panjang."
        response = admin.client.patch(resource.item(key), {resource.text: text}, **JSON)
        assert response.status_code == 200
        assert response.json()["data"][field] == "X"


def test_a_document_without_a_version_gets_its_first(resource, admin):
    [key] = resource.store()
    resource.collection().update_one({}, {"$unset": {"version": 1, "updated_at": 1}})
    response = admin.client.patch(resource.item(key), {resource.title: "Judul baru"}, **JSON)
    assert response.json()["data"]["version"] == 1
    assert resource.collection().find_one()["version"] == 1


def test_a_change_is_found_by_its_new_words(resource, admin):
    [key] = resource.store()
    admin.client.patch(resource.item(key), {resource.title: "Perpustakaan"}, **JSON)
    assert admin.client.get(f"{resource.url}?search=perpus").json()["meta"]["total"] == 1
    assert admin.client.get(f"{resource.url}?search=judul").json()["meta"]["total"] == 0


def test_the_longest_text_is_kept_whole(owner):
    text = "panjang " * 12_500
    blogs = RESOURCES["blogs"]
    data = blogs.create(owner.client, content=text)
    assert data["content"] == text.strip()
    url = blogs.item(data["id"])
    assert owner.client.get(url).json()["data"]["content"] == text.strip()


def test_delete_moves_it_to_the_trash(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"])
    response = owner.client.delete(resource.item(key))
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert response.json()["status"] == "success"
    assert states.is_trashed(resource.collection().find_one())
    assert owner.client.delete(resource.item(key)).status_code == 404


def test_an_item_deleted_meanwhile_is_gone_for_all(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"])
    etag = owner.client.get(resource.item(key))["ETag"]
    resource.collection().delete_one({"_id": key})
    client = owner.client
    assert client.get(resource.item(key), HTTP_IF_NONE_MATCH=etag).status_code == 404
    assert client.put(resource.item(key), resource.body, **JSON).status_code == 404
    assert client.patch(resource.item(key), {}, HTTP_IF_MATCH=etag, **JSON).status_code == 404
    assert client.delete(resource.item(key), HTTP_IF_MATCH=etag).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_body_that_is_no_object_is_refused(resource, admin, method):
    [key] = resource.store()
    for body in ("[]", "null", '"x"', "5"):
        response = getattr(admin.client, method)(
            resource.item(key), body, content_type="application/json"
        )
        assert response.status_code == 422
        assert resource.collection().find_one()["version"] == 1
