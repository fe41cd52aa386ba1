"""What is told of changes in the database, over the wire."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from mongoengine.connection import get_connection, get_db
from pymongo import InsertOne, MongoClient, UpdateOne
from pymongo.errors import DuplicateKeyError, OperationFailure

from core.database import changes
from core.database.own_writes import own_writes
from core.database.transactions import in_transaction
from lsa_site.tests.processes import until

pytestmark = pytest.mark.wire


class Noted:
    """A watcher that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.proofs: list[float] = []
        self.losses = 0

    def changed(self, collection: str | None) -> None:
        self.told.append(collection)

    def proved(self, moment: float) -> None:
        self.proofs.append(moment)

    def lost(self) -> None:
        self.losses += 1


@contextmanager
def telling_own_writes() -> Iterator[Noted]:
    noted = Noted()
    own_writes.watchers.append(noted)
    try:
        yield noted
    finally:
        own_writes.watchers.remove(noted)


@pytest.fixture
def scratch() -> Iterator[Any]:
    collection = get_db()["scratch"]
    yield collection
    get_db().drop_collection("scratch")
    get_db().drop_collection("scratch2")


WRITES: list[Callable[[Any], Any]] = [
    lambda c: c.insert_one({}),
    lambda c: c.insert_many([{}, {}]),
    lambda c: c.update_one({}, {"$set": {"a": 1}}),
    lambda c: c.update_many({}, {"$set": {"a": 1}}),
    lambda c: c.replace_one({"_id": 1}, {}, upsert=True),
    lambda c: c.delete_one({}),
    lambda c: c.delete_many({}),
    lambda c: c.find_one_and_update({"_id": 1}, {"$set": {"a": 1}}, upsert=True),
    lambda c: c.find_one_and_delete({}),
    lambda c: c.bulk_write([InsertOne({}), UpdateOne({}, {"$set": {"a": 2}})]),
]


@pytest.mark.parametrize("write", WRITES)
def test_a_write_of_this_process_is_told_before_it_returns(scratch, write):
    with telling_own_writes() as noted:
        write(scratch)
        assert set(noted.told) == {"scratch"}
    assert own_writes._under_way == {}


def test_a_write_that_fails_is_told_too(scratch):
    scratch.insert_one({"_id": 1})
    with telling_own_writes() as noted:
        with pytest.raises(DuplicateKeyError):
            scratch.insert_one({"_id": 1})
        with pytest.raises(OperationFailure):
            scratch.update_one({}, {"$unknown": {"a": 1}})
        assert noted.told == ["scratch", "scratch"]


@pytest.mark.parametrize(
    "write",
    [
        lambda c: c.drop(),
        lambda c: c.rename("scratch2", dropTarget=True),
        lambda c: in_transaction(lambda session: c.insert_one({}, session=session)),
    ],
)
def test_what_may_concern_several_is_told_of_all(scratch, write):
    scratch.insert_one({})
    with telling_own_writes() as noted:
        write(scratch)
        assert noted.told[-1] is None


def test_reading_is_not_told(scratch):
    with telling_own_writes() as noted:
        list(scratch.find({}))
        list(scratch.aggregate([{"$match": {}}]))
        scratch.count_documents({})
        scratch.estimated_document_count()
        list(scratch.list_indexes())
        get_connection().admin.command("ping")
        assert noted.told == []


@pytest.fixture
def stream() -> Iterator[Noted]:
    """A watcher that is told by the change stream alone, as of other processes."""
    noted, stop = Noted(), threading.Event()

    def follow() -> None:
        for _ in changes._follow_once(noted):
            if stop.is_set():
                break

    thread = threading.Thread(target=follow)
    thread.start()
    until(lambda: noted.proofs)
    yield noted
    stop.set()
    thread.join()


@pytest.mark.parametrize("write", WRITES[:3])
def test_what_others_write_is_told(stream, scratch, write):
    write(scratch)
    scratch.insert_one({})
    until(lambda: "scratch" in stream.told)


def test_a_rename_is_told_of_both(stream, scratch):
    get_db()["scratch2"].insert_one({})
    scratch.insert_one({})
    until(lambda: {"scratch", "scratch2"} <= set(stream.told))
    stream.told.clear()
    scratch.rename("scratch2", dropTarget=True)
    until(lambda: {"scratch", "scratch2"} <= set(stream.told))


def test_a_transaction_is_told(stream, scratch):
    scratch.insert_one({})
    until(lambda: stream.told)
    stream.told.clear()
    in_transaction(lambda session: scratch.insert_one({}, session=session))
    until(lambda: "scratch" in stream.told)


def test_silence_is_proof_too(stream):
    count = len(stream.proofs)
    until(lambda: len(stream.proofs) > count + 1)
    assert stream.losses == 1  # at its beginning


def test_steady_writing_does_not_keep_it_from_proof(stream, scratch):
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            scratch.insert_one({})

    thread = threading.Thread(target=write)
    thread.start()
    try:
        until(lambda: stream.told)
        count = len(stream.proofs)
        until(lambda: len(stream.proofs) > count + 5)
    finally:
        stop.set()
        thread.join()


def test_a_server_that_stands_alone_has_no_stream_and_the_log_says_so(monkeypatch, caplog):
    monkeypatch.setattr(changes, "has_transactions", lambda client: False)
    noted = Noted()
    changes._follow(noted)
    assert noted.proofs == []
    assert [record.message for record in caplog.records] == [
        "The database is no replica set: reads are not kept in memory."
    ]


def test_the_connection_of_the_service_is_heard():
    assert isinstance(get_connection(), MongoClient)
    assert own_writes in get_connection().options.event_listeners
