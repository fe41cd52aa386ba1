"""On a server without transactions the records of changes wait in the item; none is lost."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from content import steps
from content.publishing import journal
from content.publishing.revisions import Revision
from content.tests.resources import JSON, RESOURCES
from core.database import transactions
from core.database.leases import Lease
from core.events import Event

BLOGS = RESOURCES["blogs"]


@pytest.fixture(autouse=True)
def without_transactions(monkeypatch):
    for module in (transactions, steps):
        monkeypatch.setattr(module, "has_transactions", lambda client: False)


@pytest.fixture
def crash(monkeypatch):
    """A function that does something in a process which dies before it has copied its records."""

    def do(work):
        with monkeypatch.context() as patch:
            patch.setattr(journal, "_store", lambda *args: 1 / 0)
            with suppress(ZeroDivisionError):
                work()

    return do


def copied_out():
    for _round in range(10):
        Lease.collection().delete_many({})
        steps.copy_out()
    assert BLOGS.collection().find_one({journal.PENDING: {"$exists": True}}) is None


def recorded():
    events = Event.collection().find({"resource": BLOGS.name}, sort=[("_id", 1)])
    versions = Revision.collection().find(sort=[("version", 1)])
    return [e["type"].partition(".")[2] for e in events], [each["version"] for each in versions]


def rename(owner, key, title):
    return owner.client.patch(BLOGS.item(key), {"title": title}, **JSON)


def test_two_crashes_in_a_row_lose_nothing(owner, crash):
    key = BLOGS.create(owner.client)["id"]
    for number in range(2):
        crash(lambda number=number: rename(owner, key, f"Judul {number}"))
    copied_out()
    assert recorded() == (["created", "published", "updated", "updated"], [1, 2, 3])


def test_a_change_after_a_crash_loses_nothing_of_it(owner, crash):
    key = BLOGS.create(owner.client)["id"]
    crash(lambda: rename(owner, key, "Judul satu"))
    assert rename(owner, key, "Judul dua").status_code == 200
    copied_out()
    happened, versions = recorded()
    assert (sorted(happened), versions) == (["created", "published", *["updated"] * 2], [1, 2, 3])


def test_who_copies_out_leaves_what_a_rival_has_written_since(owner, crash, monkeypatch):
    key = BLOGS.create(owner.client)["id"]
    keep = journal.revisions.keep

    def meanwhile(*args, **kwargs):
        monkeypatch.setattr(journal.revisions, "keep", keep)
        crash(lambda: rename(owner, key, "Judul lawan"))
        return keep(*args, **kwargs)

    monkeypatch.setattr(journal.revisions, "keep", meanwhile)
    assert rename(owner, key, "Judul satu").status_code == 200
    copied_out()
    assert recorded()[1] == [1, 2, 3]


def test_what_falls_due_after_a_crash_loses_nothing_of_it(owner, crash, clock):
    key = BLOGS.create(owner.client, published_at=clock.at(hours=1))["id"]
    crash(lambda: rename(owner, key, "Judul lain"))
    clock.advance(hours=2)
    crash(steps.announce)
    copied_out()
    happened, versions = recorded()
    assert (sorted(happened), versions) == (["created", "published", "updated"], [1, 2])


def test_what_is_removed_after_a_crash_tells_of_it_all(owner, crash):
    key = BLOGS.create(owner.client)["id"]
    crash(lambda: rename(owner, key, "Judul lain"))
    assert owner.client.delete(f"{BLOGS.item(key)}?permanently=true").status_code == 200
    assert recorded() == (["created", "published", "updated", "deleted"], [])


def test_a_removal_that_a_rival_forestalls_is_told_once(owner, monkeypatch):
    key = BLOGS.create(owner.client)["id"]
    named_by, client = journal.files.named_by, owner.client

    def meanwhile(*args):
        monkeypatch.setattr(journal.files, "named_by", named_by)
        assert rename(owner, key, "Judul lain").status_code == 200
        return named_by(*args)

    monkeypatch.setattr(journal.files, "named_by", meanwhile)
    assert client.delete(f"{BLOGS.item(key)}?permanently=true").status_code == 200
    assert recorded()[0] == ["created", "published", "updated", "deleted"]


def test_an_address_that_was_given_stays_with_its_former_owner_where_the_change_is_refused(
    contributor, editor
):
    """Taking it away from another item comes after all that may refuse the change."""
    key = BLOGS.create(editor.client, slug="lama")["id"]
    editor.client.patch(BLOGS.item(key), {"slug": "baru"}, **JSON)
    draft = BLOGS.create(contributor.client)["id"]
    change = {"slug": "lama", "status": "published"}
    assert contributor.client.patch(BLOGS.item(draft), change, **JSON).status_code == 403
    assert BLOGS.collection().find_one({"slug": "baru"})["former_slugs"] == ["lama"]


@pytest.mark.parametrize("due", [datetime(2020, 1, 1, tzinfo=UTC), "besok"], ids=str)
@pytest.mark.parametrize("odd", [1, "menunggu", {"events": 1}, [1, {"a": 2}]], ids=str)
def test_what_an_earlier_item_has_under_our_names_is_not_told(owner, odd, due):
    raw = {"title": "Kabar", "content": "Isi.", journal.PENDING: odd, "due": due}
    key = BLOGS.collection().insert_one(raw | {"author_id": owner.raw["_id"]}).inserted_id
    assert not steps.announce()
    assert not steps.copy_out()
    assert rename(owner, key, "Judul lain").status_code == 200
    copied_out()
    assert recorded() == (["updated"], [0, 1])
    assert journal.PENDING not in BLOGS.collection().find_one()


def test_an_item_that_nothing_waits_in_any_more_holds_up_no_other(owner, crash):
    """Whoever copied its last records out may have been killed before they said so."""
    BLOGS.create(owner.client)
    BLOGS.collection().update_one({}, {"$set": {journal.PENDING: []}})
    left = BLOGS.create(owner.client)["id"]
    crash(lambda: rename(owner, left, "Judul lain"))
    copied_out()
    assert recorded()[1] == [1, 1, 2]
