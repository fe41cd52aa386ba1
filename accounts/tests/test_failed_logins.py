"""Failed logins: ten in a quarter of an hour for one account from one address."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.documents import User
from accounts.tests.requests import API, log_in, together, token_in
from conftest import PASSWORD, Person, new_client
from core.database.counters import RateLimitCounter
from core.times import now

WRONG = "jalan-kenari-18"


def fail(client: APIClient, names: list[str]) -> list[int]:
    return [log_in(client, name, WRONG).status_code for name in names]


def test_the_eleventh_attempt_is_refused_whatever_the_password(anyone, owner):
    assert fail(anyone, ["owner"] * 10) == [401] * 10
    response = log_in(anyone, "owner")
    assert response.status_code == 429
    assert response.json()["meta"]["code"] == "too_many_requests"
    assert 890 <= int(response["Retry-After"]) <= 900
    assert response["RateLimit-Limit"] == "10"
    assert response["RateLimit-Remaining"] == "0"
    assert response["RateLimit-Reset"] == response["Retry-After"]


@pytest.mark.parametrize("dodge", ["OWNER", "  owner", "owner ", "owner@lsa.example", "Owner@LSA."])
def test_another_spelling_or_the_email_is_the_same_account(anyone, owner, dodge):
    dodge = dodge.replace("LSA.", "LSA.example")
    fail(anyone, ["owner", dodge] * 5)
    assert fail(anyone, ["owner", dodge]) == [429, 429]


def test_unknown_names_are_limited_alike(anyone, owner):
    assert fail(anyone, ["nobody", " NoBody "] * 5) == [401] * 10
    unknown = log_in(anyone, "nobody", WRONG)
    fail(anyone, ["owner"] * 10)
    known = log_in(anyone, "owner", WRONG)
    assert unknown.status_code == known.status_code == 429
    assert unknown.json()["message"] == known.json()["message"]
    assert unknown.headers.keys() == known.headers.keys()


def test_the_refusal_comes_before_anything_is_hashed(anyone, owner, monkeypatch):
    fail(anyone, ["owner", "nobody"] * 10)
    monkeypatch.delattr("accounts.credentials.passwords.matches")
    assert fail(anyone, ["owner", "nobody"]) == [429, 429]


def test_success_clears_the_count(anyone, owner):
    fail(anyone, ["owner"] * 9)
    assert log_in(anyone, "owner").status_code == 200
    assert fail(anyone, ["owner"] * 10) == [401] * 10


def test_a_new_password_by_mail_clears_the_count(anyone, owner, stranger, mailbox):
    assert fail(anyone, ["owner", "stranger"] * 11)[-2:] == [429] * 2
    anyone.post(f"{API}/auth/password/reset", {"email": owner.email})
    body = {"token": token_in(mailbox()[0]), "new_password": "jalan-merpati-3"}
    assert anyone.post(f"{API}/auth/password/reset/confirm", body).status_code == 200
    assert log_in(anyone, "owner", "jalan-merpati-3").status_code == 200
    assert log_in(anyone, "stranger").status_code == 429


def test_success_on_another_account_clears_nothing(anyone, owner, stranger):
    fail(anyone, ["owner"] * 10)
    assert log_in(anyone, "stranger").status_code == 200
    assert log_in(anyone, "owner").status_code == 429


def test_another_address_and_another_account_go_on(anyone, owner, stranger):
    fail(anyone, ["owner"] * 11)
    assert log_in(anyone, "owner", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert log_in(anyone, "stranger").status_code == 200


def test_the_window_closes(anyone, owner):
    fail(anyone, ["owner"] * 11)
    RateLimitCounter.collection().update_many({}, {"$set": {"expires_at": now()}})
    assert log_in(anyone, "owner").status_code == 200


def test_attempts_while_refused_do_not_prolong_the_window(anyone, owner):
    fail(anyone, ["owner"] * 10)
    soon = now() + timedelta(seconds=60)
    RateLimitCounter.collection().update_many({}, {"$set": {"expires_at": soon}})
    assert 58 <= int(log_in(anyone, "owner")["Retry-After"]) <= 60


def test_a_wrong_current_password_counts_like_a_failed_login(owner: Person):
    def change(password):
        body = {"current_password": password, "new_password": "jalan-merpati-3"}
        return owner.client.post(f"{API}/auth/password", body, format="json").status_code

    def rename(password):
        body = {"email": "new@lsa.example", "current_password": password}
        return owner.client.patch(f"{API}/auth/me", body, format="json").status_code

    guest = new_client()
    assert fail(guest, ["owner"] * 4) == [401] * 4
    assert [change(WRONG) for _ in range(3)] == [422] * 3
    assert [rename(WRONG) for _ in range(3)] == [422] * 3
    assert change(PASSWORD) == rename(PASSWORD) == 429
    assert log_in(guest, "owner").status_code == 429
    assert User.collection().find_one({"_id": owner.raw["_id"]}) == owner.raw


def test_inactive_accounts_are_limited_alike(anyone, owner):
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": {"is_active": False}})
    assert fail(anyone, ["owner"] * 11) == [401] * 10 + [429]


def test_the_limit_per_address_is_another_one(anyone, owner, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"auth": settings.FAILED_LOGINS._replace(limit=3)}
    assert fail(anyone, ["a-b", "c-d", "e-f", "g-h"]) == [401, 401, 401, 429]
    assert log_in(anyone, "owner").status_code == 429
    assert log_in(anyone, "owner", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.wire
def test_side_by_side_no_more_than_ten_get_through(owner):
    statuses = together([lambda: log_in(new_client(), "owner", WRONG).status_code] * 16)
    assert sorted(statuses) == [401] * 10 + [429] * 6
