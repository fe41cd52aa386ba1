"""Bearer tokens: whatever is wrong with one, the same 401."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from rest_framework_simplejwt.backends import TokenBackend

from accounts.credentials.tokens import AccessToken
from accounts.documents import Session, User
from accounts.tests.requests import API, bearer
from conftest import Person, new_client
from core.times import now

ME = f"{API}/auth/me"


def claims_of(person: Person) -> dict:
    return jwt.decode(person.tokens.access_token, options={"verify_signature": False})


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def refusal(response) -> dict:
    body = response.json()
    body["meta"].pop("request_id")
    return {"status": response.status_code, "header": response["WWW-Authenticate"], "body": body}


@pytest.fixture
def refused():
    """A function that asserts that a client is refused as one without credentials is."""
    expected = refusal(new_client().get(ME))
    assert expected["status"] == 401
    assert expected["header"] == "Bearer"
    assert expected["body"]["data"] is None
    assert expected["body"]["meta"] == {"code": "not_authenticated", "errors": {}}

    def check(client):
        assert refusal(client.get(ME)) == expected

    return check


@pytest.fixture
def signed(settings):
    """A function that signs claims with the real key."""

    def sign(claims, algorithm="HS256", key=None, **headers):
        key = settings.SECRET_KEY if key is None else key
        return jwt.encode(claims, key, algorithm=algorithm, headers=headers)

    return sign


def test_the_token_as_issued_is_good(owner, signed, refused):
    assert bearer(signed(claims_of(owner))).get(ME).status_code == 200


def test_the_scheme_is_read_in_any_case(anyone, owner):
    for scheme in ("bearer", "BEARER", "Bearer "):
        anyone.credentials(HTTP_AUTHORIZATION=f"{scheme} {owner.tokens.access_token}")
        assert anyone.get(ME).status_code == 200


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_size_of_hmac_is_refused(owner, signed, refused, algorithm):
    refused(bearer(signed(claims_of(owner), algorithm)))


@pytest.mark.parametrize("pinned", ["HS256", "HS384", "HS512"])
def test_only_the_pinned_algorithm_counts(owner, signed, settings, monkeypatch, pinned):
    # The library reads its settings once, when it is imported.
    monkeypatch.setattr(AccessToken, "_token_backend", TokenBackend(pinned, settings.SECRET_KEY))
    for algorithm in ("HS256", "HS384", "HS512"):
        status = bearer(signed(claims_of(owner), algorithm)).get(ME).status_code
        assert status == (200 if algorithm == pinned else 401)


def test_an_unsigned_token_is_refused(owner, refused):
    for algorithm in ("none", "None", "NONE", "", None):
        header, claims = {"alg": algorithm, "typ": "JWT"}, claims_of(owner)
        token = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        refused(bearer(f"{token}."))
        refused(bearer(token))
        refused(bearer(f"{token}.{owner.tokens.access_token.rpartition('.')[2]}"))


def test_a_header_that_names_rs256_over_our_secret_is_refused(owner, signed, refused):
    head, claims, signature = owner.tokens.access_token.split(".")
    head = base64url(json.dumps({"alg": "RS256", "typ": "JWT"}).encode())
    refused(bearer(f"{head}.{claims}.{signature}"))
    # The same with a signature that is right for HMAC over this very header.
    key = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    secret = b"a key for tests only, long enough for every algorithm of the set"
    refused(bearer(f"{head}.{claims}.{base64url(key.sign(f'{head}.{claims}'.encode(), secret))}"))


def test_a_token_that_a_private_key_signed_is_refused(owner, signed, refused):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    refused(bearer(signed(claims_of(owner), "RS256", pem)))


def test_a_critical_extension_is_refused(owner, signed, refused):
    for crit in (["exp"], ["x-unknown"], ["b64"], "x", [], [1], {}):
        refused(bearer(signed(claims_of(owner), crit=crit, **{"x-unknown": True})))


def test_another_key_is_refused(owner, signed, refused):
    for key in ("k" * 32, "another key, as long as the real one would have to be"):
        refused(bearer(signed(claims_of(owner), key=key)))


def test_an_expired_token_is_refused(owner, signed, refused):
    refused(bearer(signed(claims_of(owner) | {"exp": now() - timedelta(seconds=1)})))


def test_a_token_of_the_future_is_refused(owner, signed, refused):
    refused(bearer(signed(claims_of(owner) | {"nbf": now() + timedelta(minutes=5)})))


def test_a_refresh_token_is_no_access_token(owner, refused):
    refused(bearer(owner.tokens.refresh_token))


def test_a_missing_claim_is_refused_where_it_matters(owner, signed, refused):
    for claim in ("exp", "iat", "jti", "sid", "user_id", "token_type", "sub", "username"):
        claims = claims_of(owner)
        del claims[claim]
        client = bearer(signed(claims))
        if claim in ("sub", "username"):
            assert client.get(ME).status_code == 200, claim
        else:
            refused(client)


WRONG_TYPES = [None, 0, 1.5, True, "", "x", [], ["6" * 24], {}, {"$ne": None}, {"$gt": ""}]


@pytest.mark.parametrize("claim", ["sid", "user_id", "token_type", "exp"])
def test_claims_of_the_wrong_type_are_refused(owner, signed, refused, claim):
    for value in WRONG_TYPES:
        refused(bearer(signed(claims_of(owner) | {claim: value})))


@pytest.mark.parametrize("claim", ["jti", "sub"])
def test_other_claims_of_the_wrong_type_are_refused(owner, signed, refused, claim):
    for value in (None, 0, [], {"$ne": None}):
        refused(bearer(signed(claims_of(owner) | {claim: value})))


def test_a_token_for_somebody_elses_session_is_refused(owner, stranger, signed, refused):
    refused(bearer(signed(claims_of(owner) | {"sid": claims_of(stranger)["sid"]})))
    refused(bearer(signed(claims_of(owner) | {"user_id": stranger.id})))
    refused(bearer(signed(claims_of(owner) | {"sid": "6" * 24})))


def test_claims_that_are_not_an_object_are_refused(owner, signed, refused, settings):
    for payload in (b"[]", b'"x"', b"1", b"null", b"{", b"\xff"):
        refused(bearer(jwt.api_jws.encode(payload, settings.SECRET_KEY, "HS256")))


def test_a_token_of_a_user_who_is_gone_is_refused(owner, refused):
    User.collection().delete_one({"_id": owner.raw["_id"]})
    refused(owner.client)


def test_a_token_of_an_inactive_user_is_refused(owner, refused):
    User.collection().update_one({}, {"$set": {"is_active": False}})
    refused(owner.client)


def test_a_token_without_its_session_is_refused(owner, refused):
    Session.collection().delete_many({})
    refused(owner.client)


def test_odd_authorization_headers_are_refused(anyone, refused):
    for header in (
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer é.é.é",
        "Bearer \xff\xfe",
        "Bearer ключ.ключ.ключ",
        "Bearer 🔑",
        "Basic b3duZXI6amFsYW4ta2VuYXJpLTE3",
        "Token x",
        "Bearer " + "x" * 8000,
        "Bearer x, Bearer y",
        "Bearer \t",
        "f06205972db047b1be68f39de71390b3",
    ):
        anyone.credentials(HTTP_AUTHORIZATION=header)
        refused(anyone)


def test_two_tokens_or_a_changed_one_are_refused(anyone, owner, refused):
    token = owner.tokens.access_token
    for value in (f"{token} {token}", f"{token}, {token}", f"{token}.", f".{token}", f'"{token}"'):
        anyone.credentials(HTTP_AUTHORIZATION=f"Bearer {value}")
        refused(anyone)
    for scheme in ("Basic", "Token", "JWT", ""):
        anyone.credentials(HTTP_AUTHORIZATION=f"{scheme} {token}")
        refused(anyone)


def test_a_token_in_the_query_or_the_body_is_not_looked_for(anyone, owner):
    token = owner.tokens.access_token
    assert anyone.get(ME, {"access_token": token}).status_code == 401
    assert anyone.patch(ME, {"access_token": token}, format="json").status_code == 401


def test_a_page_for_people_refuses_a_bad_token_too(anyone):
    anyone.credentials(HTTP_AUTHORIZATION="Bearer x", HTTP_ACCEPT="text/html")
    assert anyone.get(ME).status_code == 401


def test_the_two_prefixes_are_one_service(owner):
    assert owner.client.get("/auth/me").json() == owner.client.get(ME).json()
    assert owner.client.get("/auth/me/").status_code == 200
