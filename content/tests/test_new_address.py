"""The author shown on content follows an author's address, however much they wrote."""

import pytest
from pymongo.errors import AutoReconnect

from accounts import users
from accounts.documents import User
from accounts.tests.requests import API
from conftest import PASSWORD, Person
from content import receivers
from content.tests.resources import RESOURCES
from core.database import connection, indexes
from core.database.tests.commands import sent_commands

NEW = "new@lsa.example"


def move(person: Person, email: str = NEW) -> None:
    body = {"email": email, "current_password": PASSWORD}
    response = person.client.patch(f"{API}/auth/me", body, format="json")
    assert response.status_code == 200
    assert response.json()["data"]["email"] == email


def shown(name: str = "blogs") -> set[tuple[str, int]]:
    """The authors and versions of all items."""
    return {(raw["author"], raw["version"]) for raw in RESOURCES[name].collection().find()}


@pytest.fixture
def prolific(owner, monkeypatch) -> Person:
    """The author of more items than go into a batch."""
    monkeypatch.setattr(receivers, "BATCH", 7)
    RESOURCES["blogs"].store(30, author=owner.email, author_id=owner.raw["_id"], version=1)
    return owner


@pytest.fixture
def interrupted(monkeypatch):
    """The database goes away after the second batch, and is back for who calls this."""
    show_on_some, batches = receivers._show_on_some, []

    def break_off(*args):
        batches.append(args)
        if len(batches) > 2:
            raise AutoReconnect("gone")
        return show_on_some(*args)

    monkeypatch.setattr(receivers, "_show_on_some", break_off)
    return lambda: monkeypatch.setattr(receivers, "_show_on_some", show_on_some)


def test_every_item_follows_and_changes_once(prolific):
    move(prolific)
    assert shown() == {(NEW, 2)}
    assert "author_pending" not in User.collection().find_one({"email": NEW})


def test_items_of_others_stay(prolific, stranger):
    RESOURCES["programs"].store(2, author=stranger.email, author_id=stranger.raw["_id"], version=1)
    move(prolific)
    assert shown("programs") == {(stranger.email, 1)}


@pytest.mark.wire
def test_no_operation_has_more_to_do_than_a_batch_and_none_is_in_the_transaction(prolific):
    connection.disconnect()  # the driver takes listeners when it connects
    with sent_commands("update", "find") as commands:
        move(prolific)
    on_blogs = [each for each in commands if "blogs" in (each.get("update"), each.get("find"))]
    updates = [each for each in on_blogs if "update" in each]
    assert len(updates) == 5
    assert all(len(each["updates"][0]["q"]["_id"]["$in"]) <= 7 for each in updates)
    assert not any("autocommit" in each for each in on_blogs)


def test_what_was_interrupted_is_no_failed_change_and_goes_on_at_the_next_start(
    prolific, interrupted, caplog
):
    move(prolific)
    assert shown() == {(NEW, 2), (prolific.email, 1)}
    assert "Left for the next start" in caplog.text
    interrupted()
    assert any(prolific.id in line for line in indexes.ensure_indexes())
    assert shown() == {(NEW, 2)}
    assert indexes.ensure_indexes() == []


def test_of_two_changes_the_later_one_prevails(prolific, interrupted):
    move(prolific)
    interrupted()
    move(prolific, "newer@lsa.example")
    assert {author for author, _ in shown()} == {"newer@lsa.example"}
    assert indexes.ensure_indexes() == []


def test_who_finishes_an_earlier_change_leaves_the_mark_of_a_later_one(prolific, interrupted):
    move(prolific)
    earlier = User.collection().find_one({"_id": prolific.raw["_id"]})
    move(prolific, "newer@lsa.example")
    interrupted()
    users.show_author(earlier)
    assert {author for author, _ in shown()} == {"newer@lsa.example"}
    assert "author_pending" in User.collection().find_one({"_id": prolific.raw["_id"]})


def test_what_a_removed_author_wrote_keeps_its_address(prolific, interrupted, admin):
    move(prolific)
    interrupted()
    assert admin.client.delete(f"{API}/users/{prolific.id}").status_code == 200
    indexes.ensure_indexes()
    assert len(shown()) == 2
