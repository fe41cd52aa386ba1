"""Creating content."""

import re
from datetime import UTC, datetime

import pytest

from content.tests.resources import FORM, JSON, RESOURCES, picture

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
MESSAGES = {
    "programs": "Program berhasil dibuat",
    "blogs": "Blog berhasil dibuat",
    "gallery": "Foto berhasil ditambahkan",
    "partners": "Partner berhasil ditambahkan",
}
COMMON = {
    *("id", "_id", "author", "author_name", "created_at", "updated_at", "version", "etag")
} | {*("excerpt", "status", "published_at", "slug", "tags")}


def test_it_stores_and_shows_what_a_form_sends(resource, owner):
    response = resource.post(owner.client)
    assert response.status_code == 201
    data = response.json()["data"]
    assert data | resource.body == data
    assert data["author"] == owner.email
    assert data["_id"] == data["id"]
    assert data["version"] == 1
    assert MOMENT.fullmatch(data["created_at"])
    assert data["updated_at"] == data["created_at"]
    stored = resource.collection().find_one()
    assert stored | resource.body == stored
    assert str(stored["author_id"]) == owner.id


@pytest.mark.parametrize(("name", "message"), MESSAGES.items())
def test_it_says_what_was_made(owner, name, message):
    assert RESOURCES[name].post(owner.client).json()["message"] == message


def test_it_was_changed_when_it_was_made_however_slow_the_clock(resource, owner, monkeypatch):
    moment = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
    monkeypatch.setattr(resource.document.created_at, "default", lambda: moment)
    data = resource.create(owner.client)
    assert data["updated_at"] == data["created_at"] == "2026-01-31T09:00:00.000Z"
    stored = resource.collection().find_one()
    assert stored["updated_at"] == stored["created_at"] == moment


def test_it_shows_every_declared_field_and_no_other(resource, owner):
    data = resource.create(owner.client)
    pictured = {resource.picture, *resource.about_picture}
    assert data.keys() == COMMON | resource.body.keys() | pictured | {
        *resource.optional,
        resource.html,
    }


def test_it_names_the_address_and_the_state_of_the_new_item(resource, owner):
    response = resource.post(owner.client)
    location = response["Location"]
    assert location == resource.item(response.json()["data"]["id"])
    read = owner.client.get(location)
    assert read.json()["data"] == response.json()["data"]
    assert read["ETag"] == response["ETag"]


def test_it_answers_under_the_prefix_it_was_asked_by(resource, owner):
    response = owner.client.post(f"/{resource.name}/", resource.form(), **FORM)
    assert response["Location"] == f"/{resource.name}/{response.json()['data']['id']}"


@pytest.mark.parametrize("name", ["programs", "blogs"])
def test_it_takes_json_where_no_file_is_needed(name, owner):
    resource = RESOURCES[name]
    response = owner.client.post(resource.url, resource.body, **JSON)
    assert response.status_code == 201


@pytest.mark.parametrize("name", ["programs", "blogs"])
def test_it_takes_an_urlencoded_form(name, owner):
    resource = RESOURCES[name]
    body = "&".join(f"{key}={value}" for key, value in resource.body.items())
    response = owner.client.post(
        resource.url, body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 201
    assert response.json()["data"][resource.text] == resource.body[resource.text]


def test_it_takes_a_picture_for_every_resource(resource, owner):
    data = resource.create(owner.client, **{resource.picture: picture()})
    assert data[resource.picture].startswith("/media/uploads/")
    assert data[f"{resource.picture}_meta"]["width"] == 8


def test_it_takes_empty_form_values_for_absent(owner):
    data = RESOURCES["programs"].create(
        owner.client, subtitle="", start_date="", end_date="", is_active="", image=""
    )
    assert data["subtitle"] is None
    assert data["start_date"] is None
    assert data["is_active"] is True
    assert data["image"] is None


def test_it_misses_an_empty_form_value_that_is_required(resource, owner):
    for required in resource.required:
        response = resource.post(owner.client, **{required: ""})
        assert response.status_code == 422
        assert list(response.json()["meta"]["errors"]) == [required]
    assert resource.collection().find_one() is None


def test_it_needs_only_what_is_required(owner):
    photo = owner.client.post("/api/v1/gallery", {"image": picture()}, **FORM)
    assert photo.status_code == 201
    assert photo.json()["data"]["title"] is None
    partner = RESOURCES["partners"].create(owner.client, description=None)
    assert partner["description"] is None


def test_it_names_every_missing_field(resource, owner):
    response = owner.client.post(resource.url, {}, **JSON)
    assert response.status_code == 422
    assert response.json()["meta"]["code"] == "validation_error"
    assert response.json()["meta"]["errors"].keys() == resource.required
    assert resource.collection().find_one() is None


@pytest.mark.parametrize(
    ("name", "required"),
    [
        ("programs", {"title", "description", "program_type"}),
        ("blogs", {"title", "content"}),
        ("gallery", {"image"}),
        ("partners", {"name", "website_url", "logo"}),
    ],
)
def test_a_new_item_needs(name, required):
    assert RESOURCES[name].required == required


def test_it_is_for_people_with_an_account(resource, anyone):
    response = resource.post(anyone)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert resource.collection().find_one() is None
