"""Proves, in scratch collections of its own, that a database does what this service needs."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from mongoengine.connection import get_db
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from core.database import connection, indexes
from core.database.deployment import concerns, is_replicated
from core.database.documents import BaseDocument
from core.database.failures import DATABASE_ERRORS, describe
from core.database.transactions import in_transaction

SCRATCH = "check_database_"
OLDEST_VERSION = 7
APART = timedelta(seconds=2)
STREAM_SECONDS = 4


class Failed(Exception):
    """The database does not do it; the message says why."""


class Outcome(NamedTuple):
    """What came of one check; `text` is what was found, or the reason."""

    name: str
    holds: bool
    text: str


def outcomes() -> Iterator[Outcome]:
    """One by one, and nothing is left behind."""
    database = get_db()
    try:
        for name, check in CHECKS.items():
            yield _outcome(name, check, database)
    finally:
        _clear(database)


def _outcome(name: str, check: Callable[[Database], str], database: Database) -> Outcome:
    try:
        return Outcome(name, True, check(database))
    except (Failed, indexes.IndexBuildError) as failure:
        return Outcome(name, False, str(failure))
    except DATABASE_ERRORS as error:
        return Outcome(name, False, describe(error))


def _clear(database: Database) -> None:
    try:
        for name in database.list_collection_names(filter={"name": {"$regex": f"^{SCRATCH}"}}):
            database.drop_collection(name)
    except PyMongoError:  # without the right to drop, or away: the checks have said so
        return


def _scratch(database: Database, name: str) -> Collection:
    """An empty collection."""
    scratch = database[f"{SCRATCH}{name}"]
    scratch.drop()
    return database.create_collection(scratch.name)


# --- The checks --------------------------------------------------------------------------


def server(database: Database) -> str:
    version = database.client.server_info()["version"]
    if int(version.partition(".")[0]) < OLDEST_VERSION:
        raise Failed(f"MongoDB {version} is too old: {OLDEST_VERSION} or later")
    return f"MongoDB {version} at {connection.address()}"


def replica_set(database: Database) -> str:
    hello = database.client.admin.command("hello")
    if not is_replicated(hello):
        raise Failed("the server stands alone: start it as a replica set, also with one node")
    if not hello.get("isWritablePrimary"):
        raise Failed("the server that is asked takes no writes: name all members in the address")
    members = len(hello.get("hosts", ())) + len(hello.get("passives", ()))
    return f"{hello['setName']}, {members} with data" if "setName" in hello else "sharded"


def settings_of_the_address(database: Database) -> str:
    found = concerns(database.client)
    if any(concern.breaks for concern in found):
        raise Failed("; ".join(concern.text for concern in found if concern.breaks))
    return "; ".join(concern.text for concern in found) or "as recommended"


def clocks(database: Database) -> str:
    """Sessions, tokens and publication times are compared by either's clock."""
    before = datetime.now(UTC)
    theirs = database.client.admin.command("hello")["localTime"].replace(tzinfo=UTC)
    after = datetime.now(UTC)
    apart = max(before - theirs, theirs - after, timedelta())
    if apart > APART:
        raise Failed(f"the server's clock and this one are {apart.total_seconds():.0f} s apart")
    return "together"


def rights(database: Database) -> str:
    """What `readWrite` on the database gives, and all that is ever done there."""
    scratch = _scratch(database, "rights")
    draft = _scratch(database, "draft")
    steps: dict[str, Callable[[], Any]] = {
        "insert": partial(scratch.insert_one, {"_id": 1}),
        "find": partial(scratch.find_one, {}),
        "update": partial(scratch.update_one, {"_id": 1}, {"$set": {"x": 1}}),
        "count": partial(scratch.count_documents, {}),
        "remove": partial(scratch.delete_one, {"_id": 1}),
        "createIndex": partial(scratch.create_index, "x"),
        "listIndexes": scratch.index_information,
        "listCollections": database.list_collection_names,
        "renameCollection": partial(draft.rename, scratch.name, dropTarget=True),
        "dropCollection": scratch.drop,
    }
    for name, step in steps.items():
        try:
            step()
        except PyMongoError as error:
            raise Failed(f"{name}: {describe(error)}") from error
    return ", ".join(steps)


def index_kinds(database: Database) -> str:
    """Everything that is declared, over nothing."""
    count = 0
    for document in BaseDocument.all_stored():
        scratch = _scratch(database, document.collection_name())
        lines = list(indexes.create_indexes(document, scratch, {}))
        if refused := [line for line in lines if not line.endswith(" created")]:
            raise Failed(refused[0])
        count += len(lines)
    return f"{count} of {_decides_between_equals(database)} and other kinds"


def _decides_between_equals(database: Database) -> str:
    scratch = _scratch(database, "unique")
    scratch.create_index("key", unique=True, sparse=True)
    scratch.insert_many([{}, {}, {"key": 1}])  # those without it do not clash
    try:
        scratch.insert_one({"key": 1})
    except DuplicateKeyError:
        return "unique, sparse"
    raise Failed("a unique index lets two documents of one key in")


def transactions(database: Database) -> str:
    if not is_replicated(database.client.admin.command("hello")):
        raise Failed("a server that stands alone has none")
    one, other = _scratch(database, "one"), _scratch(database, "other")

    def work(transaction: ClientSession | None, *, fails: bool) -> None:
        one.insert_one({}, session=transaction)
        if fails:
            raise Failed
        other.insert_one({}, session=transaction)

    try:
        in_transaction(partial(work, fails=True))
    except Failed:
        if one.find_one():
            raise Failed("a write of a transaction that failed is there") from None
    in_transaction(partial(work, fails=False))
    if not (one.find_one() and other.find_one()):
        raise Failed("a write of a transaction that was committed is missing")
    return "all or nothing"


def change_stream(database: Database) -> str:
    scratch = _scratch(database, "stream")
    deadline = time.monotonic() + STREAM_SECONDS
    with scratch.watch(max_await_time_ms=200) as stream:
        scratch.insert_one({"_id": 1})
        while time.monotonic() < deadline:
            if (event := stream.try_next()) and event["documentKey"] == {"_id": 1}:
                return "tells of a write"
    raise Failed(f"nothing was heard of a write within {STREAM_SECONDS} s")


CHECKS: dict[str, Callable[[Database], str]] = {
    "server": server,
    "replica set": replica_set,
    "address": settings_of_the_address,
    "clocks": clocks,
    "rights": rights,
    "indexes": index_kinds,
    "transactions": transactions,
    "change stream": change_stream,
}
