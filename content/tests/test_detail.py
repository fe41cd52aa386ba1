"""Reading one item."""

import pytest

from content.tests.resources import RESOURCES, listed

UNKNOWN = "5f0000000000000000000000"
NOT_FOUND = {
    "programs": "Program tidak ditemukan",
    "blogs": "Blog tidak ditemukan",
    "gallery": "Foto tidak ditemukan",
    "partners": "Partner tidak ditemukan",
}
INVALID = "ID program tidak valid. ID harus berupa 24 karakter hex string."


def test_it_shows_what_is_stored(resource, anyone):
    [key] = resource.store()
    response = anyone.get(resource.item(key))
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "success"
    assert body["meta"] is None
    assert body["data"]["id"] == body["data"]["_id"] == str(key)
    assert body["data"]["created_at"] == "2024-01-01T00:00:00.000Z"


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_it_answers_at_every_spelling_of_its_address(resource, anyone, prefix, slash):
    [key] = resource.store()
    response = anyone.get(f"{prefix}/{resource.name}/{key}{slash}")
    assert response.status_code == 200
    assert response.json()["data"]["id"] == str(key)


def test_it_does_not_know_an_unknown_id(resource, anyone):
    response = anyone.get(resource.item(UNKNOWN))
    assert response.status_code == 404
    assert response.json()["meta"]["code"] == "not_found"


@pytest.mark.parametrize(("name", "message"), NOT_FOUND.items())
def test_it_says_what_it_does_not_know(anyone, name, message):
    assert anyone.get(RESOURCES[name].item(UNKNOWN)).json()["message"] == message


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_it_refuses_a_malformed_id(resource, admin, method):
    for key in ["1", "x" * 24, UNKNOWN[:-1], UNKNOWN + "0", "%00", "$ne", "{}"]:
        response = getattr(admin.client, method)(resource.item(key))
        assert response.status_code == 400
        if method != "head":
            assert response.json()["meta"]["code"] == "invalid_id"


def test_it_says_what_an_id_looks_like(anyone):
    assert anyone.get("/programs/abc").json()["message"] == INVALID


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_an_unknown_id_cannot_be_changed(resource, admin, method):
    body = resource.body if method == "put" else {}
    response = getattr(admin.client, method)(resource.item(UNKNOWN), body, format="json")
    assert response.status_code == 404


def test_head_is_get_without_a_body(resource, anyone):
    [key] = resource.store()
    for url in (resource.url, resource.item(key)):
        head, get = anyone.head(url), anyone.get(url)
        assert head.status_code == 200
        assert head.content == b""
        assert head["ETag"] == get["ETag"]
        assert head["Content-Length"] == get["Content-Length"]


def test_options_says_what_can_be_done(resource, anyone):
    response = anyone.options(resource.url)
    assert response.status_code == 200
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert response.json()["data"]["methods"] == ["GET", "POST", "HEAD", "OPTIONS"]


def test_an_earlier_document_shows_defaults_for_what_it_lacks(anyone, resource):
    short = {resource.title: "Lama", resource.text: None, "created_at": None}
    key = resource.collection().insert_one(short).inserted_id
    data = anyone.get(resource.item(key)).json()["data"]
    assert data["version"] == 0
    assert data["updated_at"] == data["created_at"]
    assert data["created_at"] == key.generation_time.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert data["author"] is None
    assert data.get("is_active", True) is True
    assert data[resource.picture] is None


def test_a_stored_field_that_is_not_declared_never_leaves(resource, anyone):
    [key] = resource.store(secret="rahasia", search_words=["kunci"])
    for url in (resource.item(key), resource.url):
        text = anyone.get(url).content.decode()
        assert "rahasia" not in text
        assert "kunci" not in text
    assert anyone.get(f"{resource.url}?fields=secret").status_code == 422


def test_a_stored_null_reads_as_what_is_not_there(anyone):
    programs = RESOURCES["programs"]
    [key] = programs.store(is_active=None, version=None, updated_at=None)
    item = anyone.get(programs.item(key)).json()["data"]
    assert (item["is_active"], item["version"]) == (True, 0)
    assert item["updated_at"] == item["created_at"]


def test_a_stored_value_of_an_odd_kind_costs_neither_item_nor_list(anyone):
    programs = RESOURCES["programs"]
    [key] = programs.store(start_date="2024-05-01", image_meta="odd")
    [item] = anyone.get(programs.url).json()["data"]
    assert item == listed(anyone.get(programs.item(key)).json()["data"])
    assert (item["start_date"], item["image_meta"]) == (None, None)
