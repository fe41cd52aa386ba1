"""Accounts in the OpenAPI document."""

import pytest

from conftest import PASSWORD
from core.api.tests.described import fetch

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
def document():
    return fetch()


def operation(document, method, path):
    return document.operation(method, f"/api/v1{path}")


def answer_example(document, method, path):
    [example] = document.success(operation(document, method, path))["examples"].values()
    return example["value"]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_route_shows_what_to_send_and_what_comes_back(document, path, method):
    described = operation(document, method, path)
    assert described.tag == ("users" if path.startswith("/users") else "authentication")
    assert ROUTES[path][method] in dict(document.answers(described))
    assert answer_example(document, method, path)
    if method in ("post", "patch"):
        assert described.body[1]["examples"]


def test_an_account_is_shown_in_its_envelope(document):
    answer = answer_example(document, "get", "/auth/me")
    assert set(answer) == {"status", "message", "data", "meta"}
    assert set(answer["data"]) == set(document.schemas["User"]["properties"])


def test_a_list_of_accounts_is_a_list(document):
    answer = answer_example(document, "get", "/users")
    assert [user["username"] for user in answer["data"]] == ["budi"]
    assert answer["meta"]["total"] == 1


def test_tokens_have_no_envelope(document):
    for path in ("/auth/login", "/auth/refresh", "/auth/password"):
        answer = answer_example(document, "post", path)
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
def test_refusals_are_told(document, path, method, codes):
    assert codes <= dict(document.answers(operation(document, method, path))).keys()


def test_passwords_are_only_ever_sent(document):
    hidden = {"password", "email_key", "search_words"}
    assert not hidden & document.schemas["User"]["properties"].keys()


@pytest.mark.parametrize("password", ["x" * 7, "x" * 8])
def test_a_password_is_as_long_as_the_document_says(document, anyone, password):
    described = document.schemas["RegisterRequest"]["properties"]["password"]
    account = {"email": "baru@lsa.example", "username": "baru", "password": password}
    errors = anyone.post("/auth/register", account, format="json").json()["meta"]["errors"]
    is_too_short = any("8" in message for message in errors["password"])
    assert is_too_short == bool(document.errors(password, described))


def test_what_login_is_said_to_need_is_enough(document, anyone, owner):
    sent = dict.fromkeys(document.schemas["LoginRequest"]["required"])
    assert set(sent) == {"username", "password"}
    sent |= {"username": owner.email, "password": PASSWORD}
    response = anyone.post("/auth/login", sent, format="json")
    assert response.status_code == 200
    assert document.unfitting("post", "/api/v1/auth/login", response) == []


def test_answers_fit_their_descriptions(document, anyone, owner, admin):
    me, users = "/api/v1/auth/me", "/api/v1/users"
    user = f"{users}/{owner.id}"
    changed = owner.client.patch(me, {"full_name": "Budi Santoso"}, format="json")
    assert document.unfitting("get", me, owner.client.get(me)) == []
    assert document.unfitting("patch", me, changed) == []
    assert document.unfitting("get", users, admin.client.get(users)) == []
    assert document.unfitting("get", users, owner.client.get(users)) == []
    assert document.unfitting("get", f"{users}/{{id}}", admin.client.get(user)) == []
    assert document.unfitting("delete", f"{users}/{{id}}", admin.client.delete(user)) == []
