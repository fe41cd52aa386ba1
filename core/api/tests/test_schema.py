"""The OpenAPI document says what the service does, and its pages need no internet."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from conftest import new_client
from content.tests.resources import RESOURCES
from content.viewsets import BlogViewSet
from core.api.schema.document import EnglishGenerator, _made
from core.api.tests.described import Document, fetch, is_file
from core.api.tests.lists import LISTS, parameters_of

# Pages and the document itself.
UNDOCUMENTED = {"", "openapi.json", "docs", "redoc", "login", "logout", "password-reset"}
UNDOCUMENTED |= {"invitation", "email-confirm"}


@pytest.fixture(scope="module")
def document() -> Document:
    return fetch()


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


# --- The document ----------------------------------------------------------------------------


def test_it_is_valid_openapi_3_1(document):
    assert document.content["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document.content).iter_errors()) == []


def test_the_generator_has_nothing_to_complain_about():
    call_command("spectacular", fail_on_warn=True, stdout=io.StringIO())


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
@pytest.mark.parametrize("language", ["id", "en", "de", ""])
def test_it_is_the_same_for_everybody(document, anyone, prefix, language):
    response = anyone.get(f"{prefix}/openapi.json", HTTP_ACCEPT_LANGUAGE=language)
    assert response.json() == document.content
    assert "Judul" not in response.content.decode()


def test_it_is_for_everybody_and_is_json(anyone):
    assert anyone.get("/openapi.json")["Content-Type"] == "application/json"
    expired = {"HTTP_AUTHORIZATION": "Bearer expired"}
    assert anyone.get("/openapi.json", **expired).status_code == 200


def test_it_is_made_once(document, anyone, monkeypatch):
    monkeypatch.delattr(EnglishGenerator, "get_schema")
    assert anyone.get("/openapi.json").json() == document.content


def test_of_those_who_ask_first_at_once_only_one_makes_it(document, monkeypatch):
    """The generator fails where two threads use it for the first time."""
    together, made = Barrier(2), []

    def get_schema(generator: EnglishGenerator, **options: Any) -> Any:
        made.append(generator)
        with suppress(BrokenBarrierError):
            together.wait(0.2)  # for another, who does not come
        return document.content

    monkeypatch.setattr(EnglishGenerator, "get_schema", get_schema)
    _made.cache_clear()
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: new_client().get("/openapi.json"), range(2)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(made) == 1


def test_who_has_it_need_not_fetch_it_again(anyone):
    tag = anyone.get("/openapi.json")["ETag"]
    unchanged = anyone.get("/openapi.json", HTTP_IF_NONE_MATCH=tag)
    assert unchanged.status_code == 304
    assert unchanged.content == b""
    assert unchanged["ETag"] == tag
    assert anyone.get("/openapi.json", HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_it_can_only_be_read(anyone):
    response = anyone.post("/openapi.json")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["meta"]["code"] == "method_not_allowed"


def test_it_says_where_the_service_is(document):
    assert document.content["servers"] == [{"url": "/"}]


def test_every_api_route_is_documented_under_the_version_only(document):
    routes = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", route)
        for route in api_routes(get_resolver().url_patterns, "/")
        if route.startswith("/api/v1/") and route.removeprefix("/api/v1/") not in UNDOCUMENTED
    }
    assert set(document.content["paths"]) == routes


def test_unprefixed_routes_are_the_same_ones():
    routes = api_routes(get_resolver().url_patterns)
    versioned = {route.removeprefix("api/v1/") for route in routes if route.startswith("api/v1/")}
    assert versioned == {route for route in routes if not route.startswith("api/v1")} - {""}


# --- Its operations --------------------------------------------------------------------------


def test_operations_are_named_as_a_person_would_name_functions(document):
    names = {operation.described["operationId"] for operation in document.operations}
    assert len(names) == len(document.operations)
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name) for name in names)
    assert {"login", "logout", "register", "refresh", "getMe", "updateMe"} <= names
    assert {"listUsers", "getUser", "updateUser", "deleteUser"} <= names
    for one, many in (("Blog", "Blogs"), ("Photo", "Photos"), ("Program", "Programs")):
        verbs = ("create", "get", "replace", "update", "delete")
        assert {f"{verb}{one}" for verb in verbs} | {f"list{many}"} <= names


def test_another_resource_gets_its_names_without_an_entry_anywhere():
    class NewsViewSet(BlogViewSet):
        pass

    router = SimpleRouter(trailing_slash=False, use_regex_path=False)
    router.register("news", NewsViewSet, basename="news")
    patterns = [path("api/v1/", include(router.urls))]
    document = Document(EnglishGenerator(patterns=patterns).get_schema(public=True))
    names = {operation.described["operationId"] for operation in document.operations}
    verbs = ("list", "create", "get", "replace", "update", "delete", "restore", "preview")
    history = {"listNewsRevisions", "getNewsRevision", "restoreNewsRevision"}
    assert names == {f"{verb}News" for verb in verbs} | history | {"getNewsBySlug"}
    assert {operation.tag for operation in document.operations} == {"news"}
    assert {"name": "news"} in document.content["tags"]


def test_every_operation_has_a_summary_and_a_known_tag_that_is_explained(document):
    known = {tag["name"] for tag in document.content["tags"]}
    assert all(tag["description"] for tag in document.content["tags"])
    assert all(operation.described["summary"] for operation in document.operations)
    assert known == {operation.tag for operation in document.operations}
    standing = ["authentication", "users", "programs", "blogs", "gallery", "partners"]
    assert [tag["name"] for tag in document.content["tags"]][: len(standing)] == standing


def test_no_operation_speaks_of_the_code(document):
    for operation in document.operations:
        description = operation.described.get("description", "")
        assert "`" not in description.replace("`all`", ""), operation
        assert "_class" not in description, operation


def test_an_id_is_told_by_its_pattern(document):
    for operation in document.operations:
        for parameter in operation.described.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] == "id":
                assert re.match(parameter["schema"]["pattern"], "665f1c2ab3d4e5f60718293a")
                assert not re.match(parameter["schema"]["pattern"], "1")
    for name in ("Blog", "User"):
        assert document.schemas[name]["properties"]["id"]["pattern"] == "^[0-9a-f]{24}$"


def test_writing_content_needs_credentials_and_reading_none(document):
    for operation in document.operations:
        if operation.tag in RESOURCES:
            is_open = operation.method == "get" and "revisions" not in operation.path
            wanted = [] if is_open else [{"bearer": []}]
            assert operation.described["security"] == wanted, operation


def test_own_and_other_accounts_need_credentials(document):
    for operation in document.operations:
        if operation.tag == "users" or operation.path.endswith(("/auth/me", "/auth/password")):
            assert operation.described["security"] == [{"bearer": []}], operation


def test_what_receivers_are_sent_has_a_name_and_no_account_to_show(document):
    sent = document.content["webhooks"]["event"]["post"]
    assert sent["operationId"] == "receiveEvent"
    assert sent["security"] == []


def test_the_only_credentials_are_a_bearer_token_that_login_gives(document):
    (scheme,) = document.content["components"]["securitySchemes"].values()
    assert scheme["type"] == "oauth2"
    flow = scheme["flows"]["password"]
    assert {flow["tokenUrl"], flow["refreshUrl"]} <= document.content["paths"].keys()


# --- Content ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_the_parameters_it_documents(document, name):
    parameters = document.operation("get", f"/api/v1/{name}").described["parameters"]
    queries = [each["name"] for each in parameters if each["in"] == "query"]
    assert sorted(queries) == sorted(parameters_of(LISTS[name]))
    assert not any(each.get("required") for each in parameters)


@pytest.mark.parametrize("name", LISTS)
def test_documented_defaults_and_bounds_are_those_of_the_service(document, anyone, name):
    described = document.operation("get", f"/api/v1/{name}").described
    parameters = {each["name"]: each["schema"] for each in described["parameters"]}
    assert parameters["limit"]["default"] == LISTS[name].default_limit
    # None of these: where `skip` or an ordering is given, it is given on purpose.
    assert not {"skip", "ordering", "cursor"} & {
        n for n, each in parameters.items() if "default" in each
    }
    assert parameters["ordering"]["enum"] == LISTS[name].orderings
    if name in RESOURCES:
        for parameter in ("skip", "limit"):
            for bound, by in (("minimum", -1), ("maximum", 1)):
                edge = parameters[parameter][bound]
                url = RESOURCES[name].url
                assert anyone.get(url, {parameter: edge}).status_code == 200
                assert anyone.get(url, {parameter: edge + by}).status_code == 422


def test_what_takes_several_words_says_so(document, anyone):
    parameters = document.named("listPrograms").described["parameters"]
    patterns = {p["name"]: p["schema"].get("pattern") for p in parameters}
    key = "0a" * 12
    words = (("program_type", "seminar", "training"), ("fields", "id", "title"), ("ids", key, key))
    for name, word, other in words:
        for value, is_good in ((word, True), (f"{word},{other}", True), (f"{word},x", False)):
            assert bool(re.search(patterns[name], value)) == is_good
            response = anyone.get("/api/v1/programs", {name: value})
            assert response.status_code == (200 if is_good else 422)


def test_an_answer_has_the_fields_it_documents(document, resource, owner):
    item = resource.create(owner.client)
    operation = document.operation("get", f"{resource.url}/{{id}}")
    envelope = document.resolve(document.success(operation)["schema"])
    shown = document.resolve(envelope["properties"]["data"])
    assert set(item) == set(shown["properties"])
    meta = {"$ref": "#/components/schemas/PictureMeta"}
    assert shown["properties"][f"{resource.picture}_meta"]["oneOf"] == [meta, {"type": "null"}]


def test_a_new_item_needs_its_picture_and_a_replaced_one_keeps_it(document, resource, owner):
    [item] = resource.store(author_id=owner.raw["_id"])
    for method, address in (("post", resource.url), ("put", f"{resource.url}/{{id}}")):
        _kind, described = document.operation(method, address).body
        schema = document.resolve(described["schema"])
        assert is_file(schema["properties"][resource.picture])
        is_needed = resource.picture in schema.get("required", ())
        assert is_needed == (resource.needs_picture and method == "post")
        send = getattr(owner.client, method)
        response = send(address.format(id=item), resource.body, format="multipart")
        assert response.status_code == (422 if is_needed else 201 if method == "post" else 200)


def test_what_is_read_only_cannot_be_sent(document, resource):
    _kind, described = document.operation("post", resource.url).body
    sent = document.resolve(described["schema"])["properties"]
    assert not {"id", "_id", "author", "author_id", "created_at", "version"} & set(sent)


def test_conditional_requests_are_documented(document, resource):
    wanted = {"get": "If-None-Match", "put": "If-Match", "patch": "If-Match", "delete": "If-Match"}
    for method, header in wanted.items():
        operation = document.operation(method, f"{resource.url}/{{id}}")
        assert operation.headers() == {header}
        assert ("304" if method == "get" else "412") in dict(document.answers(operation))


# --- Its pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/docs", "/redoc", "/docs?script="])
def test_a_page_loads_nothing_from_elsewhere(anyone, page):
    response = anyone.get(page)
    assert response.status_code == 200
    assert not re.search(r"(https?:)?//[a-z]", response.content.decode())


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_everything_a_page_loads_is_there(page):
    html = new_client().get(page).content.decode()
    for address in re.findall(r'(?:src|href|spec-url)="([^"]+)"', html):
        assert new_client().get(address).status_code == 200, address
