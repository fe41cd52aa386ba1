"""Bodies, answers and examples in the OpenAPI document."""

import pytest

import accounts.errors
import core.errors
from content.tests.resources import RESOURCES
from core.api.schema.components import REFUSALS
from core.api.tests.described import Document, Operation, fetch, is_file


@pytest.fixture(scope="module")
def document() -> Document:
    return fetch()


# --- Bodies ----------------------------------------------------------------------------------


def with_body(document: Document) -> list[Operation]:
    return [operation for operation in document.operations if operation.body]


def test_a_body_is_a_form_where_it_may_bring_a_file_and_json_elsewhere(document):
    for operation in with_body(document):
        kind, described = operation.body
        properties = document.resolve(described["schema"]).get("properties", {}).values()
        wanted = "multipart/form-data" if any(map(is_file, properties)) else "application/json"
        assert kind == wanted, operation
        assert len(operation.described["requestBody"]["content"]) == 1


def test_a_form_knows_no_null(document):
    for operation in with_body(document):
        kind, described = operation.body
        if kind == "multipart/form-data":
            properties = document.resolve(described["schema"]).get("properties", {}).values()
            assert all("null" not in each.get("type", ()) for each in properties), operation


def test_unknown_fields_are_refused_where_the_document_says_so(document, anyone, admin):
    for operation in with_body(document):
        kind, described = operation.body
        examples = described.get("examples", {"": {"value": {}}}).values()
        sent = next(iter(examples))["value"] | {"nonsense": "1"}
        address = operation.path.replace("{id}", str(admin.id))
        send = getattr(admin.client, operation.method)
        if operation.tag in RESOURCES and "{id}" in operation.path:
            address = operation.path.format(id=RESOURCES[operation.tag].store()[0])
        is_form = kind == "multipart/form-data"
        if operation.tag == "webhooks" and "id}" in operation.path:
            continue  # there is none
        response = send(address, sent, format="multipart" if is_form else "json")
        is_refused = "nonsense" in ((response.json().get("meta") or {}).get("errors") or {})
        is_closed = document.resolve(described["schema"]).get("additionalProperties") is False
        assert is_refused == is_closed, operation


def test_a_change_carries_nothing_by_default(document):
    """A generated client sends defaults along, and would so change what it leaves alone."""
    for operation in with_body(document):
        if operation.method == "patch":
            schema = document.resolve(operation.body[1]["schema"])
            assert "required" not in schema
            assert all("default" not in each for each in schema["properties"].values()), operation


# --- Answers ---------------------------------------------------------------------------------


def test_every_success_is_in_a_named_envelope_but_for_tokens(document):
    for operation in filter(document.is_json, document.operations):
        schema = document.success(operation)["schema"]
        name = schema["$ref"].rpartition("/")[2]
        wanted = {"status", "message", "data", "meta"}
        if is_token(operation.path):
            wanted = {"access_token", "token_type", "expires_in", "refresh_token"}
        else:
            assert name.endswith("Envelope"), operation
        schema = document.resolve(schema)
        assert set(schema["properties"]) == set(schema["required"]) == wanted, operation


def is_token(path: str) -> bool:
    names = ("login", "refresh", "password", "invitations/confirm")
    return path.removeprefix("/api/v1/auth/") in names


def test_envelopes_are_named_for_what_they_hold(document):
    schemas = document.schemas
    blog, page = {"$ref": "#/components/schemas/Blog"}, {"$ref": "#/components/schemas/PageMeta"}
    assert schemas["BlogEnvelope"]["properties"]["data"] == blog
    assert schemas["BlogListEnvelope"]["properties"]["data"] == {"type": "array", "items": blog}
    assert schemas["BlogListEnvelope"]["properties"]["meta"] == page
    assert schemas["EmptyEnvelope"]["properties"]["data"] == {"type": "null"}


def test_of_an_answer_every_property_is_there(document):
    for name, schema in document.schemas.items():
        if not name.endswith("Request") and "properties" in schema:
            # A list leaves out the text as HTML.
            html = {each for each in schema["properties"] if each.endswith("_html")}
            assert set(schema["required"]) == set(schema["properties"]) - html, name
            for property_name, described in schema["properties"].items():
                noise = {"readOnly", "default", "minLength", "maxLength"}
                assert not noise & described.keys(), (name, property_name)


def test_every_refusal_is_the_error_component(document):
    for operation in document.operations:
        for code, answer in document.answers(operation):
            if code >= "400":
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ApiError"}, (operation, code)
                assert answer["description"] == REFUSALS[code][1]


def test_an_error_answer_fits_its_component(document, anyone):
    error = {"$ref": "#/components/schemas/ApiError"}
    for response in (
        anyone.get("/nothing"),
        anyone.get("/api/v1/blogs", {"limit": 0}),
        anyone.get("/api/v1/blogs/1"),
        anyone.get("/api/v1/users"),
        anyone.delete("/api/v1/blogs"),
        anyone.post("/api/v1/auth/login", "{", content_type="application/json"),
        anyone.post("/api/v1/auth/login", "x", content_type="text/plain"),
    ):
        assert response.status_code >= 400
        assert document.errors(response.json(), error) == []


@pytest.mark.parametrize("module", [core.errors, accounts.errors])
def test_every_code_of_an_error_is_told(document, module):
    errors = [each for each in vars(module).values() if isinstance(each, type)]
    codes = {each.code for each in errors if issubclass(each, core.errors.ApplicationError)}
    assert codes
    assert codes <= set(document.schemas["ErrorCode"]["enum"])


# --- Examples --------------------------------------------------------------------------------


def test_every_example_fits_its_schema(document):
    examined = 0
    for operation in filter(document.is_json, document.operations):
        contents = [document.success(operation)]
        contents += [operation.body[1]] if operation.body else []
        for content in contents:
            for example in content.get("examples", {}).values():
                assert document.errors(example["value"], content["schema"]) == [], operation
                examined += 1
    assert examined > 40
