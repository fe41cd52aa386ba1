"""What ends access ends it at once: bearer token, refresh token and browser cookie."""

import pytest
from django.test import Client

from accounts import services
from accounts.api.authentication import SESSION_KEY
from accounts.credentials import resets
from accounts.documents import Session, User
from accounts.roles import Role
from accounts.tests.requests import API, bearer, log_in, me, refresh
from conftest import PASSWORD, Person, join, new_client

NEW = "jalan-merpati-3"


@pytest.fixture
def browser(owner: Person) -> Client:
    """The owner's browser, logged in with the form."""
    return new_browser("owner")


def new_browser(name: str) -> Client:
    client = Client()
    client.post("/login", {"username": name, "password": PASSWORD})
    assert client.get(f"{API}/auth/me").status_code == 200
    return client


def log_out(owner: Person, admin: Person) -> None:
    owner.client.post(f"{API}/auth/logout", {"all": True}, format="json")


def change_password(owner: Person, admin: Person) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert owner.client.post(f"{API}/auth/password", body, format="json").status_code == 200


def reset_password(owner: Person, admin: Person) -> None:
    services.set_password({"_id": owner.raw["_id"]}, NEW)


def deactivate(owner: Person, admin: Person) -> None:
    response = admin.client.patch(f"{API}/users/{owner.id}", {"is_active": False}, format="json")
    assert response.status_code == 200


def remove(owner: Person, admin: Person) -> None:
    assert admin.client.delete(f"{API}/users/{owner.id}").status_code == 200


ENDINGS = (log_out, change_password, reset_password, deactivate, remove)


@pytest.mark.parametrize("end", ENDINGS)
def test_every_way_in_is_closed(owner, stranger, admin, browser, end):
    other = log_in(new_client(), "owner").json()
    end(owner, admin)
    assert me(owner.tokens.access_token) == me(other["access_token"]) == 401
    assert refresh(new_client(), owner.tokens.refresh_token).status_code == 401
    assert refresh(new_client(), other["refresh_token"]).status_code == 401
    assert browser.get(f"{API}/auth/me").status_code == 401
    assert me(stranger.tokens.access_token) == me(admin.tokens.access_token) == 200


def test_deactivation_by_the_earlier_service_counts_at_once(owner, browser):
    User.collection().update_one({"username": "owner"}, {"$set": {"is_active": False}})
    assert me(owner.tokens.access_token) == 401
    assert browser.get(f"{API}/auth/me").status_code == 401


def test_an_admin_demoted_by_the_earlier_service_is_none_at_once(admin):
    User.collection().update_one({"username": "admin"}, {"$set": {"is_admin": False}})
    assert admin.client.get(f"{API}/users").status_code == 403


def test_a_demoted_admin_stays_logged_in_as_an_editor(admin):
    other = join("other", role=Role.ADMIN)
    response = admin.client.patch(f"{API}/users/{other.id}", {"is_admin": False}, format="json")
    assert response.status_code == 200
    assert other.client.get(f"{API}/users").status_code == 403
    shown = other.client.get(f"{API}/auth/me")
    assert shown.status_code == 200
    assert shown.json()["data"]["is_admin"] is False
    assert refresh(new_client(), other.tokens.refresh_token).status_code == 200


def test_an_account_that_is_active_again_needs_a_new_login(owner, admin):
    deactivate(owner, admin)
    admin.client.patch(f"{API}/users/{owner.id}", {"is_active": True}, format="json")
    assert me(owner.tokens.access_token) == 401
    assert log_in(new_client(), "owner").status_code == 200


def test_a_cookie_replayed_after_logout_is_refused(owner, browser):
    stolen = Client()
    stolen.cookies.update(browser.cookies)
    assert stolen.get(f"{API}/auth/me").status_code == 200
    assert browser.post("/logout").status_code == 302
    assert browser.get(f"{API}/auth/me").status_code == 401
    assert stolen.get(f"{API}/auth/me").status_code == 401


def test_logging_out_of_one_browser_leaves_the_others(owner, browser):
    other = new_browser("owner")
    browser.post("/logout")
    assert other.get(f"{API}/auth/me").status_code == 200
    assert me(owner.tokens.access_token) == 200


def test_a_changed_cookie_is_no_cookie(browser):
    for value in ("", "x", browser.cookies["sessionid"].value[:-1] + "x"):
        browser.cookies["sessionid"] = value
        assert browser.get(f"{API}/auth/me").status_code == 401


@pytest.mark.parametrize("value", ["x", "6" * 24, 1, ["x"], {"$ne": None}, True])
def test_a_cookie_that_names_no_session_is_none(owner, value):
    client = Client()
    session = client.session
    session[SESSION_KEY] = value
    session.save()
    client.cookies["sessionid"] = session.session_key
    assert client.get(f"{API}/auth/me").status_code == 401


def test_a_write_with_a_cookie_needs_the_csrf_token(owner, browser):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(browser.cookies)
    strict.get("/login")
    kind = {"content_type": "application/json"}
    refused = strict.patch(f"{API}/auth/me", {"full_name": "Somebody"}, **kind)
    assert refused.status_code == 403
    assert User.collection().find_one({"username": "owner"})["full_name"] == "owner"
    token = {"HTTP_X_CSRFTOKEN": strict.cookies["csrftoken"].value}
    accepted = strict.patch(f"{API}/auth/me", {"full_name": "Somebody"}, **kind, **token)
    assert accepted.status_code == 200


def test_a_browser_session_has_no_refresh_token(owner, browser):
    kinds = {session.get("token") is None for session in Session.collection().find()}
    assert kinds == {True, False}


def test_a_confirmed_reset_ends_sessions_too(owner, browser, anyone, mailbox):
    resets.send(email=owner.email, language="en")
    token = mailbox()[0].body.split("token=")[1].split()[0]
    body = {"token": token, "new_password": NEW}
    path = f"{API}/auth/password/reset/confirm"
    assert anyone.post(path, body, format="json").status_code == 200
    assert me(owner.tokens.access_token) == 401
    assert browser.get(f"{API}/auth/me").status_code == 401


def test_changing_the_password_keeps_only_the_new_session(owner, browser):
    body = {"current_password": PASSWORD, "new_password": NEW}
    response = owner.client.post(f"{API}/auth/password", body, format="json")
    assert bearer(response.json()["access_token"]).get(f"{API}/auth/me").status_code == 200
    assert Session.collection().count_documents({}) == 1
