"""Credentials are strings: anything else is 422 on every route that takes them."""

import pytest

from accounts.documents import User
from accounts.tests.requests import API
from conftest import PASSWORD

NEW = "jalan-merpati-3"
EMAIL = "budi@lsa.example"
BODIES = {
    "register": {"email": EMAIL, "username": "budi", "password": NEW},
    "login": {"username": "owner", "password": PASSWORD},
    "refresh": {"refresh_token": "x"},
    "logout": {"refresh_token": "x"},
    "me": {"email": EMAIL, "username": "budi", "current_password": PASSWORD},
    "password": {"current_password": PASSWORD, "new_password": NEW},
    "password/reset": {"email": EMAIL},
    "password/reset/confirm": {"token": "x", "new_password": NEW},
}
FIELDS = [(route, field) for route, body in BODIES.items() for field in body]
NOT_STRINGS = [None, 0, 1.5, True, [], ["owner"], {}, {"$ne": None}, {"$gt": ""}]


def send(client, route, body):
    call = client.patch if route == "me" else client.post
    return call(f"{API}/auth/{route}", body, format="json")


@pytest.mark.parametrize(("route", "field"), FIELDS)
def test_what_is_no_string_is_named(owner, route, field):
    for value in NOT_STRINGS:
        response = send(owner.client, route, BODIES[route] | {field: value})
        assert (value, response.status_code) == (value, 422)
        assert set(response.json()["meta"]["errors"]) == {field}
    assert User.collection().find_one() == owner.raw


@pytest.mark.parametrize("route", BODIES)
def test_a_body_that_is_no_object_is_refused(owner, route):
    call = owner.client.patch if route == "me" else owner.client.post
    for body in (b"[]", b'["x"]', b'"x"', b"1", b"true", b"null", b'[{"x": 1}]'):
        response = call(f"{API}/auth/{route}", body, content_type="application/json")
        assert response.status_code == 422, body
        assert response.json()["meta"]["code"] == "validation_error"
        assert User.collection().find_one() == owner.raw


@pytest.mark.parametrize("route", BODIES)
def test_malformed_json_is_400(owner, route):
    call = owner.client.patch if route == "me" else owner.client.post
    for body in (b"{", b'{"username": "\xff"}', b'{"password": NaN}', b'{"email": "\\ud800"}'):
        response = call(f"{API}/auth/{route}", body, content_type="application/json")
        assert response.status_code == 400


@pytest.mark.parametrize("route", BODIES)
def test_a_file_is_no_credential(owner, route, tmp_path):
    field = next(iter(BODIES[route]))
    path = tmp_path / "x.txt"
    path.write_text("owner")
    with path.open("rb") as file:
        call = owner.client.patch if route == "me" else owner.client.post
        response = call(f"{API}/auth/{route}", BODIES[route] | {field: file}, format="multipart")
    assert response.status_code == 422
    assert field in response.json()["meta"]["errors"]
