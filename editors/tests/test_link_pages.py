"""`/invitation` and `/email-confirm`: where mailed links lead people without a front end."""

import pytest
from django.test import Client

from accounts.documents import Invitation, User
from accounts.tests.requests import API, register, token_in
from conftest import PASSWORD

ANI = "ani@lsa.example"
FIELDS = {"username": "ani", "full_name": "Ani Lestari", "password": PASSWORD}


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False, HTTP_ACCEPT="text/html")


def submit(browser: Client, path: str, **fields: str):
    csrf = str(browser.get(path).context["csrf_token"])
    return browser.post(path.partition("?")[0], fields | {"csrfmiddlewaretoken": csrf})


@pytest.fixture
def token(admin, mailbox) -> str:
    admin.client.post(f"{API}/users", {"email": ANI, "role": "editor"}, format="json")
    return token_in(mailbox()[0])


class TestTheInvitation:
    def test_makes_an_account_and_logs_the_browser_in(self, browser, token):
        page = browser.get(f"/invitation?token={token}")
        assert f'value="{token}"' in page.content.decode()
        assert page["Referrer-Policy"] == "same-origin"
        answer = submit(browser, f"/invitation?token={token}", token=token, **FIELDS)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert User.collection().find_one({"email": ANI})["role"] == "editor"
        assert "Ani Lestari" in browser.get("/").content.decode()

    @pytest.mark.parametrize(
        ("field", "value"),
        [("username", "a b"), ("username", ""), ("full_name", "A"), ("password", "password123")],
    )
    def test_says_beside_the_field_what_is_wrong(self, browser, token, field, value):
        fields = FIELDS | {"token": token, field: value}
        answer = submit(browser, f"/invitation?token={token}", **fields)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
        assert Invitation.collection().count_documents({}) == 1

    def test_keeps_the_link_good_where_the_name_is_taken(self, browser, token, owner):
        path = f"/invitation?token={token}"
        answer = submit(browser, path, **(FIELDS | {"token": token, "username": "owner"}))
        assert answer.status_code == 400
        assert answer.context["form"].errors.keys() == {"username"}
        assert submit(browser, path, token=token, **FIELDS).status_code == 302

    @pytest.mark.parametrize(
        "path", ["/invitation?token=used", "/invitation?token=", "/invitation"]
    )
    def test_says_that_a_link_is_not_valid_any_more(self, browser, path):
        answer = submit(browser, path, token=path.partition("=")[2], **FIELDS)
        assert answer.status_code == 400
        assert answer.context["form"].non_field_errors()


class TestTheConfirmation:
    @pytest.fixture(autouse=True)
    def verify_email(self, settings, mailbox):
        settings.VERIFY_EMAIL = True
        yield
        mailbox()

    def test_is_made_by_a_click_and_not_by_looking(self, browser, anyone, mailbox):
        register(anyone)
        token = token_in(mailbox()[0])
        browser.get(f"/email-confirm?token={token}")
        assert User.collection().find_one()["role"] == "contributor"
        answer = submit(browser, f"/email-confirm?token={token}", token=token)
        assert answer.context["notice"]
        assert User.collection().find_one()["role"] == "author"
        again = submit(browser, f"/email-confirm?token={token}", token=token)
        assert again.status_code == 400

    def test_is_asked_for_again_by_who_is_logged_in(self, browser, anyone, mailbox):
        login = browser.get("/email-confirm")["Location"]
        assert login.endswith("/login?next=/email-confirm")
        register(anyone)
        submit(browser, "/login", username="budi", password=PASSWORD)
        assert submit(browser, "/email-confirm").context["notice"]
        assert len(mailbox()) == 2
