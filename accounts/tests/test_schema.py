"""Accounts in the OpenAPI document."""

import pytest

from conftest import new_client

ROUTES = {
    "/auth/register": {"post": "201"},
    "/auth/login": {"post": "200"},
    "/auth/refresh": {"post": "200"},
    "/auth/logout": {"post": "200"},
    "/auth/me": {"get": "200", "patch": "200"},
    "/auth/password": {"post": "200"},
    "/auth/password/reset": {"post": "202"},
    "/auth/password/reset/confirm": {"post": "200"},
    "/users": {"get": "200"},
    "/users/{id}": {"get": "200", "patch": "200", "delete": "200"},
}
OPERATIONS = [(path, method) for path, methods in ROUTES.items() for method in methods]


@pytest.fixture(scope="module")
def paths() -> dict:
    return new_client().get("/openapi.json").json()["paths"]


def values(content: dict) -> list:
    return [e["value"] for kind in content.values() for e in kind.get("examples", {}).values()]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_route_shows_what_to_send_and_what_comes_back(paths, path, method):
    operation = paths[f"/api/v1{path}"][method]
    assert operation["summary"]
    assert operation["tags"] == ["users" if path.startswith("/users") else "authentication"]
    answers = values(operation["responses"][ROUTES[path][method]]["content"])
    assert answers
    if method in ("post", "patch"):
        assert values(operation["requestBody"]["content"])


def test_an_account_is_shown_in_its_envelope(paths):
    content = paths["/api/v1/auth/me"]["get"]["responses"]["200"]["content"]
    (answer,) = values(content)
    assert set(answer) == {"status", "message", "data", "meta"}
    assert set(answer["data"]) == {
        "id",
        "email",
        "username",
        "full_name",
        "is_active",
        "is_admin",
        "created_at",
    }


def test_a_list_of_accounts_is_a_list(paths):
    (answer,) = values(paths["/api/v1/users"]["get"]["responses"]["200"]["content"])
    assert [user["username"] for user in answer["data"]] == ["budi"]
    assert answer["meta"]["total"] == 1


def test_tokens_have_no_envelope(paths):
    for path in ("/auth/login", "/auth/refresh", "/auth/password"):
        (answer,) = values(paths[f"/api/v1{path}"]["post"]["responses"]["200"]["content"])
        assert set(answer) == {"access_token", "token_type", "expires_in", "refresh_token"}


@pytest.mark.parametrize(
    ("path", "method", "codes"),
    [
        ("/auth/register", "post", {"400", "403", "422", "429"}),
        ("/auth/login", "post", {"400", "401", "422", "429", "503"}),
        ("/auth/refresh", "post", {"401", "422"}),
        ("/users/{id}", "patch", {"400", "401", "403", "404", "409", "422"}),
        ("/users/{id}", "delete", {"401", "403", "404", "409"}),
    ],
)
def test_refusals_are_told(paths, path, method, codes):
    assert codes <= paths[f"/api/v1{path}"][method]["responses"].keys()


def test_passwords_are_only_ever_sent(paths):
    schemas = new_client().get("/openapi.json").json()["components"]["schemas"]
    assert not {"password", "email_key", "search_words"} & schemas["User"]["properties"].keys()
