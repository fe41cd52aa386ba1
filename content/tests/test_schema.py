"""The examples of content in the OpenAPI document are such as the API takes and gives."""

import pytest

NAMES = ("programs", "blogs", "gallery", "partners")


@pytest.fixture
def paths(anyone):
    return anyone.get("/openapi.json").json()["paths"]


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
