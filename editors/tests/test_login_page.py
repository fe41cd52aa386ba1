"""`/login` and `/logout`: the form by which people log into the browsable API."""

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.documents import Session, User
from conftest import PASSWORD, join
from core.environment import Rate


@pytest.fixture
def browser() -> Client:
    return new_browser()


def new_browser() -> Client:
    """A browser: it keeps cookies, wants pages, and is asked for CSRF tokens."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False, HTTP_ACCEPT="text/html")


def csrf_token(browser: Client) -> str:
    return browser.get("/login").context["csrf_token"]


def log_in(browser: Client, path: str = "/login", **fields: str):
    form = {"username": "owner", "password": PASSWORD} | fields
    return browser.post(path, form | {"csrfmiddlewaretoken": str(csrf_token(browser))})


def log_out(browser: Client, **fields: str):
    return browser.post("/logout", fields | {"csrfmiddlewaretoken": str(csrf_token(browser))})


def sessions_of(person) -> int:
    return Session.collection().count_documents({"user_id": person.raw["_id"]})


def test_it_shows_a_form_that_no_cache_keeps(browser):
    answer = browser.get("/login")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'unsafe-inline'" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["owner", " OWNER ", "owner@lsa.example", "Owner@LSA.example"])
def test_it_takes_the_username_or_the_email(browser, owner, name):
    answer = log_in(browser, username=name)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert browser.get("/auth/me").status_code == 200
    assert sessions_of(owner) == 2


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser, owner):
    cookie = log_in(browser).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]


def test_the_cookie_is_for_tls_only_where_tls_is_demanded():
    assert django_settings.SESSION_COOKIE_SECURE is django_settings.SECURE_SSL_REDIRECT
    assert django_settings.CSRF_COOKIE_SECURE is django_settings.SECURE_SSL_REDIRECT


def test_the_cookie_is_secure_as_set(browser, owner, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert log_in(browser).cookies["sessionid"]["secure"]


@pytest.mark.parametrize("fields", [{"password": "wrong password"}, {"username": "nobody"}])
def test_wrong_credentials_are_said_on_the_form(browser, owner, fields):
    answer = log_in(browser, **fields)
    assert answer.status_code == 401
    assert len(answer.context["form"].non_field_errors()) == 1
    assert "sessionid" not in answer.cookies
    assert PASSWORD not in answer.content.decode()
    assert sessions_of(owner) == 1


def test_wrong_user_and_wrong_password_are_told_alike(browser, owner):
    pages = [
        log_in(browser, **fields).context["form"].non_field_errors()
        for fields in ({"password": "wrong password"}, {"username": "nobody"})
    ]
    assert pages[0] == pages[1]


def test_an_inactive_user_is_told_so_after_the_right_password(browser, owner):
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": {"is_active": False}})
    assert log_in(browser).status_code == 400
    assert log_in(browser, password="wrong password").status_code == 401


@pytest.mark.parametrize("missing", ["username", "password"])
def test_an_empty_box_is_said_beside_it(browser, owner, missing):
    answer = log_in(browser, **{missing: ""})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [missing]


def test_a_form_without_its_token_is_refused(browser, owner):
    answer = browser.post("/login", {"username": "owner", "password": PASSWORD})
    assert answer.status_code == 403
    assert answer.context["again"] == "/login"
    data = Client(enforce_csrf_checks=True).post("/login", {"username": "owner"})
    assert data.status_code == 403
    assert data.json()["meta"]["code"] == "form_expired"
    assert sessions_of(owner) == 1


def test_a_logout_form_without_its_token_leads_to_the_front_page(browser, owner):
    answer = browser.post("/logout", {})
    assert answer.status_code == 403
    assert answer.context["again"] == "/"


@pytest.mark.parametrize("target", ["/api/v1/programs", "/blogs?search=a&limit=2"])
def test_it_leads_to_where_one_came_from(browser, owner, target):
    assert browser.get("/login", {"next": target}).context["next"] == target
    assert log_in(browser, next=target)["Location"] == target


def test_it_leads_nowhere_else(owner):
    for target in (
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "evil",
    ):
        browser = new_browser()
        assert log_in(browser, next=target)["Location"] == "/", target
        assert log_out(browser, next=target)["Location"] == "/", target


def test_a_login_gives_a_fresh_cookie(browser, owner):
    first = log_in(browser).cookies["sessionid"].value
    join("other")
    assert log_in(browser, username="other").cookies["sessionid"].value != first
    assert (
        browser.get("/auth/me", HTTP_ACCEPT="application/json").json()["data"]["username"]
        == "other"
    )


def test_a_login_ends_the_session_that_the_browser_had(browser, owner):
    log_in(browser)
    before = sessions_of(owner)
    log_in(browser)
    assert sessions_of(owner) == before


def test_a_login_gives_a_fresh_csrf_token(browser, owner):
    csrf_token(browser)
    known = browser.cookies["csrftoken"].value
    log_in(browser)
    assert browser.cookies["csrftoken"].value != known


def test_failures_count_with_those_of_the_api(browser, owner, anyone):
    for _ in range(5):
        log_in(browser, password="wrong password")
        wrong = {"username": "Owner@lsa.example", "password": "wrong password"}
        anyone.post("/auth/login", wrong)
    answer = log_in(browser)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert len(answer.context["form"].non_field_errors()) == 1
    assert (
        anyone.post("/auth/login", {"username": "owner", "password": PASSWORD}).status_code == 429
    )


def test_attempts_count_per_address_with_those_of_the_api(browser, owner, anyone, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"auth": Rate(2, 60)}
    assert log_in(browser).status_code == 302
    anyone.post("/auth/login", {"username": "owner", "password": PASSWORD})
    answer = log_in(browser)
    assert answer.status_code == 429
    assert answer["RateLimit-Remaining"] == "0"


def test_logging_out_ends_the_session(browser, owner):
    log_in(browser)
    cookie = browser.cookies["sessionid"].value
    answer = log_out(browser, next="/programs")
    assert answer["Location"] == "/programs"
    assert sessions_of(owner) == 1
    assert browser.get("/auth/me").status_code == 401
    browser.cookies["sessionid"] = cookie
    assert browser.get("/auth/me").status_code == 401


def test_logging_out_without_the_token_of_the_form_is_refused(browser, owner):
    log_in(browser)
    assert browser.post("/logout").status_code == 403
    assert browser.get("/auth/me").status_code == 200


def test_logging_out_is_not_a_link(browser, owner):
    log_in(browser)
    assert browser.get("/logout").status_code == 405
    assert browser.get("/auth/me").status_code == 200


def test_the_cookie_writes_only_with_the_token_of_a_form(browser, owner):
    log_in(browser)
    blog = {"title": "Catatan", "content": "Isi"}
    assert browser.post("/blogs", blog).status_code == 403
    token = str(csrf_token(browser))
    assert browser.post("/blogs", blog | {"csrfmiddlewaretoken": token}).status_code == 201


def test_a_stored_password_hash_stays_where_it_is(browser, owner):
    log_in(browser)
    assert "$2b$" not in browser.get("/auth/me").content.decode()
