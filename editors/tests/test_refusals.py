"""What is refused outside the answers of the API: a page for people, data for programs."""

import pytest
from django.test import Client

from conftest import PASSWORD
from core.environment import Rate
from core.errors import DatabaseUnavailable

PAGE = "text/html; charset=utf-8"


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False, HTTP_ACCEPT="text/html,*/*;q=0.8")


def test_an_address_that_is_none_is_a_page_that_leads_on(browser):
    answer = browser.get("/tidak/ada")
    assert answer.status_code == 404
    assert answer["Content-Type"] == PAGE
    assert answer["Content-Security-Policy"].startswith("default-src 'self'")
    assert 'href="/"' in answer.content.decode()


def test_programs_get_data_at_the_same_address(browser):
    for accept in ("application/json", "*/*"):
        answer = browser.get("/tidak/ada", HTTP_ACCEPT=accept)
        assert answer.status_code == 404
        assert answer.json()["meta"]["code"] == "not_found"


def test_what_is_too_large_is_a_page(browser):
    length = str(100 * 1024 * 1024)
    answer = browser.post("/login", {"username": "a"}, CONTENT_LENGTH=length)
    assert answer["Content-Type"] == PAGE
    assert answer.status_code >= 400


def test_a_lost_database_is_a_page_that_asks_it_nothing(browser, monkeypatch):
    def away(*_args, **_kwargs):
        raise DatabaseUnavailable

    monkeypatch.setattr("editors.context.principal_of", away)
    monkeypatch.setattr("editors.account_pages.LoginPage.show", away)
    answer = browser.get("/login")
    assert answer.status_code == 503
    assert answer["Content-Type"] == PAGE
    assert answer["Retry-After"]


def test_our_own_fault_is_a_page_with_its_number(browser, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("editors.account_pages.LoginPage.show", broken)
    answer = browser.get("/login")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "secret detail" not in answer.content.decode()


# --- Of the answers of the API -------------------------------------------------------------


def log_in(browser: Client, name: str) -> None:
    assert browser.post("/login", {"username": name, "password": PASSWORD}).status_code == 302


def test_a_stale_change_is_a_page_that_says_what_to_do(browser, owner):
    blog = owner.client.post("/blogs", {"title": "Catatan", "content": "Isi"}).json()["data"]
    path = f"/blogs/{blog['id']}"
    owner.client.patch(path, {"title": "Catatan lain"}, format="json")
    log_in(browser, "owner")
    body = {"title": "Terlambat"}
    answer = browser.patch(path, body, "application/json", headers={"If-Match": blog["etag"]})
    assert answer.status_code == 412
    assert answer["Content-Type"] == PAGE
    shown = answer.content.decode()
    assert "Data ini sudah diubah orang lain." in shown
    assert "Muat ulang halaman, lalu ubah yang ada sekarang." in shown
    assert owner.client.get(path).json()["data"]["title"] == "Catatan lain"


def test_too_many_requests_are_a_page_that_says_what_to_do(browser, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"read": Rate(1, 60)}
    browser.get("/blogs")
    answer = browser.get("/blogs")
    assert answer.status_code == 429
    assert answer["Content-Type"] == PAGE
    assert int(answer["Retry-After"]) <= 60
    shown = answer.content.decode()
    assert "Terlalu banyak permintaan." in shown
    assert "Tunggu beberapa menit, lalu coba lagi." in shown


def test_too_many_logins_are_said_above_the_form(browser, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"auth": Rate(1, 60)}
    fields = {"username": "owner", "password": "salah-sekali"}
    browser.post("/login", fields)
    answer = browser.post("/login", fields)
    assert answer.status_code == 429
    assert answer["Content-Type"] == PAGE
    assert answer["Retry-After"]
    [said] = answer.context["form"].non_field_errors()
    assert said == "Terlalu banyak permintaan. Coba lagi nanti."


def test_a_page_for_those_with_an_account_asks_to_log_in(browser):
    answer = browser.get("/users")
    assert answer.status_code == 401
    shown = answer.content.decode()
    assert "Silakan masuk terlebih dahulu." in shown
    assert "<p>Kredensial tidak valid" not in shown
    assert "/login?next=%2Fusers" in shown
