"""What happens to accounts is recorded with the change, and without what is secret."""

import pytest

from accounts import admin_services, services
from accounts.documents import Session, User
from accounts.tests.requests import API, NEWCOMER, register, token_in
from conftest import PASSWORD, join, new_client
from core.events import Actor, Event

NEW = "jalan-merpati-3"


def told(*, besides: str = "user.registered") -> list[tuple]:
    found = Event.collection().find({"type": {"$ne": besides}}, sort=[("_id", 1)])
    return [(each["type"], (each["actor"] or {}).get("name"), each["title"]) for each in found]


def change(admin, person, **changes):
    return admin.client.patch(f"{API}/users/{person.id}", changes, format="json")


def test_a_registration_says_who_and_nothing_else(anyone):
    register(anyone, full_name="Budi Santoso")
    [event] = Event.collection().find()
    user = User.collection().find_one()
    assert event["type"] == "user.registered"
    assert event["actor"] == {"id": user["_id"], "name": "Budi Santoso"}
    assert (event["resource"], event["object_id"]) == ("users", user["_id"])
    assert (event["title"], event["data"]) == ("Budi Santoso", {})


def test_a_refused_registration_is_none(anyone, owner):
    register(anyone, username="owner")
    assert Event.collection().count_documents({"type": "user.registered"}) == 0


def test_a_command_is_nobody():
    owner = services.create_user(email="owner@lsa.example", username="owner", password=PASSWORD)
    services.promote(owner, password=NEW)
    assert told(besides="") == [
        ("user.registered", None, "owner"),
        ("user.password_changed", None, "owner"),
        ("user.role_changed", None, "owner"),
    ]


def test_what_an_admin_does_bears_their_name(admin, owner):
    change(admin, owner, role="editor")
    change(admin, owner, is_active=False)
    change(admin, owner, is_active=True, email="new@lsa.example")
    admin.client.delete(f"{API}/users/{owner.id}")
    assert told() == [
        ("user.role_changed", "admin", "owner"),
        ("user.deactivated", "admin", "owner"),
        ("user.activated", "admin", "owner"),
        ("user.email_changed", "admin", "owner"),
        ("user.removed", "admin", "owner"),
    ]
    [role] = Event.collection().find({"type": "user.role_changed"})
    assert role["data"] == {"from": "author", "to": "editor"}


def test_what_people_do_to_their_own_account_bears_theirs(owner, mailbox):
    body = {"current_password": PASSWORD, "new_password": NEW}
    answer = owner.client.post(f"{API}/auth/password", body, format="json").json()
    owner.client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}")
    change = {"email": "new@lsa.example", "current_password": NEW, "full_name": "Citra"}
    owner.client.patch(f"{API}/auth/me", change, format="json")
    new_client().post(f"{API}/auth/password/reset", {"email": "new@lsa.example"})
    reset = {"token": token_in(mailbox()[0]), "new_password": PASSWORD}
    new_client().post(f"{API}/auth/password/reset/confirm", reset, format="json")
    assert told() == [
        ("user.password_changed", "owner", "owner"),
        ("user.email_changed", "owner", "Citra"),
        ("user.password_reset", "Citra", "Citra"),
    ]


def test_what_changes_nothing_and_what_is_refused_is_not_told(admin, owner, stranger):
    change(admin, owner, role="author", is_active=True, email=owner.email)
    change(admin, owner, is_active=False, username="stranger")
    change(admin, admin, role="author")
    change(admin, owner, username="another.name")
    assert told() == []


def test_no_secret_is_in_any(anyone, admin, owner, mailbox):
    register(anyone)
    change(admin, owner, email="new@lsa.example")
    services.set_password({"_id": owner.raw["_id"]}, NEW)
    said = str([*Event.collection().find()])
    for secret in ("$2b$", NEW, PASSWORD, "new@lsa.example", NEWCOMER["email"]):
        assert secret not in said


@pytest.mark.wire
@pytest.mark.parametrize(
    "work",
    [
        lambda person: admin_services.delete_user(person.raw["_id"], actor=Actor(None, "admin")),
        lambda person: services.set_password({"_id": person.raw["_id"]}, NEW),
        lambda person: services.update_user(person.raw["_id"], {"role": "editor"}, actor=None),
    ],
)
def test_a_change_without_its_event_is_none(owner, monkeypatch, work):
    join("another")
    monkeypatch.setattr("core.events.record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(owner)
    assert User.collection().find_one({"_id": owner.raw["_id"]}) == owner.raw
    assert Session.collection().count_documents({"user_id": owner.raw["_id"]}) == 1
