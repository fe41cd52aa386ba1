"""Pictures that are replaced, taken away or deleted: the old files go, no others do."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.documents import User
from accounts.services import update_user
from content.pictures.cleaning import clean
from content.pictures.tests import corpus
from content.pictures.tests.media import (
    FILES_OF_PHOTOGRAPH,
    files_of,
    photograph,
    put,
    stored_files,
    upload,
)
from content.publishing import states
from content.tests.resources import FORM, JSON, RESOURCES

EARLIER = "/static/uploads/20230101_120000_foto.jpg"


def test_a_new_picture_takes_the_place_of_the_old_one(resource, owner):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    first = stored_files()
    assert len(first) == FILES_OF_PHOTOGRAPH
    change = {resource.picture: photograph(500, 300)}
    response = owner.client.patch(resource.item(data["id"]), change, **FORM)
    assert response.status_code == 200
    raw = resource.collection().find_one()
    assert stored_files() == files_of(raw, resource.picture)
    assert len(stored_files()) == 2
    assert not stored_files() & first
    assert response.json()["data"][f"{resource.picture}_meta"]["width"] == 500


def test_put_replaces_it_too(resource, owner):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    form = resource.form(**{resource.picture: photograph(320, 200)})
    response = owner.client.put(resource.item(data["id"]), form, **FORM)
    assert response.status_code == 200
    assert stored_files() == files_of(resource.collection().find_one(), resource.picture)
    assert len(stored_files()) == 1


def test_deleting_removes_the_original_and_its_renditions(resource, owner):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    kept = resource.create(owner.client, **{resource.picture: photograph()})
    assert owner.client.delete(resource.item(data["id"])).status_code == 200
    [raw] = resource.collection().find({states.KEY: {"$ne": states.TRASHED}})
    assert str(raw["_id"]) == kept["id"]
    assert stored_files() == files_of(raw, resource.picture)


@pytest.mark.parametrize("name", ["programs", "blogs"])
def test_null_takes_an_optional_picture_away(owner, name):
    resource = RESOURCES[name]
    data = resource.create(owner.client, image=photograph())
    response = owner.client.patch(resource.item(data["id"]), {"image": None}, **JSON)
    assert response.status_code == 200
    assert response.json()["data"]["image"] is None
    assert response.json()["data"]["image_meta"] is None
    raw = resource.collection().find_one()
    assert not raw.keys() & {"image", "image_meta"}
    assert stored_files() == set()


@pytest.mark.parametrize("name", ["gallery", "partners"])
def test_a_required_picture_cannot_be_taken_away(owner, name):
    resource = RESOURCES[name]
    data = resource.create(owner.client)
    response = owner.client.patch(resource.item(data["id"]), {resource.picture: None}, **JSON)
    assert response.status_code == 422
    assert [*response.json()["meta"]["errors"]] == [resource.picture]
    assert len(stored_files()) == 1


def test_an_empty_form_field_leaves_the_picture(resource, owner):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    form = resource.body | {resource.picture: ""}
    for method in (owner.client.patch, owner.client.put):
        response = method(resource.item(data["id"]), form, **FORM)
        assert response.status_code == 200, response.content
        assert response.json()["data"][resource.picture] == data[resource.picture]
    assert len(stored_files()) == FILES_OF_PHOTOGRAPH


def test_a_change_of_something_else_leaves_the_picture(resource, owner):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    files = stored_files()
    change = {resource.title: "Judul yang lain"}
    response = owner.client.patch(resource.item(data["id"]), change, **JSON)
    assert response.json()["data"][resource.picture] == data[resource.picture]
    assert response.json()["data"][f"{resource.picture}_meta"] is not None
    assert stored_files() == files


@pytest.mark.parametrize("refusal", ["stale", "stranger"])
def test_a_refused_change_leaves_the_picture_and_no_new_one(resource, owner, stranger, refusal):
    data = resource.create(owner.client, **{resource.picture: upload(corpus.jpeg())})
    files = stored_files()
    client = owner.client if refusal == "stale" else stranger.client
    stale = {"HTTP_IF_MATCH": f'"{data["id"]}-7-id"'} if refusal == "stale" else {}
    change = {resource.picture: photograph()}
    response = client.patch(resource.item(data["id"]), change, **FORM, **stale)
    assert response.status_code == (412 if refusal == "stale" else 403)
    assert stored_files() == files


def test_a_file_of_two_documents_goes_with_the_last_one(resource, admin):
    put("20230101_120000_foto.jpg")
    first, second = resource.store(2, **{resource.picture: EARLIER})
    assert admin.client.delete(resource.item(first)).status_code == 200
    assert len(stored_files()) == 1
    assert admin.client.delete(resource.item(second)).status_code == 200
    assert stored_files() == set()


def test_a_file_that_another_resource_uses_stays(admin):
    put("20230101_120000_foto.jpg")
    [photo] = RESOURCES["gallery"].store(image="uploads/20230101_120000_foto.jpg")
    [partner] = RESOURCES["partners"].store(logo=EARLIER)
    change = {"image": photograph(300, 200)}
    assert admin.client.patch(RESOURCES["gallery"].item(photo), change, **FORM).status_code == 200
    assert "uploads/20230101_120000_foto.jpg" in stored_files()
    assert admin.client.delete(RESOURCES["partners"].item(partner)).status_code == 200
    assert stored_files() == files_of(RESOURCES["gallery"].collection().find_one(), "image")


@pytest.mark.parametrize("image", ["/etc/passwd", "/static/uploads/../secret.txt", "uploads/../x"])
def test_nothing_outside_of_the_folder_is_removed(admin, settings, image):
    secret = settings.MEDIA_ROOT / "secret.txt"
    put("anything.jpg")
    secret.write_text("x")
    (settings.MEDIA_ROOT / "x").write_text("x")
    [blog] = RESOURCES["blogs"].store(image=image)
    assert admin.client.delete(RESOURCES["blogs"].item(blog)).status_code == 200
    assert secret.exists()
    assert (settings.MEDIA_ROOT / "x").exists()


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[[Callable[[], Any]], None]:
    """Something happens while a picture is being processed."""

    def arrange(happens: Callable[[], Any]) -> None:
        process = clean.process
        monkeypatch.setattr(clean, "process", lambda file: [process(file), happens()][0])

    return arrange


def test_an_address_that_changes_during_an_upload_is_the_one_shown(owner, meanwhile):
    meanwhile(lambda: update_user(owner.raw["_id"], {"email": "new@lsa.example"}, actor=None))
    item = RESOURCES["gallery"].create(owner.client)
    assert item["author"] == "new@lsa.example"
    assert RESOURCES["gallery"].collection().find_one()["author"] == "new@lsa.example"


def test_an_account_that_ends_during_an_upload_publishes_nothing(owner, meanwhile):
    inactive = {"$set": {"is_active": False}}
    meanwhile(lambda: User.collection().update_one({"_id": owner.raw["_id"]}, inactive))
    assert RESOURCES["gallery"].post(owner.client).status_code == 401
    assert RESOURCES["gallery"].collection().count_documents({}) == 0
    assert stored_files() == set()


def test_what_is_no_name_of_a_file_hinders_no_change(resource, owner):
    for odd in (7, 1.5, True, ["a.jpg"], {"name": "a.jpg"}):
        [key] = resource.store(author_id=owner.raw["_id"], **{resource.picture: odd})
        form = {resource.picture: photograph(320, 200)}
        assert owner.client.patch(resource.item(key), form, **FORM).status_code == 200
        assert stored_files() == files_of(resource.collection().find_one(), resource.picture)
        resource.collection().update_one({}, {"$set": {resource.picture: odd}})
        assert owner.client.delete(f"{resource.item(key)}?permanently=true").status_code == 200
        assert resource.collection().count_documents({}) == 0


def test_what_is_no_description_of_a_picture_hinders_no_deletion(resource, owner):
    for odd in (7, "foto", ["foto"], {"renditions": 7}, {"renditions": [{}]}):
        put("20230101_120000_foto.jpg")
        picture = {resource.picture: EARLIER, f"{resource.picture}_meta": odd}
        [key] = resource.store(author_id=owner.raw["_id"], **picture)
        assert owner.client.delete(f"{resource.item(key)}?permanently=true").status_code == 200
        assert stored_files() == set()
        assert resource.collection().count_documents({}) == 0
