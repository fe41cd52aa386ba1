"""POST /users and POST /auth/invitations/confirm."""

from datetime import timedelta
from functools import partial
from hashlib import sha256

import pytest
from django.utils import translation

from accounts.documents import Invitation, Session, User
from accounts.roles import Role
from accounts.tests.requests import API, log_in, me, register, together, token_in
from conftest import PASSWORD, Person, new_client
from core.events import Event
from core.times import now

USERS, CONFIRM = f"{API}/users", f"{API}/auth/invitations/confirm"
ANI = "ani@lsa.example"


def invite(admin: Person, email: str = ANI, **more):
    return admin.client.post(USERS, {"email": email, **more}, format="json")


def accept(mailed: str, **changes):
    body = {"token": mailed, "username": "ani", "full_name": "Ani Lestari", "password": PASSWORD}
    return new_client().post(CONFIRM, body | changes, format="json")


@pytest.fixture(autouse=True)
def all_mail_is_sent(mailbox):
    yield
    mailbox()


@pytest.fixture
def token(admin, mailbox) -> str:
    assert invite(admin, role="editor").status_code == 201
    return token_in(mailbox()[0])


def test_the_answer_tells_who_was_invited_and_until_when(admin, mailbox):
    response = invite(admin, role="editor")
    assert response.status_code == 201
    data = response.json()["data"]
    assert set(data) == {"email", "role", "expires_at"}
    assert (data["email"], data["role"]) == (ANI, "editor")
    stored = Invitation.collection().find_one()
    assert timedelta(days=6, hours=23) < stored["expires_at"] - now() <= timedelta(days=7)
    assert User.collection().count_documents({}) == 1


def test_a_link_is_mailed_whose_token_is_stored_as_a_hash_only(admin, mailbox, settings):
    settings.PUBLIC_URL = "https://lsa.example"
    invite(admin)
    [mail] = mailbox()
    token = token_in(mail)
    assert mail.to == [ANI]
    assert f"https://lsa.example/invitation?token={token}" in mail.body
    stored = Invitation.collection().find_one()
    assert stored["token_hash"] == sha256(token.encode()).hexdigest()
    assert token not in str(stored) + str([*Event.collection().find()])


def test_the_mail_speaks_the_language_of_who_invites(admin, mailbox):
    admin.client.post(USERS, {"email": ANI}, format="json", HTTP_ACCEPT_LANGUAGE="en")
    invite(admin, "budi@lsa.example")
    english, indonesian = mailbox()
    assert english.subject == "You are invited to write for LSA"
    with translation.override("id"):
        assert indonesian.subject == translation.gettext(english.subject) != english.subject


def test_it_makes_an_account_of_that_role_and_logs_it_in(token):
    response = accept(token)
    assert response.status_code == 201
    tokens = response.json()
    assert tokens["token_type"] == "bearer"
    assert response["Cache-Control"] == "no-store"
    assert me(tokens["access_token"]) == 200
    stored = User.collection().find_one({"email": ANI})
    assert (stored["full_name"], stored["role"], stored["is_admin"]) == (
        "Ani Lestari",
        "editor",
        False,
    )
    assert log_in(new_client(), ANI).status_code == 200
    assert Invitation.collection().count_documents({}) == 0


@pytest.mark.parametrize("role", Role)
def test_every_role_can_be_given(admin, mailbox, role):
    invite(admin, role=role.value)
    accept(token_in(mailbox()[0]))
    assert User.collection().find_one({"email": ANI})["role"] == role


def test_the_role_is_author_unless_told(admin, mailbox):
    assert invite(admin).json()["data"]["role"] == "author"


def test_a_link_works_once(token):
    assert accept(token).status_code == 201
    again = accept(token, username="again")
    assert again.status_code == 400
    assert again.json()["meta"]["code"] == "invalid_invitation"
    assert User.collection().count_documents({"email": ANI}) == 1


@pytest.mark.wire
def test_a_link_works_once_also_at_the_same_moment(token):
    calls = [partial(accept, token, username=f"ani{n}") for n in range(5)]
    statuses = sorted(response.status_code for response in together(calls))
    assert statuses == [201, 400, 400, 400, 400]
    assert User.collection().count_documents({"email": ANI}) == 1
    assert Session.collection().count_documents({}) == 2


def test_a_link_works_for_seven_days(token):
    Invitation.collection().update_one({}, {"$set": {"expires_at": now()}})
    assert accept(token).status_code == 400
    assert User.collection().count_documents({}) == 1


def test_an_invented_link_does_not_work():
    for token in ("x", "", "$ne", "é"):
        assert accept(token).status_code in (400, 422), token
        assert User.collection().count_documents({}) == 0


def test_inviting_again_replaces_the_former_link(admin, token, mailbox):
    assert invite(admin, ANI.upper(), role="contributor").status_code == 201
    assert Invitation.collection().count_documents({}) == 1
    assert accept(token).status_code == 400
    assert accept(token_in(mailbox()[1])).status_code == 201
    assert User.collection().find_one({"username": "ani"})["role"] == "contributor"


@pytest.mark.wire
def test_of_invitations_at_the_same_moment_one_remains(admin, mailbox):
    responses = together([partial(invite, admin)] * 4)
    assert [response.status_code for response in responses] == [201] * 4
    assert Invitation.collection().count_documents({}) == 1
    worked = [accept(token_in(mail)).status_code for mail in mailbox()]
    assert sorted(worked) == [201, 400, 400, 400]


def test_an_address_with_an_account_is_not_invited(admin, owner, mailbox):
    for email in ("owner@lsa.example", "OWNER@LSA.example"):
        response = invite(admin, email)
        assert response.status_code == 400, email
        assert response.json()["meta"]["code"] == "already_exists"
        assert set(response.json()["meta"]["errors"]) == {"email"}
        assert mailbox() == []


def test_who_registered_meanwhile_has_the_address(token, anyone):
    register(anyone, email=ANI)
    response = accept(token)
    assert response.status_code == 400
    assert set(response.json()["meta"]["errors"]) == {"email"}


def test_a_taken_username_leaves_the_link_good(token, owner):
    response = accept(token, username="OWNER")
    assert response.status_code == 400
    assert set(response.json()["meta"]["errors"]) == {"username"}
    assert accept(token).status_code == 201


def test_it_needs_no_open_registration_nor_the_inviter(token, admin, settings):
    settings.REGISTRATION_OPEN = False
    settings.REGISTRATION_ROLE = "contributor"
    settings.VERIFY_EMAIL = True
    User.collection().delete_one({"_id": admin.raw["_id"]})
    assert accept(token).status_code == 201
    assert User.collection().find_one()["role"] == "editor"


def test_it_refuses_by_name_what_is_not_acceptable(token):
    for field, value in (
        ("username", ""),
        ("username", "a b"),
        ("full_name", "A"),
        ("full_name", None),
        ("password", "short"),
        ("password", "password123"),
        ("token", None),
        ("email", "else@lsa.example"),
        ("role", "admin"),
        ("is_admin", True),
    ):
        response = accept(token, **{field: value})
        assert response.status_code == 422, (field, value)
        assert set(response.json()["meta"]["errors"]) == {field}
        assert User.collection().count_documents({}) == 1


def test_an_invitation_is_checked_too(admin, mailbox):
    for field, value in (
        ("email", "nobody"),
        ("email", None),
        ("role", "owner"),
        ("role", None),
        ("is_admin", True),
    ):
        response = invite(admin, **({"email": ANI} | {field: value}))
        assert response.status_code == 422, (field, value)
        assert set(response.json()["meta"]["errors"]) == {field}
        assert Invitation.collection().count_documents({}) == 0
        assert mailbox() == []


def test_both_are_told_of(admin, token):
    accept(token)
    invited = Event.collection().find_one({"type": "user.invited"})
    joined = Event.collection().find_one({"type": "user.registered", "title": "Ani Lestari"})
    user = User.collection().find_one({"email": ANI})
    assert invited["actor"] == {"id": admin.raw["_id"], "name": "admin"}
    assert (invited["title"], invited["data"]) == (ANI, {"role": "editor"})
    assert invited["object_id"] == joined["object_id"] == user["_id"]
    assert joined["actor"] == {"id": user["_id"], "name": "Ani Lestari"}


@pytest.mark.wire
def test_an_event_that_cannot_be_recorded_undoes_the_account(token, monkeypatch):
    monkeypatch.setattr("core.events.record", lambda *args, **kwargs: 1 / 0)
    assert accept(token).status_code == 500
    assert User.collection().count_documents({"email": ANI}) == 0
    monkeypatch.undo()
    assert accept(token).status_code == 201
