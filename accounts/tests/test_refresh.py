"""POST /auth/refresh: rotation, and what comes back."""

from datetime import timedelta

import pytest

from accounts.credentials.tokens import AccessToken
from accounts.documents import Session, User
from accounts.tests.requests import me, refresh, together
from conftest import Person, new_client
from core.times import now


def age_rotations(seconds: float) -> None:
    """As if all exchanges had happened so much earlier."""
    for session in Session.collection().find():
        rotated = [
            each | {"at": each["at"] - timedelta(seconds=seconds)} for each in session["rotated"]
        ]
        Session.collection().update_one({"_id": session["_id"]}, {"$set": {"rotated": rotated}})


def assert_refused(response, code="not_authenticated"):
    assert response.status_code == 401
    assert response.json()["meta"]["code"] == code
    assert response["WWW-Authenticate"] == "Bearer"


def test_it_answers_with_a_new_pair_of_the_same_session(anyone, owner):
    response = refresh(anyone, owner.tokens.refresh_token)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert body["refresh_token"] != owner.tokens.refresh_token
    assert me(body["access_token"]) == 200
    # The access token given before works until it expires.
    assert me(owner.tokens.access_token) == 200
    assert Session.collection().count_documents({}) == 1


def test_what_is_refused_to_a_deactivated_account_leaves_its_session_as_it_was(anyone, owner):
    """The earlier service, which knows no sessions, may switch it on again."""
    before = Session.collection().find_one()
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": {"is_active": False}})
    assert_refused(refresh(anyone, owner.tokens.refresh_token))
    assert Session.collection().find_one() == before
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": {"is_active": True}})
    assert refresh(anyone, owner.tokens.refresh_token).status_code == 200


def test_a_second_tab_within_the_grace_hears_so_and_the_session_lives(anyone, owner, settings):
    new = refresh(anyone, owner.tokens.refresh_token).json()
    age_rotations(settings.REFRESH_REUSE_GRACE_SECONDS - 2)
    assert_refused(refresh(anyone, owner.tokens.refresh_token), "token_rotated")
    assert me(new["access_token"]) == 200
    assert refresh(anyone, new["refresh_token"]).status_code == 200


def test_reuse_after_the_grace_ends_the_whole_session(anyone, owner, settings):
    new = refresh(anyone, owner.tokens.refresh_token).json()
    age_rotations(settings.REFRESH_REUSE_GRACE_SECONDS + 1)
    assert_refused(refresh(anyone, owner.tokens.refresh_token))
    assert me(new["access_token"]) == me(owner.tokens.access_token) == 401
    assert_refused(refresh(anyone, new["refresh_token"]))
    assert Session.collection().count_documents({}) == 0


def test_reuse_ends_no_other_session(anyone, owner, stranger, settings):
    refresh(anyone, owner.tokens.refresh_token)
    age_rotations(settings.REFRESH_REUSE_GRACE_SECONDS + 1)
    refresh(anyone, owner.tokens.refresh_token)
    assert me(stranger.tokens.access_token) == 200


def test_without_a_grace_any_reuse_ends_the_session(anyone, owner, settings):
    settings.REFRESH_REUSE_GRACE_SECONDS = 0
    new = refresh(anyone, owner.tokens.refresh_token).json()
    age_rotations(0.001)
    assert_refused(refresh(anyone, owner.tokens.refresh_token))
    assert me(new["access_token"]) == 401


def test_the_first_of_a_chain_is_within_its_grace_too(anyone, owner, settings):
    first = owner.tokens.refresh_token
    second = refresh(anyone, first).json()["refresh_token"]
    third = refresh(anyone, second).json()["refresh_token"]
    assert_refused(refresh(anyone, first), "token_rotated")
    assert_refused(refresh(anyone, second), "token_rotated")
    age_rotations(settings.REFRESH_REUSE_GRACE_SECONDS + 1)
    fourth = refresh(anyone, third).json()["refresh_token"]
    assert_refused(refresh(anyone, third), "token_rotated")
    assert_refused(refresh(anyone, first))
    assert_refused(refresh(anyone, fourth))


def test_a_session_forgets_very_old_exchanges_and_still_refuses_them(anyone, owner):
    first = token = owner.tokens.refresh_token
    for _ in range(25):
        token = refresh(anyone, token).json()["refresh_token"]
    assert len(Session.collection().find_one()["rotated"]) == 20
    assert_refused(refresh(anyone, first))


@pytest.mark.wire
def test_of_eight_at_once_one_succeeds_and_the_session_lives(owner):
    token = owner.tokens.refresh_token
    responses = together([lambda: refresh(new_client(), token)] * 8)
    assert sorted(r.status_code for r in responses) == [200] + [401] * 7
    for response in responses:
        if response.status_code == 401:
            assert_refused(response, "token_rotated")
    (winner,) = (r.json() for r in responses if r.status_code == 200)
    assert me(winner["access_token"]) == 200
    assert refresh(new_client(), winner["refresh_token"]).status_code == 200


def test_each_exchange_prolongs_the_session(anyone, owner):
    soon = now() + timedelta(minutes=1)
    Session.collection().update_one({}, {"$set": {"expires_at": soon}})
    refresh(anyone, owner.tokens.refresh_token)
    assert Session.collection().find_one()["expires_at"] > now() + timedelta(days=13)


def test_a_session_whose_time_is_up_is_over_before_it_is_swept(anyone, owner):
    Session.collection().update_one({}, {"$set": {"expires_at": now()}})
    assert me(owner.tokens.access_token) == 401
    assert_refused(refresh(anyone, owner.tokens.refresh_token))


def test_it_shows_the_user_as_stored_now(anyone, owner):
    User.collection().update_one({}, {"$set": {"email": "new@lsa.example"}})
    new = refresh(anyone, owner.tokens.refresh_token).json()["access_token"]
    assert AccessToken(new)["sub"] == "new@lsa.example"


@pytest.mark.parametrize("change", ["inactive", "gone"])
def test_inactive_and_removed_users_get_no_more_tokens(anyone, owner: Person, change):
    if change == "gone":
        User.collection().delete_one({"_id": owner.raw["_id"]})
    else:
        User.collection().update_one({}, {"$set": {"is_active": False}})
    assert_refused(refresh(anyone, owner.tokens.refresh_token))


@pytest.mark.parametrize("token", ["", " ", "x", "a.b.c", "é", "x" * 10_000])
def test_what_is_no_token_is_refused(anyone, token):
    response = refresh(anyone, token)
    assert response.status_code == 401 if token.strip() else 422


def test_an_access_token_is_no_refresh_token(anyone, owner):
    assert_refused(refresh(anyone, owner.tokens.access_token))
    assert me(owner.tokens.access_token) == 200


def test_an_expired_bearer_token_does_not_keep_one_from_refreshing(anyone, owner):
    anyone.credentials(HTTP_AUTHORIZATION="Bearer expired.and.broken")
    assert refresh(anyone, owner.tokens.refresh_token).status_code == 200


def test_it_takes_the_form_that_oauth_2_clients_send(anyone, owner):
    """RFC 6749, section 6."""
    form = {"grant_type": "refresh_token", "refresh_token": owner.tokens.refresh_token, "scope": ""}
    response = anyone.post("/api/v1/auth/refresh", form, format="multipart")
    assert response.status_code == 200
    assert me(response.json()["access_token"]) == 200
