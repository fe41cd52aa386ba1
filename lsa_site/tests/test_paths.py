"""Both prefixes and both slash forms are the same place, reached without a redirect."""

from typing import Any

import pytest

from accounts.tests.requests import NEWCOMER
from conftest import PASSWORD
from content.tests.resources import FORM

PREFIXES = ("/api/v1", "")
BLOG = {"title": "Kabar kota", "content": "Hari ini hujan."}
READABLE = (
    "/programs",
    "/blogs",
    "/gallery",
    "/partners",
    "/auth/me",
    "/users",
    "/health/live",
    "/health/ready",
    "/openapi.json",
    "/docs",
    "/redoc",
    "/login",
)


@pytest.fixture(params=PREFIXES)
def prefix(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["", "/"], ids=["plain", "slash"])
def slash(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("path", READABLE)
def test_every_place_can_be_read(admin, prefix, slash, path):
    assert admin.client.get(f"{prefix}{path}{slash}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v1", "/api/v1/"])
def test_the_front_page_says_where_things_are(anyone, path):
    response = anyone.get(path)
    assert response.status_code == 200
    places = response.json()["data"]
    assert {"programs", "blogs", "gallery", "partners"} <= set(places)
    assert {anyone.get(place).status_code for place in places.values()} == {200}


def test_two_slashes_are_another_place(anyone, prefix):
    assert anyone.get(f"{prefix}/blogs//").status_code == 404


def test_an_item_lives_a_whole_life(owner, prefix, slash):
    url = f"{prefix}/blogs{slash}"
    created = owner.client.post(url, BLOG, **FORM)
    assert created.status_code == 201
    item = f"{prefix}/blogs/{created.json()['data']['id']}"
    assert created["Location"] == item
    assert owner.client.put(f"{item}{slash}", BLOG, **FORM).status_code == 200
    assert owner.client.patch(f"{item}{slash}", {"title": "Lain"}, **FORM).status_code == 200
    assert owner.client.get(f"{item}{slash}").json()["data"]["title"] == "Lain"
    assert owner.client.delete(f"{item}{slash}").status_code == 200
    assert owner.client.get(f"{item}{slash}").status_code == 404


def test_one_registers_and_logs_in(anyone, prefix, slash):
    assert anyone.post(f"{prefix}/auth/register{slash}", NEWCOMER).status_code == 201
    credentials = {"username": NEWCOMER["email"], "password": PASSWORD}
    response = anyone.post(f"{prefix}/auth/login{slash}", credentials)
    assert response.status_code == 200
    assert response.json()["token_type"] == "bearer"


def test_links_of_a_list_stay_under_the_requests_own_prefix(owner, anyone, prefix, slash):
    for _ in range(3):
        owner.client.post("/blogs", BLOG, **FORM)
    meta = page(anyone, f"{prefix}/blogs{slash}?limit=1&skip=1")
    assert meta["next"].startswith(f"{prefix}/blogs?")
    assert meta["previous"].startswith(f"{prefix}/blogs?")
    assert page(anyone, meta["next"])["skip"] == 2


def page(client: Any, url: str) -> dict[str, Any]:
    response = client.get(url)
    assert response.status_code == 200
    return response.json()["meta"]


def test_nothing_is_built_from_the_host(owner, anyone, settings):
    settings.ALLOWED_HOSTS = ["*"]
    created = owner.client.post("/blogs", BLOG, HTTP_HOST="evil.example", **FORM)
    listed = anyone.get("/blogs?limit=1", HTTP_HOST="evil.example")
    for response in (created, listed, anyone.get("/", HTTP_HOST="evil.example")):
        assert response.status_code in (200, 201)
        assert "evil.example" not in response.content.decode() + str(response.headers)


def test_a_prefix_of_another_version_is_no_place(anyone):
    assert anyone.get("/api/v2/blogs").status_code == 404
    assert anyone.get("/api/blogs").status_code == 404
