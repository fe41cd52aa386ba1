"""GET /auth/sessions and DELETE /auth/sessions/{id}."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.api.authentication import SESSION_KEY, USED_KEY
from accounts.api.session_views import app_name
from accounts.credentials.sessions import LONGEST_USER_AGENT, MOST_LISTED
from accounts.documents import Session
from accounts.tests.requests import API, bearer, log_in, me, refresh
from conftest import PASSWORD, new_client
from core.times import isoformat, now

SESSIONS = f"{API}/auth/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 16; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36"
)


def listed(person) -> list[dict]:
    response = person.client.get(SESSIONS)
    assert response.status_code == 200
    return response.json()["data"]


def test_they_tell_since_when_and_with_what(owner):
    token = log_in(new_client(), "owner", HTTP_USER_AGENT=FIREFOX).json()["access_token"]
    newest, first = bearer(token).get(SESSIONS).json()["data"]
    stored = Session.collection().find_one(sort=[("_id", -1)])
    assert newest == {
        "id": str(stored["_id"]),
        "created_at": isoformat(stored["created_at"]),
        "last_used": isoformat(stored["last_used"]),
        "app": "Firefox, Linux",
        "is_current": True,
    }
    assert (first["app"], first["is_current"]) == (None, False)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (ANDROID, "Chrome Mobile, Android"),
        ("lsa-sync/1.0 (+https://lsa.example)", "lsa-sync"),
        ("curl/8.5.0", "curl"),
        ("", None),
        ("/", None),
        (" ", None),
        ("x" * LONGEST_USER_AGENT, "x" * LONGEST_USER_AGENT),
    ],
)
def test_an_app_has_the_name_that_people_know(user_agent, name):
    assert app_name(user_agent) == name


def test_what_an_app_calls_itself_is_kept_up_to_a_length(owner):
    log_in(new_client(), "owner", HTTP_USER_AGENT="y" * 5000)
    assert listed(owner)[0]["app"] == "y" * LONGEST_USER_AGENT


def test_one_is_shown_to_its_owner_alone(owner, stranger):
    [shown] = listed(owner)
    path = f"{SESSIONS}/{shown['id']}"
    assert owner.client.get(path).json()["data"] == shown
    assert stranger.client.get(path).status_code == 404
    Session.collection().update_many({}, {"$set": {"expires_at": now()}})
    assert owner.client.get(path).status_code == 401


def test_others_and_expired_ones_are_not_among_them(owner, stranger):
    Session.collection().insert_one({"user_id": owner.raw["_id"], "expires_at": now()})
    assert len(listed(owner)) == len(listed(stranger)) == 1


def test_there_are_no_more_than_some(owner):
    later = now() + timedelta(days=1)
    values = {"user_id": owner.raw["_id"], "created_at": now(), "expires_at": later}
    Session.collection().insert_many([dict(values) for _ in range(MOST_LISTED)])
    assert len(listed(owner)) == MOST_LISTED


def test_a_refresh_is_a_use(owner):
    Session.collection().update_one({}, {"$set": {"last_used": now() - timedelta(days=3)}})
    refresh(new_client(), owner.tokens.refresh_token)
    assert now() - Session.collection().find_one()["last_used"] < timedelta(minutes=1)


def test_reading_with_a_token_writes_nothing(owner):
    before = Session.collection().find_one()
    assert me(owner.tokens.access_token) == 200
    assert Session.collection().find_one() == before


def test_a_browser_notes_its_use_once_an_hour(owner):
    browser = Client()
    browser.post("/login", {"username": "owner", "password": PASSWORD})
    its = {"_id": Session.collection().find_one(sort=[("_id", -1)])["_id"]}
    long_ago = {"$set": {"last_used": now() - timedelta(days=3)}}
    Session.collection().update_one(its, long_ago)
    browser.get("/", HTTP_ACCEPT="text/html")
    assert now() - Session.collection().find_one(its)["last_used"] < timedelta(minutes=1)
    assert browser.session[SESSION_KEY]
    assert browser.session[USED_KEY]
    Session.collection().update_one(its, long_ago)
    browser.get("/", HTTP_ACCEPT="text/html")
    assert now() - Session.collection().find_one(its)["last_used"] > timedelta(days=2)


def test_ending_one_ends_it_at_once_and_no_other(owner):
    other = log_in(new_client(), "owner").json()
    newest = listed(owner)[0]["id"]
    response = owner.client.delete(f"{SESSIONS}/{newest}")
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert me(other["access_token"]) == 401
    assert refresh(new_client(), other["refresh_token"]).status_code == 401
    assert me(owner.tokens.access_token) == 200
    assert owner.client.delete(f"{SESSIONS}/{newest}").status_code == 404


def test_one_may_end_the_one_that_asks(owner):
    assert owner.client.delete(f"{SESSIONS}/{listed(owner)[0]['id']}").status_code == 200
    assert me(owner.tokens.access_token) == 401


def test_nobody_ends_another_persons(owner, admin):
    theirs = listed(owner)[0]["id"]
    response = admin.client.delete(f"{SESSIONS}/{theirs}")
    assert response.status_code == 404
    assert response.json()["meta"]["code"] == "not_found"
    assert me(owner.tokens.access_token) == 200


def test_it_is_closed_to_who_is_not_logged_in(anyone, owner):
    session = listed(owner)[0]["id"]
    assert anyone.get(SESSIONS).status_code == 401
    assert anyone.delete(f"{SESSIONS}/{session}").status_code == 401


def test_malformed_ids_and_parameters_are_refused(owner):
    assert owner.client.delete(f"{SESSIONS}/x").status_code == 400
    assert owner.client.get(SESSIONS, {"user_id": "x"}).status_code == 422
