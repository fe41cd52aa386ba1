"""POST /auth/logout."""

from datetime import timedelta

import pytest

from accounts.credentials.tokens import RefreshToken
from accounts.documents import Session
from accounts.tests.requests import API, bearer, log_in, me, refresh
from conftest import Person, new_client

LOGOUT = f"{API}/auth/logout"


@pytest.fixture
def elsewhere(owner: Person) -> dict:
    """The tokens of another session of the owner."""
    return log_in(new_client(), "owner").json()


def test_the_session_of_the_refresh_token_ends_and_no_other(anyone, owner, elsewhere):
    body = {"refresh_token": owner.tokens.refresh_token}
    response = anyone.post(LOGOUT, body, format="json")
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert me(owner.tokens.access_token) == 401
    assert refresh(anyone, owner.tokens.refresh_token).status_code == 401
    assert me(elsewhere["access_token"]) == 200


def test_a_form_does_as_well(anyone, owner):
    assert anyone.post(LOGOUT, {"refresh_token": owner.tokens.refresh_token}).status_code == 200
    assert me(owner.tokens.access_token) == 401


def test_a_token_that_was_exchanged_ends_its_session_too(anyone, owner):
    new = refresh(anyone, owner.tokens.refresh_token).json()
    body = {"refresh_token": owner.tokens.refresh_token}
    assert anyone.post(LOGOUT, body, format="json").status_code == 200
    assert me(new["access_token"]) == 401


def test_logging_out_twice_is_no_error(anyone, owner):
    body = {"refresh_token": owner.tokens.refresh_token}
    assert [anyone.post(LOGOUT, body, format="json").status_code for _ in "ab"] == [200, 200]


def test_an_expired_refresh_token_still_logs_out(anyone, owner):
    token = RefreshToken(owner.tokens.refresh_token)
    token.set_exp(lifetime=timedelta(days=-400))
    assert refresh(anyone, str(token)).status_code == 401
    assert Session.collection().find_one()
    response = anyone.post(LOGOUT, {"refresh_token": str(token)}, format="json")
    assert response.status_code == 200
    assert Session.collection().find_one() is None


def test_a_forged_refresh_token_ends_nothing(anyone, owner):
    head, claims, _signature = owner.tokens.refresh_token.split(".")
    forged = {"refresh_token": f"{head}.{claims}.{'A' * 43}"}
    assert anyone.post(LOGOUT, forged, format="json").status_code == 401
    assert me(owner.tokens.access_token) == 200


def test_an_expired_bearer_token_is_not_in_the_way(owner):
    client = bearer("expired.and.broken")
    body = {"refresh_token": owner.tokens.refresh_token}
    assert client.post(LOGOUT, body, format="json").status_code == 200
    assert me(owner.tokens.access_token) == 401


def test_without_a_refresh_token_the_session_of_the_bearer_ends(owner, elsewhere):
    assert owner.client.post(LOGOUT).status_code == 200
    assert me(owner.tokens.access_token) == 401
    assert me(elsewhere["access_token"]) == 200


def test_all_ends_every_session_of_the_bearer_and_nobody_elses(owner, stranger, elsewhere):
    assert owner.client.post(LOGOUT, {"all": True}, format="json").status_code == 200
    assert me(owner.tokens.access_token) == me(elsewhere["access_token"]) == 401
    assert refresh(new_client(), elsewhere["refresh_token"]).status_code == 401
    assert me(stranger.tokens.access_token) == 200


def test_all_needs_a_bearer_token(anyone, owner):
    for body in ({"all": True}, {"all": True, "refresh_token": owner.tokens.refresh_token}, {}):
        response = anyone.post(LOGOUT, body, format="json")
        assert response.status_code == 401
    assert bearer("x").post(LOGOUT, {"all": True}, format="json").status_code == 401
    assert me(owner.tokens.access_token) == 200


def test_an_access_token_is_no_refresh_token(anyone, owner):
    body = {"refresh_token": owner.tokens.access_token}
    assert anyone.post(LOGOUT, body, format="json").status_code == 401
    assert me(owner.tokens.access_token) == 200


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"all": "perhaps"}, "all"),
        ({"all": 1}, "all"),
        ({"all": None}, "all"),
        ({"all": [True]}, "all"),
        ({"refresh_token": None}, "refresh_token"),
        ({"everything": True}, "everything"),
    ],
)
def test_it_names_what_it_does_not_understand(owner, body, named):
    response = owner.client.post(LOGOUT, body, format="json")
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {named}
    assert me(owner.tokens.access_token) == 200
