"""`/password-reset`: where people without a front end ask for a new password, and set it."""

import re

import pytest
from django.test import Client

from accounts.documents import PasswordReset
from accounts.tests.requests import log_in
from conftest import PASSWORD
from core.environment import Rate

NEW = "jalan-merpati-3"


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False, HTTP_ACCEPT="text/html")


def submit(browser: Client, path: str = "/password-reset", **fields: str):
    token = str(browser.get(path).context["csrf_token"])
    return browser.post("/password-reset", fields | {"csrfmiddlewaretoken": token})


def mailed_link(mail) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/password-reset\?token=\S+)", mail.body)[1]


def test_a_forgotten_password_is_replaced_by_mail(browser, anyone, owner, mailbox):
    assert submit(browser, email=owner.email).status_code == 200
    link = mailed_link(mailbox()[0])
    token = link.partition("=")[2]
    answer = browser.get(link)
    assert f'value="{token}"' in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert submit(browser, link, token=token, new_password=NEW).status_code == 200
    assert log_in(anyone, "owner", NEW).status_code == 200
    assert log_in(anyone, "owner", PASSWORD).status_code == 401
    assert owner.client.get("/auth/me").status_code == 401
    assert PasswordReset.collection().count_documents({}) == 0


def test_known_and_unknown_addresses_get_the_same_page(browser, owner, mailbox):
    known = submit(browser, email=owner.email)
    unknown = submit(browser, email="nobody@lsa.example")
    assert known.status_code == unknown.status_code == 200
    assert known.context["notice"] == unknown.context["notice"]
    assert len(mailbox()) == 1


def test_a_used_link_says_so(browser):
    answer = submit(browser, "/password-reset?token=used", token="used", new_password=NEW)
    assert answer.status_code == 400
    [said] = answer.context["form"].non_field_errors()
    assert f'role="alert">{said}' in answer.content.decode()


def test_a_weak_password_is_refused_beside_its_field_and_the_link_stays_good(
    browser, anyone, owner, mailbox
):
    submit(browser, email=owner.email)
    link = mailed_link(mailbox()[0])
    token = link.partition("=")[2]
    answer = submit(browser, link, token=token, new_password="password123")
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"new_password"}
    assert submit(browser, link, token=token, new_password=NEW).status_code == 200


def test_it_is_limited_like_the_route(browser, settings):
    settings.RATE_LIMITS = {"read": None, "write": None, "auth": Rate(1, 60)}
    assert submit(browser, email="nobody@lsa.example").status_code == 200
    answer = submit(browser, email="nobody@lsa.example")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_it_needs_the_token_of_its_form(browser, owner, mailbox):
    answer = browser.post("/password-reset", {"email": owner.email})
    assert answer.status_code == 403
    assert mailbox() == []
