"""A token whose signature was verified before is still asked for its end, session and user."""

from datetime import timedelta

from accounts.credentials import tokens
from accounts.credentials.tokens import AccessToken, RememberingBackend
from accounts.documents import Session
from accounts.tests.requests import API, bearer
from core.times import now

ME = f"{API}/auth/me"


def test_a_token_is_refused_once_its_session_ends(stranger):
    client = bearer(stranger.tokens.access_token)
    assert client.get(ME).status_code == client.get(ME).status_code == 200
    Session.collection().delete_many({"user_id": stranger.raw["_id"]})
    assert client.get(ME).status_code == 401


def test_a_token_is_refused_once_it_expires(stranger, monkeypatch):
    client = bearer(stranger.tokens.access_token)
    assert client.get(ME).status_code == 200
    later = now() + AccessToken.lifetime + timedelta(seconds=1)
    monkeypatch.setattr("rest_framework_simplejwt.tokens.aware_utcnow", lambda: later)
    assert client.get(ME).status_code == 401


def test_another_signature_below_the_same_claims_is_refused(stranger):
    token = stranger.tokens.access_token
    assert bearer(token).get(ME).status_code == 200
    head, claims, signature = token.split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    assert bearer(forged).get(ME).status_code == 401
    assert bearer(token).get(ME).status_code == 200


def test_few_tokens_are_remembered_and_what_a_reader_does_to_claims_stays_with_it(monkeypatch):
    monkeypatch.setattr(tokens, "REMEMBERED_TOKENS", 3)
    backend = RememberingBackend("HS256", "a key of thirty-two bytes or more")
    made = [backend.encode({"number": number}) for number in range(5)]
    for _ in range(2):
        for number, token in enumerate(made):
            claims = backend.decode(token)
            assert claims == {"number": number}
            claims["number"] = "changed"
            assert len(backend._claims) <= 3
            assert backend.decode(token) == {"number": number}
