"""POST /auth/password/reset and /auth/password/reset/confirm."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest

from accounts.credentials import emails, resets
from accounts.documents import PasswordReset, User
from accounts.tests.requests import (
    API,
    log_in,
    register,
    same_but_for_the_moment,
    together,
    token_in,
)
from conftest import PASSWORD, new_client
from core.database.counters import RateLimitCounter
from core.times import now

NEW = "jalan-merpati-3"


def ask(client, email, **extra):
    return client.post(f"{API}/auth/password/reset", {"email": email}, format="json", **extra)


def confirm(client, token, new_password=NEW, **more):
    body = {"token": token, "new_password": new_password} | more
    return client.post(f"{API}/auth/password/reset/confirm", body, format="json")


def test_known_unknown_and_inactive_addresses_get_the_same_answer(anyone, owner, stranger, mailbox):
    User.collection().update_one({"username": "stranger"}, {"$set": {"is_active": False}})
    known = ask(anyone, owner.email)
    assert known.status_code == 202
    assert known.json()["status"] == "success"
    for email in (stranger.email, "nobody@lsa.example"):
        assert same_but_for_the_moment(ask(anyone, email), known)
    assert [mail.to for mail in mailbox()] == [[owner.email]]
    assert PasswordReset.collection().count_documents({}) == 1


def test_the_mail_goes_to_the_stored_address_not_to_the_one_that_was_typed(anyone, owner, mailbox):
    ask(anyone, "  OWNER@LSA.example ")
    assert [mail.to for mail in mailbox()] == [["owner@lsa.example"]]


@pytest.mark.parametrize("typed", ["budi@münchen.example", "BUDI@xn--MNCHEN-3ya.example"])
def test_either_form_of_a_domain_finds_the_account(anyone, mailbox, typed):
    register(anyone, email="budi@münchen.example")
    assert ask(anyone, typed).status_code == 202
    assert [mail.to for mail in mailbox()] == [["budi@xn--mnchen-3ya.example"]]


def test_an_earlier_address_in_letters_is_written_to_by_the_rules_of_2008(anyone, owner, mailbox):
    """By the older ones ß is ss: somebody else's domain."""
    stored = {"email": "owner@faß.example", "email_key": "owner@xn--fa-hia.example"}
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": stored})
    ask(anyone, "owner@faß.example")
    assert [mail.to for mail in mailbox()] == [["owner@xn--fa-hia.example"]]


def test_no_mail_bears_what_a_stranger_wrote(anyone, mailbox):
    words = {"full_name": "Menangkan hadiah di https://jahat.example", "username": "menang.example"}
    register(anyone, **words)
    ask(anyone, "budi@lsa.example")
    [mail] = mailbox()
    message = mail.message().as_string() + mail.body
    assert not [word for word in words.values() if word in message]
    assert "jahat" not in message


def test_the_mail_is_sent_after_the_answer(anyone, owner, mailbox, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("the mail server is away")

    monkeypatch.setattr(emails, "send_mail", fail)
    assert ask(anyone, owner.email).status_code == 202
    assert mailbox() == []


def test_the_link_leads_to_the_public_site(anyone, owner, mailbox, settings):
    settings.PUBLIC_URL = "https://lsa.example"
    ask(anyone, owner.email)
    (mail,) = mailbox()
    assert re.search(r"^https://lsa\.example/password-reset\?token=[\w-]{43}$", mail.body, re.M)
    assert mail.from_email == settings.DEFAULT_FROM_EMAIL


def test_the_mail_speaks_the_language_of_the_request(anyone, owner, mailbox):
    ask(anyone, owner.email)
    ask(anyone, owner.email, HTTP_ACCEPT_LANGUAGE="en")
    indonesian, english = mailbox()
    assert english.subject == "Reset your LSA password"
    assert "Hello," in english.body
    assert indonesian.subject != english.subject
    assert "Hello" not in indonesian.body


def test_only_the_hash_of_the_token_is_stored(anyone, owner, mailbox):
    ask(anyone, owner.email)
    token = token_in(mailbox()[0])
    stored = PasswordReset.collection().find_one()
    assert stored["_id"] == sha256(token.encode()).hexdigest()
    assert token not in repr(stored)
    hour = timedelta(minutes=61)
    assert now() + timedelta(minutes=59) < stored["expires_at"] < now() + hour


def test_the_token_sets_a_new_password_once(anyone, owner, mailbox):
    ask(anyone, owner.email)
    token = token_in(mailbox()[0])
    response = confirm(anyone, token)
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert log_in(anyone, "owner", NEW).status_code == 200
    assert log_in(anyone, "owner", PASSWORD).status_code == 401
    again = confirm(anyone, token, "jalan-elang-44")
    assert again.status_code == 400
    assert again.json()["meta"]["code"] == "invalid_reset_token"
    assert log_in(anyone, "owner", NEW).status_code == 200


def test_a_link_of_before_a_deactivation_sets_nothing(anyone, owner, mailbox):
    ask(anyone, owner.email)
    token = token_in(mailbox()[0])
    User.collection().update_one({"username": "owner"}, {"$set": {"is_active": False}})
    before = User.collection().find_one({"username": "owner"})
    response = confirm(anyone, token)
    assert response.status_code == 400
    assert response.json()["meta"]["code"] == "invalid_reset_token"
    assert User.collection().find_one({"username": "owner"}) == before


@pytest.mark.wire
def test_of_two_confirmations_at_once_one_counts(anyone, owner, mailbox):
    ask(anyone, owner.email)
    token = token_in(mailbox()[0])
    calls = [lambda: confirm(new_client(), token).status_code] * 4
    assert sorted(together(calls)) == [200, 400, 400, 400]


def test_asking_again_leaves_the_first_link_good_until_one_is_used(anyone, owner, mailbox):
    ask(anyone, owner.email)
    ask(anyone, owner.email)
    first, second = (token_in(mail) for mail in mailbox())
    assert confirm(anyone, first).status_code == 200
    assert confirm(anyone, second).status_code == 400


def test_a_password_change_voids_what_was_asked_for(anyone, owner, mailbox):
    ask(anyone, owner.email)
    token = token_in(mailbox()[0])
    body = {"current_password": PASSWORD, "new_password": NEW}
    owner.client.post(f"{API}/auth/password", body, format="json")
    assert confirm(anyone, token, "jalan-elang-44").status_code == 400


def test_a_token_expires(anyone, owner, mailbox):
    ask(anyone, owner.email)
    token = token_in(mailbox()[0])
    PasswordReset.collection().update_many({}, {"$set": {"expires_at": now()}})
    assert confirm(anyone, token).status_code == 400
    assert User.collection().find_one() == owner.raw


def test_a_password_that_is_refused_leaves_the_token_good(anyone, owner, mailbox):
    ask(anyone, owner.email)
    token = token_in(mailbox()[0])
    for password in ("short", "password123", "é" * 37):
        response = confirm(anyone, token, password)
        assert response.status_code == 422
        assert set(response.json()["meta"]["errors"]) == {"new_password"}
    assert confirm(anyone, token).status_code == 200


@pytest.mark.parametrize("token", ["x", "é", "\u200b", "x" * 10_000])
def test_a_token_nobody_was_sent_is_refused(anyone, owner, token):
    assert confirm(anyone, token).status_code == 400


def test_the_stored_hash_is_no_token(anyone, owner, mailbox):
    ask(anyone, owner.email)
    mailbox()
    assert confirm(anyone, PasswordReset.collection().find_one()["_id"]).status_code == 400


def test_a_token_of_a_user_who_is_gone_is_refused(anyone, owner, mailbox):
    ask(anyone, owner.email)
    mailbox()
    User.collection().delete_many({})
    assert confirm(anyone, token_in(mailbox()[0])).status_code == 400


def test_nobodys_mailbox_is_filled(anyone, owner, mailbox):
    answers = [ask(anyone, owner.email, REMOTE_ADDR=f"192.0.2.{n}") for n in range(7)]
    assert {answer.status_code for answer in answers} == {202}
    assert len(mailbox()) == resets.MAILS_PER_USER.limit
    RateLimitCounter.collection().delete_many({})
    ask(anyone, owner.email)
    assert len(mailbox()) == resets.MAILS_PER_USER.limit + 1


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"email": "nobody"}, {"email": None}])
def test_what_is_no_address_is_named(anyone, body, mailbox):
    response = anyone.post(f"{API}/auth/password/reset", body, format="json")
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {"email"}
    assert mailbox() == []


def test_unknown_fields_are_refused(anyone, owner):
    response = confirm(anyone, "x", is_admin=True)
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {"is_admin"}
