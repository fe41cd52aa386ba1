"""What OAuth 2 clients find where tokens are given (RFC 6749), beside the envelope."""

import pytest

from accounts.documents import Session, User
from accounts.tests.requests import API, me
from conftest import PASSWORD
from core.environment import Rate

LOGIN, REFRESH = f"{API}/auth/login", f"{API}/auth/refresh"


def refusal(response) -> tuple[int, str, str]:
    body = response.json()
    assert body["status"] == "error"
    assert body["error_description"].isascii()
    assert body["error_description"]
    return response.status_code, body["meta"]["code"], body["error"]


@pytest.mark.parametrize("path", [LOGIN, REFRESH])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_refresh_token_is_exchanged_at_either_address(anyone, owner, path, language):
    body = {"grant_type": "refresh_token", "refresh_token": owner.tokens.refresh_token}
    response = anyone.post(path, body | {"client_id": "x"}, HTTP_ACCEPT_LANGUAGE=language)
    assert response.status_code == 200
    assert set(response.json()) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert me(response.json()["access_token"]) == 200
    again = anyone.post(path, body, HTTP_ACCEPT_LANGUAGE=language)
    assert refusal(again) == (401, "token_rotated", "invalid_grant")


def test_a_password_may_be_named_as_what_is_offered(anyone, owner):
    body = {"grant_type": "password", "username": "owner", "password": PASSWORD}
    assert anyone.post(LOGIN, body).status_code == 200
    assert Session.collection().count_documents({"user_id": owner.raw["_id"]}) == 2


@pytest.mark.parametrize("given", ["authorization_code", "Password", "x" * 10_000, "refresh"])
def test_any_other_grant_is_unsupported(anyone, owner, given):
    body = {"grant_type": given, "username": "owner", "password": PASSWORD}
    wanted = (400, "unsupported_grant_type", "unsupported_grant_type")
    assert refusal(anyone.post(LOGIN, body)) == wanted
    assert refusal(anyone.post(LOGIN, body, format="json")) == wanted


def test_each_refusal_has_its_word(anyone, owner):
    wrong = {"username": "owner", "password": "x"}
    assert refusal(anyone.post(LOGIN, wrong)) == (401, "invalid_credentials", "invalid_grant")
    assert refusal(anyone.post(LOGIN, {})) == (422, "validation_error", "invalid_request")
    assert refusal(anyone.post(REFRESH, {})) == (422, "validation_error", "invalid_request")
    bad = {"refresh_token": "x"}
    assert refusal(anyone.post(REFRESH, bad)) == (401, "not_authenticated", "invalid_grant")
    broken = anyone.post(LOGIN, "{", content_type="application/json")
    assert refusal(broken) == (400, "malformed_request", "invalid_request")
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": {"is_active": False}})
    inactive = anyone.post(LOGIN, {"username": "owner", "password": PASSWORD})
    assert refusal(inactive) == (400, "inactive_user", "invalid_grant")


def test_one_who_asks_too_often_is_told_to_wait(anyone, owner, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"auth": Rate(1, 60)}
    anyone.post(LOGIN, {})
    response = anyone.post(LOGIN, {})
    assert refusal(response) == (429, "too_many_requests", "temporarily_unavailable")
    assert int(response["Retry-After"]) > 0
