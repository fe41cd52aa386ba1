"""The OpenAPI document says what the service does, and its pages need no internet."""

import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.views import APIView

from conftest import new_client
from content.tests.resources import RESOURCES
from core.api.schema import REFUSALS
from core.api.tests.lists import LISTS, parameters_of

Operation = tuple[str, str, dict[str, Any]]
METHODS = {"get", "post", "put", "patch", "delete"}
# Pages and the document itself.
UNDOCUMENTED = {"", "openapi.json", "docs", "redoc", "login", "logout", "password-reset"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return new_client().get("/openapi.json").json()


@pytest.fixture(scope="module")
def operations(document) -> list[Operation]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def api_routes(patterns: Any, prefix: str = "") -> set[str]:
    """The paths of all API views."""
    found = set()
    for each in patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            found |= api_routes(each.url_patterns, route)
        elif isinstance(each, URLPattern) and issubclass(view_class(each), APIView):
            found.add(route)
    return found


def view_class(pattern: URLPattern) -> type:
    return getattr(pattern.callback, "cls", getattr(pattern.callback, "view_class", object))


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


# --- The document ----------------------------------------------------------------------------


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_generator_has_nothing_to_complain_about():
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=io.StringIO())


def test_it_is_the_same_each_time(document):
    assert new_client().get("/openapi.json").json() == document
    assert new_client().get("/api/v1/openapi.json").json() == document


def test_it_is_for_everybody_and_is_json(anyone, owner):
    assert anyone.get("/openapi.json")["Content-Type"].startswith("application/")
    expired = {"HTTP_AUTHORIZATION": "Bearer expired"}
    assert anyone.get("/openapi.json", **expired).status_code == 200


def test_every_api_route_is_documented_under_the_version_only(document):
    routes = {
        re.sub(r"<str:(\w+)>", r"{\1}", route)
        for route in api_routes(get_resolver().url_patterns, "/")
        if route.startswith("/api/v1/") and route.removeprefix("/api/v1/") not in UNDOCUMENTED
    }
    assert set(document["paths"]) == routes


def test_unprefixed_routes_are_the_same_ones():
    routes = api_routes(get_resolver().url_patterns)
    versioned = {route.removeprefix("api/v1/") for route in routes if route.startswith("api/v1/")}
    assert versioned == {route for route in routes if not route.startswith("api/v1")} - {""}


# --- Its operations --------------------------------------------------------------------------


def test_every_operation_has_a_name_a_summary_and_a_known_tag(document, operations):
    known = {tag["name"] for tag in document["tags"]}
    names = [operation["operationId"] for *_, operation in operations]
    assert len(names) == len(set(names))
    used = set()
    for path, method, operation in operations:
        assert operation["summary"], (path, method)
        (tag,) = operation["tags"]
        used.add(tag)
    assert known <= used


def test_no_operation_speaks_of_the_code(operations):
    for path, method, operation in operations:
        assert "`" not in operation.get("description", "").replace("`all`", ""), (path, method)
        assert "_class" not in operation.get("description", ""), (path, method)


def test_every_success_is_in_the_envelope_but_for_tokens(document, operations):
    for path, method, operation in operations:
        for code, response in operation["responses"].items():
            if not code.startswith("2"):
                continue
            schema = resolved(document, response["content"]["application/json"]["schema"])
            wanted = {"status", "message", "data", "meta"}
            if is_token(path):
                wanted = {"access_token", "token_type", "expires_in", "refresh_token"}
            assert set(schema["properties"]) == set(schema["required"]) == wanted, (path, method)


def is_token(path: str) -> bool:
    return path.removeprefix("/api/v1/auth/") in ("login", "refresh", "password")


def test_every_refusal_is_the_error_component(operations):
    for path, method, operation in operations:
        for code, response in operation["responses"].items():
            if code >= "400":
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Error"}, (path, method, code)
                assert response["description"] == REFUSALS[code]


def test_an_error_answer_fits_its_component(document, anyone):
    described = document["components"]["schemas"]["Error"]
    answer = anyone.get("/nothing").json()
    assert set(answer) == set(described["properties"]) == set(described["required"])
    assert set(answer["meta"]) == set(described["properties"]["meta"]["properties"])


def test_writing_content_needs_credentials_and_reading_none(operations):
    for path, method, operation in operations:
        if operation["tags"][0] in RESOURCES:
            wanted = None if method == "get" else [{"bearer": []}]
            assert operation.get("security") == wanted, (path, method)


def test_own_and_other_accounts_need_credentials(operations):
    for path, method, operation in operations:
        if operation["tags"] == ["users"] or path.endswith(("/auth/me", "/auth/password")):
            assert operation["security"] == [{"bearer": []}], (path, method)


def test_the_only_credentials_are_a_bearer_token_that_login_gives(document, anyone, owner):
    (scheme,) = document["components"]["securitySchemes"].values()
    assert scheme["type"] == "oauth2"
    address = scheme["flows"]["password"]["tokenUrl"]
    assert address in document["paths"]
    assert scheme["flows"]["password"]["refreshUrl"] in document["paths"]


# --- Content ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_the_parameters_it_documents(document, name):
    parameters = document["paths"][f"/api/v1/{name}"]["get"]["parameters"]
    queries = [each["name"] for each in parameters if each["in"] == "query"]
    assert sorted(queries) == sorted(parameters_of(LISTS[name]))
    assert not any(each.get("required") for each in parameters)


@pytest.mark.parametrize("name", LISTS)
def test_documented_defaults_and_bounds_are_those_of_the_service(document, anyone, name):
    parameters = {
        each["name"]: each["schema"]
        for each in document["paths"][f"/api/v1/{name}"]["get"]["parameters"]
    }
    assert parameters["limit"]["default"] == LISTS[name].default_limit
    assert parameters["ordering"]["enum"] == LISTS[name].orderings
    if name in RESOURCES:
        for parameter in ("skip", "limit"):
            for bound, by in (("minimum", -1), ("maximum", 1)):
                edge = parameters[parameter][bound]
                url = RESOURCES[name].url
                assert anyone.get(url, {parameter: edge}).status_code == 200
                assert anyone.get(url, {parameter: edge + by}).status_code == 422


def test_an_answer_has_the_fields_it_documents(document, resource, owner):
    item = resource.create(owner.client)
    responses = document["paths"][f"{resource.url}/{{id}}"]["get"]["responses"]
    envelope = responses["200"]["content"]["application/json"]["schema"]
    shown = resolved(document, envelope["properties"]["data"])
    assert set(item) == set(shown["properties"])
    assert {"type": "null"} in shown["properties"][f"{resource.picture}_meta"]["oneOf"]


def test_a_picture_is_a_file_in_a_form(document, resource):
    for path, method in ((resource.url, "post"), (f"{resource.url}/{{id}}", "put")):
        content = document["paths"][path][method]["requestBody"]["content"]
        # The first is what Swagger UI offers.
        assert next(iter(content)) == "multipart/form-data"
        schema = resolved(document, content["multipart/form-data"]["schema"])
        picture = schema["properties"][resource.picture]
        assert is_file(picture), picture
        assert (resource.picture in schema["required"]) == resource.needs_picture


def is_file(schema: dict[str, Any]) -> bool:
    return schema.get("format") == "binary" or "contentMediaType" in schema


def test_what_is_read_only_cannot_be_sent(document, resource):
    content = document["paths"][resource.url]["post"]["requestBody"]["content"]
    sent = resolved(document, content["application/json"]["schema"])["properties"]
    assert not {"id", "_id", "author", "author_id", "created_at", "version"} & set(sent)


def test_conditional_requests_are_documented(document, resource):
    item = document["paths"][f"{resource.url}/{{id}}"]
    wanted = {"get": "If-None-Match", "put": "If-Match", "patch": "If-Match", "delete": "If-Match"}
    for method, header in wanted.items():
        headers = [each["name"] for each in item[method]["parameters"] if each["in"] == "header"]
        assert headers == [header]
        code = "304" if method == "get" else "412"
        assert code in item[method]["responses"]


# --- Its pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/docs", "/redoc", "/docs?script="])
def test_a_page_loads_nothing_from_elsewhere(anyone, page):
    response = anyone.get(page)
    assert response.status_code == 200
    assert not re.search(r"(https?:)?//[a-z]", response.content.decode())


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_everything_a_page_loads_is_there(anyone, page):
    html = anyone.get(page).content.decode()
    for address in re.findall(r'(?:src|href|spec-url)="([^"]+)"', html):
        assert anyone.get(address).status_code == 200, address
