"""Who may read, change and delete what."""

import pytest

from content.publishing import states
from content.tests.resources import JSON, RESOURCES, cases

REFUSALS = {
    "programs": "Anda tidak memiliki akses untuk menghapus program ini",
    "blogs": "Anda tidak memiliki akses untuk menghapus blog ini",
}


@pytest.fixture(params=cases("programs"))
def resource(request):
    """One code decides for all."""
    return request.param


@pytest.fixture(params=["put", "patch", "delete"])
def method(request):
    return request.param


def send(client, method, resource, key):
    body = resource.body if method == "put" else {resource.title: "Judul baru"}
    return getattr(client, method)(resource.item(key), body, **JSON)


def is_done(method, resource, key):
    """Whether the database shows what was asked for."""
    stored = resource.collection().find_one({"_id": key})
    if method == "delete":
        return states.is_trashed(stored)
    wanted = resource.body[resource.title] if method == "put" else "Judul baru"
    return stored[resource.title] == wanted


def test_an_owner_may(resource, owner, method):
    [key] = resource.store(author_id=owner.raw["_id"])
    assert send(owner.client, method, resource, key).status_code == 200
    assert is_done(method, resource, key)


def test_an_admin_may(resource, owner, admin, method):
    [key] = resource.store(author_id=owner.raw["_id"])
    assert send(admin.client, method, resource, key).status_code == 200
    assert is_done(method, resource, key)


def test_a_stranger_may_not(resource, owner, stranger, method):
    [key] = resource.store(author_id=owner.raw["_id"])
    before = resource.collection().find_one()
    response = send(stranger.client, method, resource, key)
    assert response.status_code == 403
    assert response.json()["meta"]["code"] == "permission_denied"
    assert resource.collection().find_one() == before


def test_nobody_may_without_logging_in(resource, anyone, owner, method):
    [key] = resource.store(author_id=owner.raw["_id"])
    before = resource.collection().find_one()
    assert send(anyone, method, resource, key).status_code == 401
    assert resource.collection().find_one() == before


def test_the_shown_address_gives_no_rights(resource, owner, method):
    """Ownership is an id: without one an item belongs to the admins."""
    [key] = resource.store(author=owner.email, author_id=None)
    before = resource.collection().find_one()
    assert send(owner.client, method, resource, key).status_code == 403
    assert resource.collection().find_one() == before


def test_what_has_no_owner_belongs_to_admins(resource, admin, method):
    [key] = resource.store(author_id=None)
    assert send(admin.client, method, resource, key).status_code == 200
    assert is_done(method, resource, key)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_names_the_kind_of_thing(name, owner, stranger):
    resource = RESOURCES[name]
    [key] = resource.store(author_id=owner.raw["_id"])
    response = stranger.client.delete(resource.item(key))
    assert response.json()["message"] == REFUSALS[name]


def test_reading_ignores_credentials(resource, anyone):
    """An expired token must never close the public site."""
    [key] = resource.store()
    anyone.credentials(HTTP_AUTHORIZATION="Bearer expired.or.worse")
    assert anyone.get(resource.url).status_code == 200
    assert anyone.get(resource.item(key)).status_code == 200
    assert resource.post(anyone).status_code == 401
    assert resource.collection().count_documents({}) == 1


def test_the_owner_is_never_shown(resource, owner):
    data = resource.create(owner.client)
    assert owner.id not in str(data)
    assert owner.id not in owner.client.get(resource.url).content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_does_not_exist_is_refused_as_such(resource, anyone, method):
    url = resource.item("0" * 24) if method == "post" else resource.url
    response = getattr(anyone, method)(url)
    assert response.status_code == 405
    assert response.json()["meta"]["code"] == "method_not_allowed"
    assert method.upper() not in response["Allow"]
