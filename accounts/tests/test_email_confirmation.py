"""VERIFY_EMAIL: POST /auth/email/confirm and POST /auth/email/resend."""

from datetime import timedelta
from hashlib import sha256

import pytest

from accounts.documents import EmailConfirmation, User
from accounts.tests.requests import API, NEWCOMER, bearer, log_in, register, token_in
from conftest import PASSWORD, new_client
from core.events import Event
from core.times import now

CONFIRM, RESEND = f"{API}/auth/email/confirm", f"{API}/auth/email/resend"


@pytest.fixture(autouse=True)
def verify_email(settings, mailbox):
    settings.VERIFY_EMAIL = True
    yield
    mailbox()


@pytest.fixture
def token(anyone, mailbox) -> str:
    assert register(anyone).json()["data"]["role"] == "contributor"
    return token_in(mailbox()[0])


def confirm(token: str):
    return new_client().post(CONFIRM, {"token": token}, format="json")


def budi() -> dict:
    return User.collection().find_one({"username": "budi"})


def client_of_budi():
    return bearer(log_in(new_client(), "budi").json()["access_token"])


def test_a_new_account_is_a_contributor_until_its_address_is_confirmed(token):
    assert budi()["role"] == "contributor"
    assert confirm(token).status_code == 200
    assert budi()["role"] == "author"
    [changed] = Event.collection().find({"type": "user.role_changed"})
    assert changed["data"] == {"from": "contributor", "to": "author"}
    assert changed["actor"]["id"] == budi()["_id"]


def test_nothing_is_confirmed_where_the_setting_does_not_ask(anyone, mailbox, settings):
    settings.VERIFY_EMAIL = False
    assert register(anyone).json()["data"]["role"] == "author"
    assert client_of_budi().post(RESEND).status_code == 202
    assert mailbox() == []


def test_the_role_of_registration_is_given(token, settings):
    settings.REGISTRATION_ROLE = "contributor"
    assert confirm(token).status_code == 200
    assert budi()["role"] == "contributor"
    assert not budi()["awaits_confirmation"]


def test_the_mail_holds_a_link_and_no_name_and_the_database_only_a_hash(anyone, mailbox, settings):
    settings.PUBLIC_URL = "https://lsa.example"
    register(anyone, full_name="Win a prize at example.org")
    [mail] = mailbox()
    assert mail.to == [NEWCOMER["email"]]
    assert f"https://lsa.example/email-confirm?token={token_in(mail)}" in mail.body
    assert "prize" not in mail.body + mail.subject
    stored = EmailConfirmation.collection().find_one()
    assert stored["_id"] == sha256(token_in(mail).encode()).hexdigest()
    assert stored["expires_at"] - now() <= timedelta(days=3)


def test_a_link_works_once(token):
    assert confirm(token).status_code == 200
    again = confirm(token)
    assert again.status_code == 400
    assert again.json()["meta"]["code"] == "invalid_confirmation_token"


def test_an_expired_link_does_not_work(token):
    EmailConfirmation.collection().update_one({}, {"$set": {"expires_at": now()}})
    assert confirm(token).status_code == 400
    assert budi()["role"] == "contributor"


def test_a_link_to_a_former_address_does_not_work(token, mailbox):
    changes = {"email": "new@lsa.example", "current_password": PASSWORD}
    assert client_of_budi().patch(f"{API}/auth/me", changes, format="json").status_code == 200
    assert confirm(token).status_code == 400
    assert budi()["role"] == "contributor"
    mail = mailbox()[1]
    assert mail.to == ["new@lsa.example"]
    assert confirm(token_in(mail)).status_code == 200
    assert budi()["role"] == "author"


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_the_role_that_an_admin_gave_meanwhile_stays(admin, token, role):
    path = f"{API}/users/{budi()['_id']}"
    assert admin.client.patch(path, {"role": role}, format="json").status_code == 200
    assert confirm(token).status_code == 200
    assert budi()["role"] == role


@pytest.mark.parametrize("end", ["deactivated", "removed"])
def test_nobody_who_is_gone_is_given_a_role(admin, token, end):
    path = f"{API}/users/{budi()['_id']}"
    if end == "removed":
        admin.client.delete(path)
    else:
        admin.client.patch(path, {"is_active": False}, format="json")
    assert confirm(token).status_code == 400
    assert end == "removed" or budi()["role"] == "contributor"


def test_the_link_is_sent_again_a_few_times(token, mailbox):
    client = client_of_budi()
    assert [client.post(RESEND).status_code for _ in range(7)] == [202] * 7
    mails = mailbox()
    assert len(mails) == 5
    assert confirm(token).status_code == 200
    assert client.post(RESEND).status_code == 202
    assert len(mailbox()) == 5


def test_sending_again_is_for_those_who_are_logged_in(anyone):
    assert anyone.post(RESEND).status_code == 401


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": "x", "role": "admin"}])
def test_it_names_what_is_wrong(anyone, body):
    response = anyone.post(CONFIRM, body, format="json")
    assert response.status_code == 422
    assert len(response.json()["meta"]["errors"]) == 1


def test_who_is_not_asked_to_confirm_is_what_they_were(owner):
    assert owner.raw["role"] == "author"
    assert "awaits_confirmation" not in owner.raw
