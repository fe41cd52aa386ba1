"""POST /auth/register."""

import bcrypt
import pytest

from accounts.documents import User
from accounts.tests.requests import API, NEWCOMER, log_in, register, together
from conftest import new_client

FORBIDDEN = {
    "is_admin": True,
    "is_active": False,
    "id": "6" * 24,
    "_id": "6" * 24,
    "created_at": "2020-01-01",
    "email_key": "root@lsa.example",
    "username_key": "root",
    "search_words": ["root"],
    "current_password": "jalan-kenari-17",
    "password_hash": "$2b$12$" + "x" * 53,
    "role": "admin",
    "$set": {"is_admin": True},
}


def errors(response):
    return response.json()["meta"]["errors"]


def test_it_answers_with_the_user_and_never_with_the_hash(anyone):
    response = register(anyone, full_name="Budi Santoso")
    assert response.status_code == 201
    body = response.json()
    assert body["status"] == "success"
    stored = User.collection().find_one({"username": "budi"})
    assert body["data"] == {
        "id": str(stored["_id"]),
        "email": "budi@lsa.example",
        "username": "budi",
        "full_name": "Budi Santoso",
        "role": "author",
        "is_active": True,
        "is_admin": False,
        "created_at": stored["created_at"].isoformat(timespec="milliseconds")[:-6] + "Z",
        "last_login": None,
    }
    assert stored["password"] not in response.content.decode()


def test_the_english_message_is_that_of_the_earlier_service(anyone):
    anyone.credentials(HTTP_ACCEPT_LANGUAGE="en")
    assert register(anyone).json()["message"] == "User registered successfully"
    again = register(anyone)
    assert errors(again) == {
        "email": ["Email already registered"],
        "username": ["Username already taken"],
    }
    assert again.json()["message"] == "Email already registered"


def test_it_stores_a_bare_bcrypt_hash_of_that_password(anyone):
    register(anyone)
    stored = User.collection().find_one({"username": "budi"})["password"].encode()
    assert stored.startswith(b"$2b$")
    assert len(stored) == 60
    assert bcrypt.checkpw(NEWCOMER["password"].encode(), stored)


@pytest.mark.parametrize("format", ["json", "multipart", "form"])
def test_it_takes_json_and_both_kinds_of_form(anyone, format):
    body = NEWCOMER | {"full_name": ""} if format != "json" else NEWCOMER
    if format == "form":
        encoded = "&".join(f"{key}={value}" for key, value in body.items())
        kind = "application/x-www-form-urlencoded"
        response = anyone.post(f"{API}/auth/register", encoded, content_type=kind)
    else:
        response = anyone.post(f"{API}/auth/register", body, format=format)
    assert response.status_code == 201
    assert log_in(anyone, "budi").status_code == 200


@pytest.mark.parametrize("full_name", [{}, {"full_name": None}])
def test_the_username_stands_in_for_a_full_name(anyone, full_name):
    assert register(anyone, **full_name).json()["data"]["full_name"] == "budi"


def test_the_unprefixed_route_with_a_slash_is_the_same(anyone):
    assert anyone.post("/auth/register/", NEWCOMER, format="json").status_code == 201


def test_it_refuses_by_name_what_may_not_be_set(anyone):
    for field, value in FORBIDDEN.items():
        response = register(anyone, **{field: value})
        assert response.status_code == 422, field
        assert response.json()["meta"]["code"] == "validation_error"
        assert set(errors(response)) == {field}
        assert User.collection().count_documents({}) == 0


def test_it_names_the_field_that_does_not_fit(anyone):
    for field, value in (
        ("username", "ab"),
        ("username", "a" * 51),
        ("username", "budi santoso"),
        ("username", "budi@lsa"),
        ("username", "bűdi"),
        ("username", "budi\n"[:-1] + "\x00"),
        ("username", ""),
        ("email", "budi"),
        ("email", "budi@"),
        ("email", "a" * 250 + "@lsa.example"),
        ("email", ""),
        ("full_name", "ab"),
        ("full_name", "a" * 101),
        ("full_name", "Budi\x07Santoso"),
    ):
        response = register(anyone, **{field: value})
        assert response.status_code == 422, (field, value)
        assert set(errors(response)) == {field}
        assert User.collection().count_documents({}) == 0


def test_it_names_the_field_that_is_missing(anyone):
    for field in ("email", "username", "password"):
        body = {key: value for key, value in NEWCOMER.items() if key != field}
        response = anyone.post(f"{API}/auth/register", body, format="json")
        assert response.status_code == 422, field
        assert set(errors(response)) == {field}


def test_it_refuses_passwords_that_are_short_common_or_too_long(anyone):
    for password in (
        "kenari7",  # 7 characters
        "password123",  # what the earlier guide suggested
        "PASSWORD123",
        "qwertyuiop",
        "k" * 73,
        "é" * 36 + "k",  # 37 characters, 73 bytes
        "🔑" * 18 + "k",  # 19 characters, 73 bytes
        "jalan\x00kenari",
    ):
        response = register(anyone, password=password)
        assert response.status_code == 422, password
        assert set(errors(response)) == {"password"}
        assert password not in response.content.decode()


@pytest.mark.parametrize("password", ["k3nari!x", "é" * 36, "🔑" * 18, "  kenari  "])
def test_it_takes_passwords_up_to_72_bytes_as_they_were_typed(anyone, password):
    assert register(anyone, password=password).status_code == 201
    assert log_in(anyone, "budi", password).status_code == 200
    assert log_in(anyone, "budi", password[:-1]).status_code == 401


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"email": "BUDI@lsa.EXAMPLE", "username": "other"}, {"email"}),
        ({"email": "other@lsa.example", "username": "BuDi"}, {"username"}),
        ({"email": " Budi@lsa.example ", "username": "BUDI"}, {"email", "username"}),
    ],
)
def test_names_are_unique_whatever_their_case(anyone, changes, taken):
    register(anyone)
    response = register(anyone, **changes)
    assert response.status_code == 400
    assert response.json()["meta"]["code"] == "already_exists"
    assert set(errors(response)) == taken
    assert User.collection().count_documents({}) == 1


@pytest.mark.parametrize(
    "email",
    [
        f"{name}@lsa.example"
        for name in ("\u212aartini", "\u017fari", "\u0131ka", "\u0130ka", "é", "k\u200ba")
    ],
)
def test_what_looks_like_somebody_elses_address_is_refused(anyone, email):
    response = register(anyone, email=email)
    assert response.status_code == 422
    assert set(errors(response)) == {"email"}
    assert register(anyone, email="kartini@lsa.example").status_code == 201


@pytest.mark.parametrize("username", ["\u212aartini", "\u017fari", "bud\u0131", "bud\u0130"])
def test_what_looks_like_somebody_elses_username_too(anyone, username):
    assert set(errors(register(anyone, username=username))) == {"username"}


def test_a_domain_has_one_form_whichever_was_typed(anyone):
    response = register(anyone, email="budi@münchen.example")
    assert response.json()["data"]["email"] == "budi@xn--mnchen-3ya.example"
    for domain in (
        "münchen.example",
        "MÜNCHEN.example",
        "xn--mnchen-3ya.example",
        "XN--MNCHEN-3YA.example",
    ):
        taken = register(anyone, email=f"budi@{domain}", username="other")
        assert taken.status_code == 400
        assert set(errors(taken)) == {"email"}
        assert log_in(anyone, f"Budi@{domain}").status_code == 200
    assert User.collection().count_documents({}) == 1


@pytest.mark.parametrize("domain", ["xn--99999.example", "a..example", "é" * 64 + ".example"])
def test_a_domain_that_is_none_is_refused(anyone, domain):
    assert set(errors(register(anyone, email=f"budi@{domain}"))) == {"email"}


def test_a_password_is_the_same_in_either_form_of_unicode(anyone):
    composed, decomposed = "Café-pagi-2731", "Cafe\u0301-pagi-2731"
    register(anyone, password=decomposed)
    assert log_in(anyone, "budi", composed).status_code == 200
    assert log_in(anyone, "budi", decomposed).status_code == 200
    assert log_in(anyone, "budi", "Cafe-pagi-2731").status_code == 401


def test_the_bytes_of_the_composed_form_count(anyone):
    assert register(anyone, password="e\u0301" * 36).status_code == 201
    assert log_in(anyone, "budi", "é" * 36).status_code == 200
    too_long = register(anyone, password="a" + "\u0301\u0316" * 5000)
    assert too_long.status_code == 422
    assert set(errors(too_long)) == {"password"}


@pytest.mark.wire
@pytest.mark.parametrize("field", ["email", "username"])
def test_of_rivals_for_one_name_one_wins_and_the_others_are_told_which(field):
    def rival(number):
        own = {"email": f"budi{number}@lsa.example", "username": f"budi{number}"}
        shared = NEWCOMER[field].upper() if number % 2 else NEWCOMER[field]
        return lambda: register(new_client(), **own | {field: shared})

    responses = together([rival(number) for number in range(8)])
    assert sorted(r.status_code for r in responses) == [201] + [400] * 7
    assert all(set(errors(r)) == {field} for r in responses if r.status_code == 400)
    assert User.collection().count_documents({}) == 1


@pytest.mark.parametrize("body", [NEWCOMER, {}])
def test_closed_registration_is_403_whatever_was_sent(anyone, settings, body):
    settings.REGISTRATION_OPEN = False
    response = anyone.post(f"{API}/auth/register", body, format="json")
    assert response.status_code == 403
    assert response.json()["meta"]["code"] == "registration_closed"
    assert User.collection().count_documents({}) == 0
