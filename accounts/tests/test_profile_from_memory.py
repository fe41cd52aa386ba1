"""One's own account is shown from memory once it was shown, and only as the database has it."""

import logging
from typing import Any

import pytest

from accounts.credentials.tokens import AccessToken
from accounts.documents import Session, User
from accounts.tests.requests import log_in
from accounts.tests.test_access_ends import ENDINGS
from conftest import PASSWORD, Person, new_client
from core.database import rereading
from core.front.application import Front
from core.front.reads import Reads
from core.front.tests.door import Received, ask
from lsa_site.language import language_of
from lsa_site.wsgi import application as django

# What is read again is asked of a real server.
pytestmark = pytest.mark.wire

ME = "/api/v1/auth/me"


class Site:
    """The front before Django, which counts what it is asked; it is told that nothing changes."""

    def __init__(self) -> None:
        self.asked = 0
        self.reads = Reads(lambda freshness: freshness.proved(1e12), language_of, 1024 * 1024)
        limits = {"threads": 1, "waiting": 10, "wait": 5, "patience": 5}
        self.front = Front(self.django, reads=self.reads, **limits)

    def django(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked += 1
        return django(environ, start_response)

    def me(self, token: str, path: str = ME, **headers: str) -> Received:
        credentials = {"host": "127.0.0.1", "authorization": f"Bearer {token}"}
        return ask(self.front, path, **(credentials | headers))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def token(site: Site, owner: Person) -> str:
    """The owner's, whose account was shown."""
    token = owner.tokens.access_token
    assert site.me(token).status == 200
    assert site.asked == 1
    return token


def test_the_second_answer_is_the_first_but_for_its_id(site, token):
    first, second = site.me(token), site.me(token)
    ids = [each.headers.pop("x-request-id") for each in (first, second)]
    assert ids[0] != ids[1]
    assert first == second
    assert b'"owner@' in first.body
    assert first.headers["cache-control"] == "private, no-store"
    assert site.asked == 1


def test_the_database_is_asked_each_time(site, token, monkeypatch):
    asked = []
    ask = rereading.ask
    monkeypatch.setattr(rereading, "ask", lambda command: asked.append(command) or ask(command))
    for count in (1, 2, 3):
        site.me(token)
        assert len(asked) == count
    assert site.asked == 1


@pytest.mark.parametrize("end", ENDINGS)
def test_what_ends_access_ends_it_here(site, token, owner, admin, end):
    end(owner, admin)
    refused = site.me(token)
    assert refused.status == 401
    assert b"owner@" not in refused.body


def test_a_session_that_has_ended_is_none(site, token, owner):
    Session.collection().update_many({}, [{"$set": {"expires_at": "$_id"}}])
    assert site.me(token).status == 401


def test_whether_a_token_has_ended_is_for_django(site, token, monkeypatch):
    claims = AccessToken(token)
    monkeypatch.setattr("time.time", lambda: claims["exp"] - 1)
    site.me(token)
    assert site.asked == 1
    monkeypatch.setattr("time.time", lambda: claims["exp"])
    site.me(token)
    assert site.asked == 2


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"full_name": "Nama Baru"}, b'"full_name":"Nama Baru"'),
        ({"role": "admin", "is_admin": True}, b'"role":"admin"'),
        ({"is_admin": True}, b'"is_admin":true'),
    ],
    ids=str,
)
def test_what_anybody_changes_is_shown(site, token, owner, changes, shown):
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": changes})
    assert shown in site.me(token).body
    assert site.asked == 2


def test_everybody_is_shown_their_own_account(site, token, stranger):
    assert b'"stranger@' in site.me(stranger.tokens.access_token).body
    assert b'"owner@' in site.me(token).body
    assert site.asked == 2


def test_each_of_a_person_s_sessions_ends_for_itself(site, token):
    other = log_in(new_client(), "owner").json()["access_token"]
    assert site.me(other).status == 200
    Session.collection().delete_one({"_id": Session.objects.order_by("-id").first().id})
    assert site.me(other).status == 401
    assert site.me(token).status == 200


def test_a_token_that_is_none_is_never_kept(site):
    for _ in range(2):
        assert site.me("x.y.z").status == 401
    assert len(site.reads.store) == 0


def test_a_cookie_beside_the_token_is_for_django(site, token):
    site.me(token, cookie="sessionid=x")
    assert site.asked == 2


@pytest.mark.parametrize("path", ["/api/v1/blogs", "/openapi.json", "/api/v1/tags"])
def test_what_is_for_all_is_not_kept_for_each(site, token, path):
    kept = len(site.reads.store)
    for _ in range(2):
        assert site.me(token, path).status == 200
    assert site.asked == 3
    assert len(site.reads.store) == kept


def test_who_has_the_answer_already_is_told_so(site, token):
    tag = site.me(token).headers["etag"]
    answer = site.me(token, if_none_match=tag)
    assert (answer.status, answer.body) == (304, b"")
    assert site.asked == 1


def test_the_line_in_the_log_names_who_asked(site, token, owner, caplog):
    with caplog.at_level(logging.INFO, "lsa_site.access"):
        site.me(token)
    lines = [(r.path, r.status, r.user) for r in caplog.records if r.name == "lsa_site.access"]
    assert lines == [(ME, 200, owner.id)]
    assert site.asked == 1


def test_a_changed_password_lets_nobody_in_with_what_was_kept(site, token, owner):
    body = {"current_password": PASSWORD, "new_password": "jalan-merpati-3"}
    pair = owner.client.post("/api/v1/auth/password", body, format="json").json()
    assert site.me(token).status == 401
    assert site.me(pair["access_token"]).status == 200
