"""What all tests start from, see conftest.py."""

import pytest
from mongoengine.connection import get_connection

from accounts.documents import Session, User
from conftest import PASSWORD, empty_collections
from core.database.documents import BaseDocument
from core.events import Event

LOGIN = "/api/v1/auth/login"


def stored() -> dict[str, int]:
    """How much lies in each collection of the database, also in those that no class knows."""
    database = User.collection().database
    return {name: database[name].count_documents({}) for name in database.list_collection_names()}


def test_it_is_an_empty_database():
    assert not any(stored().values())


@pytest.mark.wire
def test_what_any_client_left_is_gone_before_the_next_test(takes_bulk_writes):
    client, name = get_connection(), User.collection().database.name
    options = {"directConnection": True, "retryWrites": False}
    with type(client)(*client.address, **options) as stranger:
        for document in BaseDocument.all_stored():
            stranger[name][document.collection_name()].insert_one({"title": "Sisa"})
    assert all(stored()[document.collection_name()] for document in BaseDocument.all_stored())
    empty_collections(in_one_command=takes_bulk_writes)
    assert not any(stored().values())


def test_people_are_as_they_register_and_log_in(anyone, owner):
    names = {"email": "lain@lsa.example", "username": "lain", "password": PASSWORD}
    assert anyone.post("/api/v1/auth/register", names).status_code == 201
    assert anyone.post(LOGIN, {"username": "lain", "password": PASSWORD}).status_code == 200
    for document, differing in (
        (User, {"email", "username", "full_name", "email_key", "username_key", "search_words"}),
        (Session, {"user_id", "token", "expires_at"}),
    ):
        ours, theirs = document.collection().find(sort=[("_id", 1)])
        differing |= {"_id", "password", "created_at", "last_login", "last_used"}
        assert ours.keys() == theirs.keys()
        assert {k: ours[k] for k in ours.keys() - differing} == {
            k: theirs[k] for k in theirs.keys() - differing
        }


def test_people_hold_what_is_stored_of_them_and_can_log_in(anyone, owner):
    assert User.collection().find_one({"_id": owner.raw["_id"]}) == owner.raw
    assert anyone.post(LOGIN, {"username": "owner", "password": PASSWORD}).status_code == 200
    refreshed = anyone.post("/api/v1/auth/refresh", {"refresh_token": owner.tokens.refresh_token})
    assert refreshed.status_code == 200
    assert owner.client.get("/api/v1/auth/me").json()["data"]["id"] == owner.id


def test_of_their_coming_no_event_is_left(owner):
    assert Event.collection().count_documents({}) == 0
