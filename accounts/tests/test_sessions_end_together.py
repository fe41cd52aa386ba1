"""A change that ends sessions is one with it, whatever fails or comes in between."""

import pytest

from accounts import admin_services, services, users
from accounts.credentials import passwords, resets
from accounts.documents import PasswordReset, Session, User
from accounts.tests.requests import API, log_in, me, refresh, token_in
from conftest import PASSWORD, Person, new_client
from core.database import transactions
from core.database.tests.failing import failing

pytestmark = pytest.mark.wire
NEW = "jalan-merpati-3"


def stored(person: Person) -> dict:
    return User.collection().find_one({"_id": person.raw["_id"]})


def sessions_of(person: Person) -> int:
    return Session.collection().count_documents({"user_id": person.raw["_id"]})


@pytest.fixture
def lost_in_between(monkeypatch):
    """The database goes away after the first of the writes that belong together."""
    monkeypatch.setattr(transactions, "OPERATION_SECONDS", 0.5)
    with failing("delete", errorCode=14031):
        yield


def test_a_password_does_not_change_without_the_end_of_its_sessions(owner, lost_in_between):
    body = {"current_password": PASSWORD, "new_password": NEW}
    response = owner.client.post(f"{API}/auth/password", body, format="json")
    assert response.status_code == 503
    assert stored(owner) == owner.raw
    assert sessions_of(owner) == 1


def test_a_reset_link_that_could_not_be_used_is_still_good(owner, anyone, mailbox, monkeypatch):
    resets.send(email=owner.email, language="en")
    body = {"token": token_in(mailbox()[0]), "new_password": NEW}
    monkeypatch.setattr(transactions, "OPERATION_SECONDS", 0.5)
    path = f"{API}/auth/password/reset/confirm"
    with failing("delete", errorCode=14031):
        assert anyone.post(path, body, format="json").status_code == 503
    assert stored(owner) == owner.raw
    assert PasswordReset.collection().count_documents({}) == 1
    assert anyone.post(path, body, format="json").status_code == 200
    assert sessions_of(owner) == 0
    assert anyone.post(path, body, format="json").status_code == 400


def test_a_user_is_not_deactivated_without_the_end_of_their_sessions(owner, admin, lost_in_between):
    response = admin.client.patch(f"{API}/users/{owner.id}", {"is_active": False}, format="json")
    assert response.status_code == 503
    assert stored(owner) == owner.raw
    assert sessions_of(owner) == 1


def deactivate(person: Person) -> None:
    admin_services.update_user(person.raw["_id"], {"is_active": False}, actor=None)


@pytest.mark.parametrize(
    "end",
    [
        deactivate,
        lambda person: admin_services.delete_user(person.raw["_id"], actor=None),
        lambda person: services.set_password({"_id": person.raw["_id"]}, NEW),
    ],
    ids=["deactivated", "removed", "another password"],
)
def test_a_login_that_was_overtaken_gets_no_session(owner, admin, monkeypatch, end):
    def and_then_it_ends(password: str, hashed: str) -> bool:
        end(owner)
        return True

    monkeypatch.setattr(passwords, "matches", and_then_it_ends)
    assert log_in(new_client(), "owner").status_code == 401
    assert sessions_of(owner) == 0


def test_a_login_in_the_midst_of_a_deactivation_does_not_outlive_it(owner, admin, monkeypatch):
    """Its session is stored after the others were ended, and before the user is written."""
    write_user, logins = users.write_user, []

    def with_a_login(*args, **kwargs):
        if not logins:
            logins.append(
                services.log_in(name="owner", password=PASSWORD, network="::1", user_agent="")
            )
        return write_user(*args, **kwargs)

    monkeypatch.setattr(users, "write_user", with_a_login)
    deactivate(owner)
    assert sessions_of(owner) == 0
    services.update_user(owner.raw["_id"], {"is_active": True}, actor=None)
    assert me(logins[0].access_token) == 401
    assert refresh(new_client(), logins[0].refresh_token).status_code == 401


def test_a_login_says_when_it_was(owner):
    before = stored(owner)["last_login"]
    assert log_in(new_client(), "owner").status_code == 200
    assert stored(owner)["last_login"] >= before
