"""What is answered beside items: their history, links to them, and lists that are no pages."""

from http import HTTPStatus
from typing import Any

import pytest

from content.tests.resources import RESOURCES, Resource
from core.api.tests.described import Document, fetch


@pytest.fixture(scope="module")
def document() -> Document:
    return fetch()


@pytest.fixture
def changed(resource, owner) -> dict[str, Any]:
    """An item in its second version."""
    item = resource.create(owner.client)
    response = owner.client.patch(resource.item(item["id"]), {"tags": "kota"}, format="multipart")
    return response.json()["data"]


def path(resource: Resource, rest: str) -> str:
    return f"{resource.url}/{{id}}/{rest}"


def told(document: Document, method: str, address: str, *, headers: set[str]) -> None:
    """Whether an operation says which headers its success always has."""
    answers = dict(document.answers(document.operation(method, address)))
    [answer] = [answer for code, answer in answers.items() if code.startswith("2")]
    given = answer.get("headers", {}).items()
    assert {name for name, header in given if header.get("required")} == headers


@pytest.mark.parametrize(
    ("method", "rest"), [("get", "revisions"), ("get", "revisions/1"), ("post", "preview")]
)
def test_what_tells_of_an_item_fits_its_description(
    document, resource, owner, changed, method, rest
):
    response = owner.client.generic(method, f"{resource.item(changed['id'])}/{rest}")
    assert response.status_code == HTTPStatus.OK
    address = path(resource, rest.replace("/1", "/{version}"))
    assert document.unfitting(method, address, response) == []
    told(document, method, address, headers=set())
    assert "304" not in dict(document.answers(document.operation(method, address)))


def test_a_version_is_told_with_the_item_as_it_was(document, resource, owner, changed):
    operation = document.operation("get", path(resource, "revisions/{version}"))
    envelope = document.resolve(document.success(operation)["schema"])
    shown = document.resolve(envelope["properties"]["data"])
    response = owner.client.get(f"{resource.item(changed['id'])}/revisions/1")
    assert set(response.json()["data"]) == set(shown["properties"])


def test_a_history_takes_no_parameters_and_says_so(document, resource, owner, changed):
    operation = document.operation("get", path(resource, "revisions"))
    assert [each["name"] for each in operation.described["parameters"]] == ["id"]
    refused = owner.client.get(f"{resource.item(changed['id'])}/revisions", {"limit": 1})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("rest", ["preview", "revisions/1/restore", "restore"])
def test_every_write_to_an_item_says_that_it_looks_at_if_match(
    document, resource, owner, changed, rest
):
    operation = document.operation("post", path(resource, rest.replace("/1", "/{version}")))
    assert operation.headers() == {"If-Match"}
    url = f"{resource.item(changed['id'])}/{rest}"
    response = owner.client.post(url, HTTP_IF_MATCH='"stale"')
    assert response.status_code == HTTPStatus.PRECONDITION_FAILED
    assert document.unfitting("post", operation.path, response) == []


@pytest.mark.parametrize("address", ["/api/v1/auth/sessions", "/api/v1/tags"])
def test_a_list_without_pages_has_the_meta_of_its_only_one(document, owner, address):
    response = owner.client.get(address)
    assert document.unfitting("get", address, response) == []
    meta = response.json()["meta"]
    assert meta["total"] == meta["count"] == len(response.json()["data"])
    assert not meta["has_more"]


def test_a_parameter_that_is_an_id_says_how_one_looks(document):
    parameters = document.named("listActivity").described["parameters"]
    patterns = {each["name"]: each["schema"].get("pattern") for each in parameters}
    assert patterns["actor"] == patterns["object_id"] == "^[0-9A-Fa-f]{24}$"


def test_a_form_may_repeat_a_list_with_nothing_in_it(document, resource, owner):
    _kind, described = document.operation("post", resource.url).body
    tags = document.resolve(described["schema"])["properties"]["tags"]
    assert "minLength" not in tags["items"]
    assert resource.create(owner.client, tags=["", "kota"])["tags"] == ["kota"]


def test_what_only_some_may_see_says_how_it_is_refused(document, resource, anyone, owner):
    [draft] = resource.store(status="draft", slug="konsep", author_id=owner.raw["_id"])
    bad = {"HTTP_AUTHORIZATION": "Bearer bad"}
    item, by_slug = f"{resource.url}/{{id}}", f"{resource.url}/by-slug/{{slug}}"
    answers = (
        (401, resource.url, anyone.get(resource.url, {"state": "draft"})),
        (401, item, anyone.get(resource.item(draft), **bad)),
        (401, by_slug, anyone.get(f"{resource.url}/by-slug/konsep", **bad)),
        (403, item, anyone.get(resource.item(draft), {"preview": "bad"})),
        (403, by_slug, anyone.get(f"{resource.url}/by-slug/konsep", {"preview": "bad"})),
    )
    for status, address, response in answers:
        assert response.status_code == status
        assert document.unfitting("get", address, response) == []


def test_an_item_that_has_another_address_is_found_as_described(document, resource, owner, anyone):
    item = resource.create(owner.client, slug="lama")
    owner.client.patch(resource.item(item["id"]), {"slug": "baru"}, format="multipart")
    response = anyone.get(f"{resource.url}/by-slug/lama")
    assert response.status_code == HTTPStatus.PERMANENT_REDIRECT
    assert document.unfitting("get", f"{resource.url}/by-slug/{{slug}}", response) == []
    address = f"{resource.url}/by-slug/{{slug}}"
    described = dict(document.answers(document.operation("get", address)))["308"]
    assert described["headers"]["Location"]["required"]


def test_what_one_may_choose_from_is_told(document):
    [resource_parameter] = [
        each
        for each in document.named("getTags").described["parameters"]
        if each["name"] == "resource"
    ]
    assert set(resource_parameter["schema"]["enum"]) == set(RESOURCES)
    _kind, described = document.named("createWebhook").body
    events = document.resolve(described["schema"])["properties"]["events"]
    assert document.errors(["blog.published", "*"], events) == []
    assert document.errors(["blog.read"], events) != []
    assert document.errors([], events) != []


def test_if_match_is_told_by_its_pattern(document, owner):
    [header] = [
        each
        for each in document.named("updateMe").described["parameters"]
        if each["name"] == "If-Match"
    ]
    for tag, is_readable in (("*", True), ('"a", W/"b"', True), ("a", False), ("", False)):
        assert (document.errors(tag, header["schema"]) == []) == is_readable
        response = owner.client.patch(
            "/api/v1/auth/me", {"full_name": "Budi"}, format="json", HTTP_IF_MATCH=tag
        )
        assert (response.status_code == HTTPStatus.BAD_REQUEST) == (not is_readable)
