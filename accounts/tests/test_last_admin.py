"""One active admin always remains."""

from functools import partial

import pytest

from accounts.documents import Lock, Session, User
from accounts.roles import Role
from accounts.tests.requests import API, me, together
from conftest import Person, join

ACTIVE_ADMINS = {"is_admin": True, "is_active": {"$ne": False}}


def demote(admin: Person, person: Person):
    return admin.client.patch(f"{API}/users/{person.id}", {"is_admin": False}, format="json")


def give_another_role(admin: Person, person: Person):
    return admin.client.patch(f"{API}/users/{person.id}", {"role": "editor"}, format="json")


def deactivate(admin: Person, person: Person):
    return admin.client.patch(f"{API}/users/{person.id}", {"is_active": False}, format="json")


def remove(admin: Person, person: Person):
    return admin.client.delete(f"{API}/users/{person.id}")


DEMOTIONS = (demote, give_another_role)
WAYS = (*DEMOTIONS, deactivate, remove)


@pytest.mark.parametrize("way", WAYS)
def test_the_last_one_stays(admin, way):
    response = way(admin, admin)
    assert response.status_code == 409
    assert response.json()["meta"]["code"] == "last_admin"
    assert User.collection().find_one() == admin.raw
    assert me(admin.tokens.access_token) == 200


@pytest.mark.parametrize("way", WAYS)
def test_an_inactive_admin_does_not_count(admin, way):
    join("other", role=Role.ADMIN)
    User.collection().update_one({"username": "other"}, {"$set": {"is_active": False}})
    assert way(admin, admin).status_code == 409
    assert User.collection().find_one({"username": "admin"}) == admin.raw


@pytest.mark.parametrize("way", WAYS)
def test_an_admin_of_the_earlier_service_counts(admin, way):
    join("other", role=Role.ADMIN)
    User.collection().update_one({"username": "other"}, {"$unset": {"is_active": 1}})
    assert way(admin, admin).status_code == 200
    assert User.collection().count_documents(ACTIVE_ADMINS) == 1
    assert admin.client.get(f"{API}/users").status_code == (403 if way in DEMOTIONS else 401)


@pytest.mark.parametrize("way", WAYS)
def test_who_is_no_admin_can_always_go(admin, owner, way):
    assert way(admin, owner).status_code == 200
    stored = User.collection().find_one({"_id": owner.raw["_id"]})
    assert stored is None if way is remove else stored["is_active"] is (way in DEMOTIONS)


def test_an_inactive_admin_can_be_removed(admin):
    other = join("other", role=Role.ADMIN)
    deactivate(admin, other)
    assert demote(admin, other).status_code == 200
    assert remove(admin, other).status_code == 200
    assert list(User.collection().find()) == [admin.raw]


def test_other_changes_of_the_last_one_are_free(admin):
    path = f"{API}/users/{admin.id}"
    body = {"username": "boss", "is_admin": True, "is_active": True}
    assert admin.client.patch(path, body, format="json").status_code == 200
    assert User.collection().find_one()["username"] == "boss"


@pytest.mark.wire
@pytest.mark.parametrize("ways", [(demote, demote), (remove, remove), (deactivate, remove)])
def test_two_at_once_never_leave_none(ways):
    for attempt in range(4):
        Lock.collection().delete_many({})
        one, two = (join(f"admin{number}-{attempt}", role=Role.ADMIN) for number in (1, 2))
        calls = [partial(ways[0], one, two), partial(ways[1], two, one)]
        statuses = sorted(response.status_code for response in together(calls))
        # The slower one is refused by the rule, or is no admin and has no session any more.
        assert statuses[0] == 200
        assert statuses[1] in (401, 403, 409)
        assert User.collection().count_documents(ACTIVE_ADMINS) == 1
        User.collection().delete_many({})
        Session.collection().delete_many({})


@pytest.mark.wire
def test_each_removing_oneself_at_once_leaves_one():
    for attempt in range(3):
        people = [join(f"admin{number}-{attempt}", role=Role.ADMIN) for number in range(4)]
        calls = [partial(remove, person, person) for person in people]
        assert sorted(r.status_code for r in together(calls)) == [200, 200, 200, 409]
        assert User.collection().count_documents(ACTIVE_ADMINS) == 1
        User.collection().delete_many({})


@pytest.mark.parametrize("way", WAYS)
def test_an_admin_who_cannot_log_in_does_not_count(admin, way):
    other = join("other", role=Role.ADMIN)
    # As an earlier user whose names clash with an older one's.
    keys = {"email_key": "", "username_key": ""}
    User.collection().update_one({"_id": other.raw["_id"]}, {"$unset": keys})
    assert way(admin, admin).json()["meta"]["code"] == "last_admin"
    assert User.collection().find_one({"_id": admin.raw["_id"]}) == admin.raw
