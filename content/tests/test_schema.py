"""What the OpenAPI document says of content is what the API takes and gives."""

import pytest
from openapi_schema_validator import OAS31Validator

from content.tests import earlier
from content.tests.resources import RESOURCES
from core.database import indexes

NAMES = ("programs", "blogs", "gallery", "partners")


@pytest.fixture
def document(anyone):
    return anyone.get("/openapi.json").json()


@pytest.fixture
def paths(document):
    return document["paths"]


def unfitting(document, path, method, response):
    """What of an answer does not fit its description."""
    described = document["paths"][path][method]["responses"][str(response.status_code)]
    assert not described.get("headers", {}).keys() - response.headers.keys()
    schema = described["content"]["application/json"]["schema"]
    validator = OAS31Validator(schema | {"components": document["components"]})
    return [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(response.json())
    ]


def request_example(paths, name):
    content = paths[f"/api/v1/{name}"]["post"]["requestBody"]["content"]
    return content["application/json"]["examples"]["Request"]["value"]


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_has_an_example(paths, name):
    for path in (f"/api/v1/{name}", f"/api/v1/{name}/{{id}}"):
        for operation in paths[path].values():
            [answer] = [a for code, a in operation["responses"].items() if code in ("200", "201")]
            assert answer["content"]["application/json"]["examples"]


@pytest.mark.parametrize("name", ["programs", "blogs"])
def test_the_example_of_a_request_is_accepted_and_answered_as_shown(paths, owner, name):
    sent = request_example(paths, name)
    response = owner.client.post(f"/api/v1/{name}", sent, format="json")
    assert response.status_code == 201
    created = paths[f"/api/v1/{name}"]["post"]["responses"]["201"]["content"]["application/json"]
    shown = created["examples"]["Answer"]["value"]["data"]
    assert response.json()["data"].keys() == shown.keys()
    assert response.json()["data"] | sent == response.json()["data"]


@pytest.mark.parametrize("name", ["gallery", "partners"])
def test_where_a_picture_is_required_only_that_is_missing(paths, owner, name):
    response = owner.client.post(f"/api/v1/{name}", request_example(paths, name), format="json")
    assert response.status_code == 422
    assert response.json()["meta"]["errors"].keys() <= {"image", "logo"}


@pytest.mark.parametrize("name", NAMES)
def test_answers_fit_their_descriptions(document, owner, anyone, name):
    resource = RESOURCES[name]
    path, item_path = resource.url, f"{resource.url}/{{id}}"
    created = resource.post(owner.client)
    item = resource.item(created.json()["data"]["id"])
    changed = owner.client.patch(item, {resource.title: "Judul lain"}, format="json")
    assert unfitting(document, path, "post", created) == []
    assert unfitting(document, item_path, "patch", changed) == []
    assert unfitting(document, item_path, "get", anyone.get(item)) == []
    assert unfitting(document, path, "get", anyone.get(path)) == []
    assert unfitting(document, path, "get", anyone.get(path, {"count": "false"})) == []
    assert unfitting(document, path, "get", anyone.get(path, {"limit": 0})) == []
    assert unfitting(document, item_path, "delete", owner.client.delete(item)) == []
    assert unfitting(document, item_path, "get", anyone.get(item)) == []


@pytest.mark.wire  # bulk updates, which mongomock does not take from PyMongo
@pytest.mark.parametrize("name", NAMES)
def test_documents_of_the_earlier_service_fit_the_descriptions(document, anyone, name):
    earlier.insert()
    indexes.ensure_indexes()
    path = f"/api/v1/{name}"
    listed = anyone.get(path)
    assert listed.json()["data"]
    assert unfitting(document, path, "get", listed) == []
    for item in listed.json()["data"]:
        answer = anyone.get(f"{path}/{item['id']}")
        assert unfitting(document, f"{path}/{{id}}", "get", answer) == []
