"""The connection, the indexes and the transactions, against a server of their own."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import mongoengine
import mongomock
import pymongo
import pytest
from django.conf import settings
from mongoengine.connection import get_connection, get_db
from pymongo import ReadPreference
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError

from core.database import (
    connection,
    embedded,
    failures,
    health,
    indexes,
    rereading,
    transactions,
)
from core.database.documents import BaseDocument
from core.database.embedded_server import Server
from core.database.tests.commands import sent_commands
from core.database.tests.conftest import NAME
from core.front.tests.door import finished
from lsa_site.tests.processes import freeze

pytestmark = [pytest.mark.wire, pytest.mark.own_database]


def retire(document: type[BaseDocument]) -> None:
    """Take a class away from whatever walks all stored ones: a class cannot be undone, and
    MongoEngine has no public word for this."""
    document._meta["abstract"] = True


@pytest.fixture
def database(server: Server, reconnect: Callable) -> pymongo.database.Database:
    """An empty database without collections."""
    reconnect(server.url)
    get_connection().drop_database(NAME)
    return get_db()


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[mongoengine.Document]]:
    """The only document class there is."""

    class Book(BaseDocument):
        title = mongoengine.StringField()
        isbn = mongoengine.StringField(unique=True, sparse=True)
        lent_until = mongoengine.DateTimeField()
        meta = {
            "collection": "books",
            "auto_create_index": False,
            "indexes": ["-title", {"fields": ["lent_until"], "expireAfterSeconds": 0}],
        }

    monkeypatch.setattr(BaseDocument, "all_stored", lambda: iter([Book]))
    yield Book
    retire(Book)


# --- Connecting --------------------------------------------------------------------------


def test_registering_opens_no_connection(reconnect, monkeypatch):
    monkeypatch.setattr(embedded, "acquire", lambda: pytest.fail("a database was started"))
    reconnect(None)
    assert "default" not in mongoengine.connection._connections


def test_the_setting_names_the_database_even_if_the_url_names_another(server, reconnect):
    reconnect(server.url.replace("/?", "/elsewhere?"))
    assert get_db().name == NAME


def test_the_url_keeps_its_own_options(server, reconnect):
    reconnect(f"{server.url}&w=majority&maxPoolSize=7")
    assert get_connection().write_concern.document == {"w": "majority"}
    assert get_connection().options.pool_options.max_pool_size == 7


def test_what_asks_from_the_event_loop_has_few_connections_whatever_the_url_says(server, reconnect):
    reconnect(f"{server.url}&minPoolSize=300&maxPoolSize=300")
    pool = connection.reader().client.options.pool_options
    assert (pool.min_pool_size, pool.max_pool_size) == (0, settings.REQUEST_THREADS)


def test_it_works_again_after_a_disconnect(server, reconnect):
    for _ in range(2):
        reconnect(server.url)
        assert finished(rereading.documents(rereading.find("books", {}, {"_id": 1}))) == []


@pytest.mark.parametrize("preference", ["secondaryPreferred", "nearest", "secondary"])
def test_everything_is_read_from_the_primary_whatever_the_url_says(server, reconnect, preference):
    reconnect(f"{server.url}&readPreference={preference}")
    assert get_connection().read_preference == ReadPreference.PRIMARY
    assert get_db().read_preference == ReadPreference.PRIMARY
    assert connection.reader().read_preference == ReadPreference.PRIMARY
    get_db().create_collection("read_in_a_transaction")
    transactions.in_transaction(
        lambda transaction: get_db().read_in_a_transaction.find_one({}, session=transaction)
    )
    get_db().drop_collection("read_in_a_transaction")


def test_writes_are_retried_on_a_real_database(reconnect):
    reconnect("mongodb://127.0.0.1:1")
    assert get_connection().options.retry_writes


def test_a_connection_works_again_after_a_disconnect(database, book):
    book.objects.count()
    connection.disconnect()
    assert book.objects.count() == 0


def test_the_version_is_logged_when_the_database_answers(database, caplog):
    caplog.set_level("INFO")
    connection.wait_until_ready()
    assert get_connection().server_info()["version"] in caplog.text


def test_a_silent_database_is_tried_several_times_and_named_without_password(
    reconnect, monkeypatch, caplog
):
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)
    reconnect("mongodb://someone:s3cret@127.0.0.1:1/db?authSource=admin")
    with pytest.raises(failures.DatabaseUnavailableError) as failure:
        connection.wait_until_ready(attempts=3, delay=0)
    assert "at 127.0.0.1:1 does not answer" in str(failure.value)
    assert "\n" not in str(failure.value)
    assert "attempt 3 of 3" in caplog.text
    assert "s3cret" not in str(failure.value) + caplog.text


def test_a_url_that_cannot_be_read_is_not_tried_again(reconnect, monkeypatch):
    monkeypatch.setattr(connection.time, "sleep", lambda _: pytest.fail("it was tried again"))
    reconnect("mongodb://127.0.0.1:port")
    with pytest.raises(failures.DatabaseUnavailableError, match=r"^MONGODB_URL: .*Port"):
        connection.wait_until_ready()


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://a:1,b:2",
        "mongodb://user:pa@ss@a:1,b:2/db?x=y",
        "mongodb+srv://user:p/w@a:1,b:2",
    ],
)
def test_an_address_never_shows_credentials(url, settings):
    settings.MONGODB_URL = url
    assert connection.address() == "a:1,b:2"


def test_a_frozen_database_is_an_error_before_a_client_gives_up(tmp_path, reconnect, monkeypatch):
    assert 4000 <= connection.LIMITED["timeoutMS"] < 5000
    monkeypatch.setitem(connection.LIMITED, "timeoutMS", 300)
    frozen = Server.start(":memory:", tmp_path / "mongo.log")
    try:
        reconnect(frozen.url)
        health.probe()
        freeze(frozen.pid)
        for operation in (get_db().things.find_one, lambda: get_db().things.insert_one({})):
            with pytest.raises(PyMongoError) as failure:
                operation()
            assert failures.is_unavailable(failure.value)
        os.kill(frozen.pid, signal.SIGCONT)
        health.probe()
    finally:
        connection.disconnect()
        frozen.stop()


def test_so_it_is_on_the_event_loop_and_no_late_answer_is_taken_for_the_next(
    tmp_path, reconnect, monkeypatch
):
    assert rereading.OPERATION_SECONDS < 5
    monkeypatch.setattr(rereading, "OPERATION_SECONDS", 0.3)
    frozen = Server.start(":memory:", tmp_path / "mongo.log")
    try:
        reconnect(frozen.url)
        get_db().books.insert_many([{"_id": 1}, {"_id": 2}])
        assert finished(rereading.documents(the_one(2))) == [{"_id": 2}]
        freeze(frozen.pid)
        with pytest.raises(failures.DatabaseUnavailableError, match="no answer"):
            finished(rereading.documents(the_one(1)))
        os.kill(frozen.pid, signal.SIGCONT)
        assert finished(rereading.documents(the_one(2))) == [{"_id": 2}]
    finally:
        connection.disconnect()
        frozen.stop()


def the_one(number: int) -> rereading.Command:
    return rereading.find("books", {"_id": number}, {"_id": 1})


@pytest.mark.parametrize(
    "command", [the_one(1), rereading.aggregate("books", [{"$match": {"_id": 1}}])]
)
def test_the_server_is_told_when_nobody_waits_any_more(command):
    assert command["maxTimeMS"] == connection.LIMITED["timeoutMS"]


def test_a_refusal_by_the_database_does_not_mean_that_it_is_away(database):
    database.things.insert_one({"_id": 1})
    with pytest.raises(DuplicateKeyError) as failure:
        database.things.insert_one({"_id": 1})
    assert not failures.is_unavailable(failure.value)


# --- Collections and indexes -------------------------------------------------------------


def test_missing_collections_and_indexes_are_created_once(database, book):
    assert indexes.ensure_indexes() == [
        "books: collection created",
        "books: index title_-1 created",
        "books: index lent_until_1 created",
        "books: index isbn_1 created",
    ]
    assert database.books.index_information()["isbn_1"]["unique"]
    assert indexes.ensure_indexes() == []


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        ([("title", 1)], {"name": "title_-1"}),
        ([("title", -1)], {"name": "title_-1", "sparse": True}),
        ([("lent_until", 1)], {"name": "lent_until_1"}),
        ([("lent_until", 1)], {"name": "lent_until_1", "expireAfterSeconds": 60}),
        ([("isbn", 1)], {"name": "isbn_1", "unique": True}),
    ],
)
def test_an_index_that_differs_is_reported_and_left_alone(database, book, keys, options):
    database.books.create_index(keys, **options)
    before = database.books.index_information()
    reports = indexes.ensure_indexes()
    assert [line for line in reports if "differs" in line] == [
        f"books: index {options['name']} differs from its declaration; drop it to have it rebuilt"
    ]
    assert before.items() <= database.books.index_information().items()


def test_an_index_of_somebody_else_is_reported_and_left_alone(database, book):
    database.books.create_index("shelf")
    assert "books: index shelf_1 is not declared; left as it is" in indexes.ensure_indexes()
    assert "shelf_1" in database.books.index_information()


def test_earlier_documents_are_upgraded_where_unique_indexes_decide_between_them(database, book):
    def upgrade() -> Iterator[str]:
        for document in list(database.books.find({"isbn": None})):
            with pytest.raises(DuplicateKeyError):
                database.books.update_one(document, {"$set": {"isbn": "1"}})
        yield "books: numbered"

    book.upgrade_existing = upgrade
    database.books.insert_many([{"title": "first", "isbn": "1"}, {"title": "second"}])
    assert indexes.ensure_indexes()[-1] == "books: numbered"


def test_all_indexes_of_a_collection_are_built_in_one_call_that_waits_for_no_lame_member(
    database, book
):
    with sent_commands("createIndexes") as commands:
        indexes.ensure_indexes()
    assert [command["commitQuorum"] for command in commands] == ["majority"]
    assert len(commands[0]["indexes"]) == 3


def test_a_server_that_stands_alone_is_not_told_of_a_quorum(tmp_path, reconnect, book):
    alone = Server.start(":memory:", tmp_path / "mongo.log", options=["--standalone"])
    try:
        reconnect(alone.url)
        with sent_commands("createIndexes") as commands:
            indexes.ensure_indexes()
        assert ["commitQuorum" in command for command in commands] == [False]
    finally:
        connection.disconnect()
        alone.stop()


def test_an_index_that_conflicts_hinders_no_other(database, book):
    database.books.create_index([("title", -1)], name="by_title")
    reports = indexes.ensure_indexes()
    assert any(line.startswith("books: index title_-1 not created: ") for line in reports)
    assert "books: index isbn_1 created" in reports
    assert {"by_title", "isbn_1", "lent_until_1"} < database.books.index_information().keys()


def test_upgrades_may_take_longer_than_a_request(database, book):
    limits = []
    book.upgrade_existing = lambda: limits.append(pymongo._csot.remaining()) or iter(())
    indexes.ensure_indexes()
    assert limits == [None]


def test_an_index_that_cannot_be_built_is_named(database, book):
    database.books.insert_many([{"isbn": "1"}, {"isbn": "1"}])
    with pytest.raises(indexes.IndexBuildError, match=r"books: indexes cannot be built: .*isbn_1"):
        indexes.ensure_indexes()


def test_a_collection_that_another_process_makes_meanwhile_is_no_error(database, book, monkeypatch):
    def beaten(self: object, name: str) -> None:
        raise OperationFailure("exists", 48)

    monkeypatch.setattr(pymongo.database.Database, "create_collection", beaten)
    assert "books: collection created" not in indexes.ensure_indexes()


def test_only_collections_of_registered_documents_are_dropped(database, book):
    indexes.ensure_indexes()
    database.others.insert_one({})
    indexes.drop_collections()
    assert database.list_collection_names() == ["others"]


def test_a_database_with_one_document_is_not_empty(database, book):
    assert indexes.is_empty()
    database.books.insert_one({})
    assert not indexes.is_empty()


def test_an_abstract_document_has_no_collection_and_what_is_made_of_it_has():
    class Base(BaseDocument):
        meta = {"abstract": True}

    class Made(Base):
        pass

    stored = set(BaseDocument.all_stored())
    retire(Made)
    assert stored & {Base, Made} == {Made}


# --- Transactions ------------------------------------------------------------------------


def test_a_transaction_that_fails_leaves_nothing(database):
    database.create_collection("things")

    def fail(transaction: Any) -> None:
        database.things.insert_one({}, session=transaction)
        raise LookupError

    with pytest.raises(LookupError):
        transactions.in_transaction(fail)
    assert database.things.find_one() is None


def test_a_transaction_is_run_again_when_the_server_asks_for_it(database):
    database.create_collection("things")
    attempts = []

    def insert(transaction: Any) -> str:
        attempts.append(database.things.insert_one({}, session=transaction))
        if len(attempts) == 1:
            raise OperationFailure("conflict", 112, {"errorLabels": ["TransientTransactionError"]})
        return "done"

    assert transactions.in_transaction(insert) == "done"
    assert len(attempts) == 2
    assert database.things.count_documents({}) == 1


def test_without_transactions_the_callback_gets_no_session(monkeypatch):
    monkeypatch.setattr(transactions, "get_connection", mongomock.MongoClient)
    assert transactions.in_transaction(lambda transaction: transaction) is None
