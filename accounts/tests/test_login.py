"""POST /auth/login."""

import bcrypt
import jwt
import pytest
from django.utils.http import urlencode

from accounts.credentials import passwords
from accounts.documents import Session, User
from accounts.tests.requests import API, log_in, me, same_but_for_the_moment
from conftest import PASSWORD

FORM = "application/x-www-form-urlencoded"


def test_it_answers_flat_as_oauth_clients_expect(anyone, owner, settings):
    response = log_in(anyone, owner.email)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 30 * 60
    assert me(body["access_token"]) == 200


def test_the_access_token_carries_the_claims_that_clients_read(anyone, owner, settings):
    token = log_in(anyone, "owner").json()["access_token"]
    claims = jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert claims["sub"] == owner.email
    assert claims["user_id"] == owner.id
    assert claims["username"] == "owner"
    assert claims["exp"] - claims["iat"] == 30 * 60
    assert len(claims["jti"]) == 32


def test_the_name_is_the_email_or_the_username_in_any_case(anyone, owner):
    for name in ("owner", "OWNER", "  Owner ", "owner@lsa.example", " OWNER@lsa.Example"):
        assert log_in(anyone, name).status_code == 200, name


@pytest.mark.parametrize("format", ["form", "multipart", "json"])
def test_it_takes_forms_and_json_and_ignores_what_it_does_not_know(anyone, owner, format):
    for fields in (
        {"username": "owner"},
        {"email": "owner@lsa.example"},
        {"username": "", "email": "owner@lsa.example"},
        {"grant_type": "password", "username": "owner", "scope": "", "client_id": "x"},
        {"username": "owner", "is_admin": "true", "$where": "1"},
    ):
        body = fields | {"password": PASSWORD}
        if format == "form":
            response = anyone.post(f"{API}/auth/login", urlencode(body), content_type=FORM)
        else:
            response = anyone.post(f"{API}/auth/login", body, format=format)
        assert response.status_code == 200, fields


def test_the_earlier_front_end_logs_in_without_the_prefix(anyone, owner):
    body = urlencode({"username": owner.email, "password": PASSWORD})
    assert anyone.post("/auth/login", body, content_type=FORM).status_code == 200


def test_a_password_is_compared_exactly(anyone, owner):
    for wrong in (PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1]):
        assert log_in(anyone, "owner", wrong).status_code == 401


def test_unknown_users_and_wrong_passwords_get_the_same_answer(anyone, owner):
    wrong = log_in(anyone, "owner", "jalan-kenari-18")
    unknown = log_in(anyone, "nobody", "jalan-kenari-18")
    assert wrong.status_code == 401
    assert wrong["WWW-Authenticate"] == "Bearer"
    assert wrong.json()["meta"]["code"] == "invalid_credentials"
    assert wrong.json()["data"] is None
    assert same_but_for_the_moment(wrong, unknown)
    assert Session.collection().count_documents({"user_id": owner.raw["_id"]}) == 1


def test_the_english_message_is_that_of_the_earlier_service(anyone):
    anyone.credentials(HTTP_ACCEPT_LANGUAGE="en")
    assert log_in(anyone, "nobody").json()["message"] == "Incorrect username or password"


@pytest.fixture
def hashing(monkeypatch):
    """The costs of the hashes that bcrypt computes, in order."""
    costs = []

    def spy(name):
        original = getattr(passwords.bcrypt, name)

        def call(password, salt):
            result = original(password, salt)
            costs.append(int(salt[4:6]))
            return result

        monkeypatch.setattr(passwords.bcrypt, name, call)

    spy("checkpw")
    spy("hashpw")
    return costs


def test_one_hash_of_the_same_cost_is_computed_for_known_unknown_and_broken(
    anyone, owner, stranger, hashing, settings
):
    for broken in (None, "", "$2b$", "$2b$04$short", "plain", "$2b$99$" + "x" * 53):
        User.collection().update_one({"_id": stranger.raw["_id"]}, {"$set": {"password": broken}})
        for name in ("owner", "nobody", "stranger"):
            hashing.clear()
            assert log_in(anyone, name, "jalan-kenari-18").status_code == 401, broken
            assert hashing == [settings.BCRYPT_ROUNDS]


def test_known_and_unknown_cost_the_same_in_another_form_of_unicode(
    anyone, owner, hashing, settings
):
    for name in ("owner", "nobody"):
        hashing.clear()
        assert log_in(anyone, name, "cafe\u0301-pagi-18").status_code == 401
        assert hashing == [settings.BCRYPT_ROUNDS] * 2


def test_a_hash_of_the_bytes_as_they_were_typed_is_right_too(anyone, owner):
    """As the earlier service made them."""
    typed = "cafe\u0301-pagi-18"
    hashed = bcrypt.hashpw(typed.encode(), bcrypt.gensalt(4)).decode()
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": {"password": hashed}})
    assert log_in(anyone, "owner", typed).status_code == 200
    assert log_in(anyone, "owner", "café-pagi-18").status_code == 401


def test_only_the_first_72_bytes_count_at_login(anyone, owner):
    long = "k" * 72
    stored = {"$set": {"password": passwords.make_hash(long)}}
    User.collection().update_one({"_id": owner.raw["_id"]}, stored)
    assert log_in(anyone, "owner", long + "é" * 100).status_code == 200
    assert log_in(anyone, "owner", "k" * 71).status_code == 401


def test_an_inactive_user_hears_of_it_only_with_the_right_password(anyone, owner):
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": {"is_active": False}})
    anyone.credentials(HTTP_ACCEPT_LANGUAGE="en")
    right = log_in(anyone, "owner")
    assert right.status_code == 400
    assert right.json()["meta"]["code"] == "inactive_user"
    wrong = log_in(anyone, "owner", "jalan-kenari-18")
    assert same_but_for_the_moment(wrong, log_in(anyone, "nobody"))


def test_it_names_what_is_missing(anyone):
    for body, named in (
        ({}, {"username", "password"}),
        ({"username": "", "password": ""}, {"username", "password"}),
        ({"username": None, "password": [1]}, {"username", "password"}),
        ({"username": "owner"}, {"password"}),
        ({"password": PASSWORD}, {"username"}),
        ({"username": "", "password": PASSWORD}, {"username"}),
        ({"username": "   ", "password": PASSWORD}, {"username"}),
        ({"username": "owner", "password": ""}, {"password"}),
    ):
        response = anyone.post(f"{API}/auth/login", body, format="json")
        assert response.status_code == 422, (body, named)
        assert set(response.json()["meta"]["errors"]) == named


def test_an_expired_bearer_token_does_not_keep_one_from_logging_in(anyone, owner):
    anyone.credentials(HTTP_AUTHORIZATION="Bearer expired.and.broken")
    assert log_in(anyone, "owner").status_code == 200


def test_no_session_outlives_a_password_that_changed_while_it_was_checked(
    anyone, owner, monkeypatch
):
    def and_then_it_changes(password, hashed):
        changed = {"$set": {"password": passwords.make_hash("jalan-merpati-3")}}
        User.collection().update_one({"_id": owner.raw["_id"]}, changed)
        return True

    before = Session.collection().distinct("_id")
    monkeypatch.setattr(passwords, "matches", and_then_it_changes)
    assert log_in(anyone, "owner").status_code == 401
    assert Session.collection().distinct("_id") == before
