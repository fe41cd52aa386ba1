"""What errors of a real server mean, as it sends them over the wire."""

from typing import Any

import mongoengine
import pytest
from mongoengine.connection import get_db
from pymongo import InsertOne
from pymongo.errors import (
    AutoReconnect,
    DuplicateKeyError,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from core.database import failures, transactions
from core.database.documents import BaseDocument
from core.database.tests.failing import failing
from core.errors import TooManyRequests

pytestmark = pytest.mark.wire
WRITES = {
    "one": lambda things: things.insert_one({"_id": 1}),
    "many": lambda things: things.insert_many([{"_id": 1}, {"_id": 2}]),
    "in bulk": lambda things: things.bulk_write([InsertOne({"_id": 1})]),
}


@pytest.fixture
def things() -> Any:
    things = get_db().things
    things.delete_many({})
    yield things
    things.drop()


def error_of(write: Any, *args: Any) -> PyMongoError:
    with pytest.raises(PyMongoError) as failure:
        write(*args)
    return failure.value


@pytest.mark.parametrize(
    ("write", "code"),
    [("one", 11602), ("one", 189), ("one", 91), ("one", 64), ("many", 11602), ("in bulk", 189)],
)
def test_a_write_that_waits_in_vain_for_its_majority_may_have_happened(things, write, code):
    lost = {"code": code, "errmsg": "operation was interrupted"}
    with failing("insert", writeConcernError=lost):
        error = error_of(WRITES[write], things)
    assert things.find_one({"_id": 1})
    assert failures.may_have_happened(error)
    assert failures.is_unavailable(error)


@pytest.mark.parametrize("code", [6, 7, 89, 202, 262, 9001])
def test_what_a_mongos_says_of_a_lost_shard_leaves_the_write_open(things, code):
    with failing("insert", errorCode=code):
        error = error_of(things.insert_one, {})
    assert failures.may_have_happened(error)
    assert failures.is_unavailable(error)


@pytest.mark.parametrize("code", [10107, 11602, 189])
def test_a_primary_that_goes_leaves_the_write_open(things, code):
    with failing("insert", errorCode=code):
        error = error_of(things.insert_one, {})
    assert isinstance(error, NotPrimaryError)
    assert failures.may_have_happened(error)
    assert failures.is_unavailable(error)


def test_any_error_that_the_server_calls_retryable_leaves_the_write_open(things):
    with failing("insert", errorCode=317, errorLabels=["RetryableWriteError"]):
        error = error_of(things.insert_one, {})
    assert failures.may_have_happened(error)
    assert failures.is_unavailable(error)


def test_a_commit_without_an_answer_leaves_the_writes_open(things, monkeypatch):
    monkeypatch.setattr(transactions, "OPERATION_SECONDS", 0.5)
    get_db().create_collection(things.name)

    def insert(transaction: Any) -> None:
        things.insert_one({"_id": 1}, session=transaction)

    with failing("commitTransaction", writeConcernError={"code": 64, "errmsg": "waiting"}):
        error = error_of(transactions.in_transaction, insert)
    assert things.find_one({"_id": 1})
    assert failures.may_have_happened(error)
    assert failures.is_unavailable(error)


def test_a_transaction_that_never_gets_through_may_be_tried_again_later(things, monkeypatch):
    monkeypatch.setattr(transactions, "OPERATION_SECONDS", 0.5)
    get_db().create_collection(things.name)
    conflict = {"errorCode": 112, "errorLabels": ["TransientTransactionError"]}
    with failing("insert", **conflict):
        error = error_of(
            transactions.in_transaction,
            lambda transaction: things.insert_one({}, session=transaction),
        )
    assert things.find_one() is None
    assert failures.is_unavailable(error)


def test_a_transaction_that_was_aborted_did_not_happen():
    error = OperationFailure("conflict", 112, {"errorLabels": ["TransientTransactionError"]})
    assert not failures.may_have_happened(error)
    assert failures.is_unavailable(error)


def test_what_the_database_refuses_did_not_happen(things):
    things.insert_one({"_id": 1})
    refused = error_of(things.insert_one, {"_id": 1})
    assert isinstance(refused, DuplicateKeyError)
    with failing("insert", errorCode=121):
        invalid = error_of(things.insert_one, {})
    for error in (refused, invalid, None, ValueError(), TooManyRequests()):
        assert not failures.may_have_happened(error)
        assert not failures.is_unavailable(error)


def test_a_write_that_found_no_server_did_not_happen():
    error = ServerSelectionTimeoutError("nobody there")
    assert not failures.may_have_happened(error)
    assert failures.is_unavailable(error)


def test_what_mongoengine_wraps_is_seen_too(things):
    class Thing(BaseDocument):
        meta = {"collection": "things"}

    try:
        stepping_down = {"code": 189, "errmsg": "stepping down"}
        with (
            failing("insert", writeConcernError=stepping_down),
            pytest.raises(mongoengine.OperationError) as failure,
        ):
            Thing().save(force_insert=True)
    finally:
        del mongoengine.base._document_registry["Thing"]
    assert isinstance(failure.value.__context__, WriteConcernError)
    assert failures.may_have_happened(failure.value)
    assert failures.is_unavailable(failure.value)


def test_a_lost_connection_leaves_the_write_open(things):
    with failing("insert", closeConnection=True):
        error = error_of(things.insert_one, {})
    assert isinstance(error, AutoReconnect)
    assert failures.may_have_happened(error)
