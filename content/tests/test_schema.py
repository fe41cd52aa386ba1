"""What the OpenAPI document says of content is what the API takes and gives."""

import pytest

from content.tests import earlier
from content.tests.resources import FORM, RESOURCES, picture
from core.api.tests.described import fetch
from core.database import indexes

NAMES = ("programs", "blogs", "gallery", "partners")  # which have examples


@pytest.fixture(scope="module")
def document():
    return fetch()


def request_example(document, resource):
    """What the document shows to send, with bytes for what stands there in their place."""
    _kind, described = document.operation("post", resource.url).body
    return described["examples"]["Request"]["value"] | {resource.picture: picture()}


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_request_is_accepted_and_answered_as_shown(document, owner, name):
    resource = RESOURCES[name]
    sent = request_example(document, resource)
    response = owner.client.post(resource.url, sent, **FORM)
    assert response.status_code == 201
    created = document.success(document.operation("post", resource.url))
    shown = created["examples"]["Answer"]["value"]["data"]
    stored = response.json()["data"]
    assert stored.keys() == shown.keys()
    written = sent.keys() - {resource.picture}
    assert {key: stored[key] for key in written} == {key: shown[key] for key in written}


@pytest.mark.parametrize("name", RESOURCES)
def test_answers_fit_their_descriptions(document, owner, anyone, name):
    resource = RESOURCES[name]
    path, item_path = resource.url, f"{resource.url}/{{id}}"
    created = resource.post(owner.client)
    item = resource.item(created.json()["data"]["id"])
    changed = owner.client.patch(item, {resource.title: "Judul lain"}, format="json")
    replaced = owner.client.put(item, resource.body, **FORM)
    assert document.unfitting("post", path, created) == []
    assert document.unfitting("patch", item_path, changed) == []
    assert document.unfitting("put", item_path, replaced) == []
    assert document.unfitting("get", item_path, anyone.get(item)) == []
    assert document.unfitting("get", path, anyone.get(path)) == []
    assert document.unfitting("get", path, anyone.get(path, {"count": "false"})) == []
    assert document.unfitting("get", path, anyone.get(path, {"limit": 0})) == []
    assert document.unfitting("delete", item_path, owner.client.delete(item)) == []
    assert document.unfitting("get", item_path, anyone.get(item)) == []


@pytest.mark.wire  # bulk updates, which mongomock does not take from PyMongo
def test_documents_of_the_earlier_service_fit_the_descriptions(document, anyone):
    earlier.insert()
    indexes.ensure_indexes()
    for name in NAMES:
        path = f"/api/v1/{name}"
        listed = anyone.get(path)
        assert listed.json()["data"]
        assert document.unfitting("get", path, listed) == []
        for item in listed.json()["data"]:
            answer = anyone.get(f"{path}/{item['id']}")
            assert document.unfitting("get", f"{path}/{{id}}", answer) == []
