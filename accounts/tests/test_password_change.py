"""POST /auth/password."""

import pytest

from accounts.documents import Session, User
from accounts.tests.requests import API, log_in, me
from conftest import PASSWORD, Person, new_client

NEW = "jalan-merpati-3"


def change(person: Person, **changes):
    body = {"current_password": PASSWORD, "new_password": NEW} | changes
    return person.client.post(f"{API}/auth/password", body, format="json")


def test_it_answers_with_the_tokens_of_a_new_session(owner):
    response = change(owner)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert set(response.json()) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert me(response.json()["access_token"]) == 200
    assert me(owner.tokens.access_token) == 401


def test_only_the_new_password_logs_in(owner):
    change(owner)
    assert log_in(new_client(), "owner", NEW).status_code == 200
    assert log_in(new_client(), "owner", PASSWORD).status_code == 401
    assert User.collection().find_one()["password"].startswith("$2b$")


def test_a_wrong_current_password_is_named_and_changes_nothing(owner):
    response = change(owner, current_password="jalan-kenari-18")
    assert response.status_code == 422
    assert response.json()["meta"]["code"] == "validation_error"
    assert set(response.json()["meta"]["errors"]) == {"current_password"}
    assert User.collection().find_one() == owner.raw
    assert me(owner.tokens.access_token) == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("new_password", "short"),
        ("new_password", "password123"),
        ("new_password", "é" * 36 + "k"),
        ("new_password", ""),
        ("current_password", ""),
        ("is_admin", True),
        ("user_id", "6" * 24),
    ],
)
def test_it_refuses_by_name_what_does_not_fit(owner, field, value):
    response = change(owner, **{field: value})
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {field}
    assert User.collection().find_one() == owner.raw


def test_it_needs_a_login(anyone):
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert anyone.post(f"{API}/auth/password", body, format="json").status_code == 401


def test_a_change_does_not_undo_another_that_came_in_between(owner, monkeypatch):
    def and_then_it_is_reset(password, hashed):
        User.collection().update_one({}, {"$set": {"password": "$2b$another"}})
        return True

    monkeypatch.setattr("accounts.credentials.passwords.matches", and_then_it_is_reset)
    assert change(owner).status_code == 401
    assert User.collection().find_one()["password"] == "$2b$another"
    assert Session.collection().count_documents({}) == 1
