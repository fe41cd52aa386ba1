"""GET and PATCH /auth/me."""

import pytest

from accounts.credentials import resets
from accounts.credentials.tokens import AccessToken
from accounts.documents import PasswordReset, Session, User
from accounts.tests.requests import API, log_in, me, refresh
from conftest import PASSWORD, Person, new_client
from content.documents import Blog

ME = f"{API}/auth/me"


def change(person: Person, **changes):
    return person.client.patch(ME, changes, format="json")


def errors(response):
    return response.json()["meta"]["errors"]


def stored(person: Person) -> dict:
    return User.collection().find_one({"_id": person.raw["_id"]})


def test_it_shows_ones_own_account_without_the_hash(owner):
    response = owner.client.get(ME)
    assert response.status_code == 200
    assert response.json()["data"] == {
        "id": owner.id,
        "email": owner.email,
        "username": "owner",
        "full_name": "owner",
        "role": "author",
        "is_active": True,
        "is_admin": False,
        "created_at": owner.raw["created_at"].isoformat(timespec="milliseconds")[:-6] + "Z",
        "last_login": stored(owner)["last_login"].isoformat(timespec="milliseconds")[:-6] + "Z",
    }
    assert owner.raw["password"] not in response.content.decode()


def test_it_is_closed_to_others(anyone):
    for response in (anyone.get(ME), anyone.patch(ME, {"full_name": "Budi"}, format="json")):
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"


def test_names_change_without_the_password_and_can_be_logged_in_with(owner):
    response = change(owner, username="Budi.S", full_name="  Budi Santoso ")
    assert response.status_code == 200
    assert response.json()["data"]["username"] == "Budi.S"
    assert stored(owner)["full_name"] == "Budi Santoso"
    assert log_in(new_client(), "budi.s").status_code == 200
    assert log_in(new_client(), "owner").status_code == 401
    assert me(owner.tokens.access_token) == 200


def test_a_form_leaves_alone_what_it_does_not_fill(owner):
    response = owner.client.patch(ME, {"full_name": "Budi Santoso", "username": "", "email": ""})
    assert response.status_code == 200
    assert stored(owner)["username"] == "owner"


def test_changing_nothing_changes_nothing(owner):
    assert change(owner).status_code == 200
    assert change(owner, email=owner.email, username="owner").status_code == 200
    assert change(owner, current_password="anything").status_code == 200
    assert stored(owner) == owner.raw


def test_a_new_email_needs_the_password(owner):
    for body in ({}, {"current_password": "jalan-kenari-18"}):
        response = change(owner, email="new@lsa.example", **body)
        assert response.status_code == 422
        assert set(errors(response)) == {"current_password"}
    assert stored(owner) == owner.raw


@pytest.fixture
def articles(owner, stranger) -> dict:
    """An article of each, by username."""
    for person in (owner, stranger):
        body = {"title": "A title", "content": "text"}
        assert person.client.post(f"{API}/blogs", body, format="json").status_code == 201
    return {raw["author"]: raw for raw in Blog.collection().find()}


def test_the_author_of_own_content_follows_a_new_email(owner, stranger, articles):
    response = change(owner, email="New@lsa.example", current_password=PASSWORD)
    assert response.status_code == 200
    assert response.json()["data"]["email"] == "New@lsa.example"
    mine, other = articles[owner.email], articles[stranger.email]
    shown = new_client().get(f"{API}/blogs/{mine['_id']}").json()["data"]
    assert shown["author"] == "New@lsa.example"
    assert shown["version"] == mine["version"] + 1
    assert Blog.collection().find_one({"_id": other["_id"]}) == other


def test_a_new_email_keeps_the_sessions_and_shows_in_new_tokens(owner):
    change(owner, email="new@lsa.example", current_password=PASSWORD)
    assert me(owner.tokens.access_token) == 200
    new = refresh(new_client(), owner.tokens.refresh_token).json()["access_token"]
    assert AccessToken(new)["sub"] == "new@lsa.example"
    assert log_in(new_client(), "new@lsa.example").status_code == 200
    assert log_in(new_client(), "owner@lsa.example").status_code == 401
    assert Session.collection().count_documents({}) == 2


def test_a_reset_link_sent_to_the_old_address_dies_with_it(owner):
    resets.send(email=owner.email, language="en")
    change(owner, email="new@lsa.example", current_password=PASSWORD)
    assert PasswordReset.collection().count_documents({}) == 0


def test_another_case_of_ones_own_names_is_not_taken(owner):
    assert change(owner, username="OWNER").status_code == 200
    response = change(owner, email="Owner@LSA.example", current_password=PASSWORD)
    assert response.status_code == 200
    assert stored(owner)["email"] == "Owner@LSA.example"


@pytest.mark.parametrize("field", ["email", "username"])
def test_a_name_of_somebody_else_is_taken_in_any_case(owner, stranger, field):
    taken = {"email": "Stranger@LSA.example", "username": "STRANGER"}[field]
    response = change(owner, **{field: taken}, current_password=PASSWORD)
    assert response.status_code == 400
    assert response.json()["meta"]["code"] == "already_exists"
    assert set(errors(response)) == {field}
    assert stored(owner) == owner.raw


def test_it_refuses_by_name_what_may_not_be_set(owner):
    for field, value in (
        ("is_admin", True),
        ("is_active", False),
        ("id", "6" * 24),
        ("_id", "6" * 24),
        ("created_at", "2020-01-01"),
        ("password", "jalan-merpati-3"),
        ("email_key", "root"),
        ("username_key", "root"),
        ("search_words", ["root"]),
        ("$set", {"is_admin": True}),
        ("is_admin.x", True),
        ("username", "with space"),
        ("username", None),
        ("email", None),
        ("email", "nobody"),
        ("full_name", None),
        ("full_name", ""),
    ):
        response = change(owner, **{field: value})
        assert response.status_code == 422, (field, value)
        assert set(errors(response)) == {field}
        assert stored(owner) == owner.raw


def test_the_access_log_names_the_user_by_id_and_nothing_secret(owner, caplog):
    caplog.set_level("DEBUG")
    change(owner, email="new@lsa.example", current_password=PASSWORD)
    assert owner.id in caplog.text
    for secret in (PASSWORD, owner.tokens.access_token, owner.raw["password"], "new@lsa"):
        assert secret not in caplog.text


def test_no_cache_keeps_what_is_known_of_people(admin):
    for path in ("/auth/me", "/users", "/users/{id}"):
        response = admin.client.get(path.format(id=admin.id))
        assert response.status_code == 200, path
        assert response["Cache-Control"] == "private, no-store"
