"""Users as the earlier service stored them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from bson import ObjectId

from accounts.documents import User
from accounts.tests.requests import API, bearer, log_in, register
from conftest import Person, new_client
from core.database import connection, indexes
from core.database.tests.commands import sent_commands

# bcrypt as passlib wrote it, with 4 rounds instead of 12: it is checked often here.
PASSWORD = "rahasia-lama-1"
HASH = "$2b$04$/rjkc0c6wDVmGaT87vDMzek0Be.N5fP5oT5N/rjwsuFPVZ4CYDxw6"
OTHER_PASSWORD = "rahasia-lama-2"
OTHER_HASH = "$2b$04$eP0U8NDp67Nry6rcQPMF3ua/y3zRlpOg9/VnZfre5RfzuE1Mqhkz."


def store(at: int, **fields) -> ObjectId:
    """An earlier user whose id says that second of 2024 as its time; gives the id."""
    moment = datetime(2024, 1, 1, 0, 0, at, tzinfo=UTC)
    raw = {"_id": ObjectId.from_datetime(moment), "password": HASH, "is_active": True} | fields
    return User.collection().insert_one(raw).inserted_id


@pytest.fixture
def self_registered() -> ObjectId:
    """One who registered: no `created_at`, no `is_admin`, no full name."""
    user_id = store(1, email="Ani@LSA.example", username="ani")
    indexes.ensure_indexes()
    return user_id


@pytest.fixture
def clash() -> tuple[ObjectId, ObjectId, list[str]]:
    """Two whose usernames differ only in case, the older second, and what was reported."""
    newer = store(9, email="b@lsa.example", username="BUDI", password=OTHER_HASH)
    older = store(2, email="a@lsa.example", username="Budi")
    return older, newer, indexes.ensure_indexes()


def test_they_log_in_by_either_name_in_any_case(anyone, self_registered):
    for name in ("ani@lsa.example", "ANI", "Ani@LSA.example"):
        assert log_in(anyone, name, PASSWORD).status_code == 200
    assert log_in(anyone, "ani", OTHER_PASSWORD).status_code == 401


def test_their_hash_stays_as_it_is(anyone, self_registered):
    log_in(anyone, "ani", PASSWORD)
    assert User.collection().find_one()["password"] == HASH


def test_what_they_lack_is_shown_as_it_must_have_been(anyone, self_registered):
    token = log_in(anyone, "ani", PASSWORD).json()["access_token"]
    shown = bearer(token).get(f"{API}/auth/me").json()["data"]
    assert shown.pop("last_login") is not None
    assert shown == {
        "id": str(self_registered),
        "email": "Ani@LSA.example",
        "username": "ani",
        "full_name": "ani",
        "role": "author",
        "is_active": True,
        "is_admin": False,
        "created_at": "2024-01-01T00:00:01.000Z",
    }


def test_a_user_without_is_active_is_active(anyone):
    user_id = store(1, email="ani@lsa.example", username="ani")
    User.collection().update_one({"_id": user_id}, {"$unset": {"is_active": 1}})
    indexes.ensure_indexes()
    assert log_in(anyone, "ani", PASSWORD).status_code == 200


def test_admins_find_them_in_their_place(admin, self_registered):
    store(5, email="citra@lsa.example", username="citra", full_name="Citra", role="x")
    indexes.ensure_indexes()

    def listed(**query):
        response = admin.client.get(f"{API}/users", query)
        return [(user["username"], user["full_name"]) for user in response.json()["data"]]

    assert listed() == [("admin", "admin"), ("citra", "Citra"), ("ani", "ani")]
    assert listed(search="ani") == [("ani", "ani")]
    assert listed(created_before="2024-01-01T00:00:04") == [("ani", "ani")]
    only = admin.client.get(f"{API}/users", {"fields": "full_name", "search": "ani"})
    assert only.json()["data"] == [{"id": str(self_registered), "full_name": "ani"}]


def test_a_role_that_none_of_ours_gave_is_none(anyone):
    user_id = store(1, email="ani@lsa.example", username="ani", role="editor")
    assert f"user {user_id}: a role dropped that was none of ours" in indexes.ensure_indexes()
    assert "role" not in User.collection().find_one()
    token = log_in(anyone, "ani", PASSWORD).json()["access_token"]
    assert bearer(token).get(f"{API}/auth/me").json()["data"]["role"] == "author"


def test_a_role_that_an_admin_gave_survives_the_next_start(admin, self_registered, clash):
    for user_id in (self_registered, clash[0], clash[1]):
        path, role = f"{API}/users/{user_id}", {"role": "contributor"}
        assert admin.client.patch(path, role, format="json").status_code == 200
    indexes.ensure_indexes()
    assert User.collection().count_documents({"role": "contributor"}) == 3


def test_a_change_keeps_the_fields_that_are_not_ours(admin, self_registered):
    User.collection().update_one({"_id": self_registered}, {"$set": {"newsletter": "weekly"}})
    path = f"{API}/users/{self_registered}"
    assert admin.client.patch(path, {"is_admin": True}, format="json").status_code == 200
    stored = User.collection().find_one({"_id": self_registered})
    assert stored["newsletter"] == "weekly"
    assert stored["is_admin"] is True


def test_a_domain_in_letters_is_found_in_either_form(anyone):
    store(1, email="ani@münchen.example", username="ani")
    indexes.ensure_indexes()
    for name in ("ani@münchen.example", "ANI@xn--mnchen-3ya.example"):
        assert log_in(anyone, name, PASSWORD).status_code == 200
    assert register(anyone, email="ani@xn--mnchen-3ya.example").status_code == 400


def test_one_who_only_looks_like_somebody_keeps_nobody_from_joining(anyone):
    store(1, email="\u212aartini@lsa.example", username="\u212aartini")
    indexes.ensure_indexes()
    response = register(anyone, email="kartini@lsa.example", username="kartini")
    assert response.status_code == 201
    assert log_in(anyone, "kartini", PASSWORD).status_code == 401
    assert log_in(anyone, "\u212aartini", PASSWORD).status_code == 200


def test_nobody_can_register_their_names_anew(anyone, self_registered):
    response = register(anyone, email="ani@lsa.EXAMPLE", username="ANI")
    assert response.status_code == 400
    assert set(response.json()["meta"]["errors"]) == {"email", "username"}


def test_running_it_again_reports_and_changes_nothing(self_registered):
    before = list(User.collection().find())
    assert [line for line in indexes.ensure_indexes() if "user" in line] == []
    assert list(User.collection().find()) == before


class TestTwoWhoseNamesClash:
    def test_the_newer_is_reported_each_time(self, clash):
        older, newer, report = clash
        for lines in (report, indexes.ensure_indexes()):
            assert any(str(newer) in line and "BUDI" in line for line in lines)
            assert not any(str(older) in line for line in lines)

    def test_the_older_keeps_the_name(self, anyone, clash):
        for name in ("budi", "BUDI", "a@lsa.example"):
            assert log_in(anyone, name, PASSWORD).status_code == 200

    def test_the_newer_cannot_log_in_by_any_name(self, anyone, clash):
        for name in ("budi", "BUDI", "b@lsa.example"):
            assert log_in(anyone, name, OTHER_PASSWORD).status_code == 401

    def rename(self, admin: Person, clash, **names):
        path = f"{API}/users/{clash[1]}"
        return admin.client.patch(path, names, format="json")

    def test_a_new_username_from_an_admin_lets_the_newer_in(self, admin, clash):
        response = self.rename(admin, clash, username="budi2")
        assert response.status_code == 200
        for name in ("budi2", "b@lsa.example"):
            assert log_in(new_client(), name, OTHER_PASSWORD).status_code == 200
        assert log_in(new_client(), "budi", PASSWORD).status_code == 200

    def test_another_email_does_not_mend_the_username(self, admin, clash):
        response = self.rename(admin, clash, email="c@lsa.example")
        assert response.status_code == 400
        assert set(response.json()["meta"]["errors"]) == {"username"}

    def test_the_admin_can_deactivate_or_remove_it(self, admin, clash):
        path = f"{API}/users/{clash[1]}"
        assert self.rename(admin, clash, is_active=False).status_code == 200
        assert admin.client.delete(path).status_code == 200


def test_the_same_address_in_another_case_is_a_clash_too(anyone):
    older = store(1, email="budi@lsa.example", username="budi")
    newer = store(2, email="Budi@LSA.example", username="other")
    report = indexes.ensure_indexes()
    assert any(str(newer) in line for line in report)
    assert not any(str(older) in line for line in report)
    assert log_in(anyone, "other", PASSWORD).status_code == 401
    assert log_in(anyone, "budi", PASSWORD).status_code == 200


def test_one_without_a_name_is_reported_and_can_be_given_one(admin):
    user_id = store(1, email="ani@lsa.example")
    assert any(str(user_id) in line for line in indexes.ensure_indexes())
    path = f"{API}/users/{user_id}"
    assert admin.client.get(path).status_code == 200
    assert admin.client.patch(path, {"is_active": True}, format="json").status_code == 200
    refused = admin.client.patch(path, {"email": "b@lsa.example"}, format="json")
    assert refused.status_code == 422
    assert set(refused.json()["meta"]["errors"]) == {"username"}
    assert admin.client.patch(path, {"username": "ani"}, format="json").status_code == 200
    assert log_in(new_client(), "ani", PASSWORD).status_code == 200


def test_the_unique_index_builds_over_them():
    User.collection().drop_indexes()
    store(1, email="a@lsa.example", username="Budi")
    store(2, email="b@lsa.example", username="BUDI")
    indexes.ensure_indexes()
    stored = User.collection().index_information().values()
    assert sum(bool(index.get("unique")) for index in stored) == 2


def test_another_machine_that_starts_at_once_reports_no_clash():
    """Both read who lacks names before either writes them."""
    for second in range(3):
        store(second, email=f"u{second}@lsa.example", username=f"user{second}")
    seen = list(User.collection().find({"email_key": None}))
    for _machine in range(2):
        assert [line for raw in seen for line in User._claim_names(raw)] == []
    assert User.collection().count_documents({"email_key": None}) == 0


@pytest.mark.wire
def test_machines_that_start_at_once_agree_on_who_keeps_the_name():
    olders = [store(n, email=f"u{n}@lsa.example", username=f"user{n}") for n in range(20)]
    newers = [store(n + 30, email=f"v{n}@lsa.example", username=f"USER{n}") for n in range(20)]
    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(lambda _: list(User.upgrade_existing()), range(3)))
    with_names = User.collection().find({"email_key": {"$ne": None}})
    assert {user["_id"] for user in with_names} == set(olders)
    for lines in reports:
        assert len(lines) == len(newers)
        assert all(any(str(newer) in line for line in lines) for newer in newers)


@pytest.mark.wire
def test_the_first_start_asks_once_for_each_user_and_scans_for_none(database):
    User.collection().drop_indexes()
    for second in range(30):
        store(second, email=f"u{second}@lsa.example", username=f"user{second}")
    connection.disconnect()  # the driver takes listeners when it connects
    with sent_commands("find", "update", "createIndexes") as commands:
        indexes.ensure_indexes()
    concerned = [command for command in commands if "users" in command.values()]
    names = [next(iter(command)) for command in concerned]
    # Those who lack names, and those whose change of address was interrupted.
    assert names == ["createIndexes", "find", *["update"] * 30, "find"], names
    assert all("_id" in update["q"] for c in concerned for update in c.get("updates", ()))


@pytest.mark.wire
def test_an_admin_finds_both_of_a_clash(admin, clash):
    older, newer, _reported = clash
    found = admin.client.get(f"{API}/users?search=budi&created_before=2024-02-01").json()["data"]
    assert {user["id"] for user in found} == {str(older), str(newer)}
