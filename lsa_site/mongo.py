"""The database connection: described at start, opened on first use, looked after from here.

`MONGODB_DATABASE` names the database. A name in the path of `MONGODB_URL` only says where the
user is authenticated, as in every MongoDB driver.
"""

import atexit
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any, TypeVar

import mongoengine
import pymongo
from django.conf import settings
from mongoengine.base import _document_registry
from mongoengine.connection import get_connection, get_db
from pymongo import IndexModel, MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import (
    CollectionInvalid,
    ConnectionFailure,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from lsa_site import embedded

logger = logging.getLogger(__name__)
T = TypeVar("T")

# A lost or frozen database is an error well before a client gives up at 5 seconds.
OPERATION_SECONDS = 4.0
PING_SECONDS = 2.0
NO_LIMIT = 0  # for pymongo.timeout(); None would mean the client's own limit
NAMESPACE_EXISTS = 48
INDEX_CONFLICTS = {85, 86}
INDEX_OPTIONS = (
    "unique",
    "sparse",
    "expireAfterSeconds",
    "partialFilterExpression",
    "collation",
)


class DatabaseUnavailableError(Exception):
    """The database cannot be reached; one line without credentials."""


class IndexBuildError(Exception):
    """A declared index cannot be built over what is stored; one line."""


# --- Connecting --------------------------------------------------------------------------


def register() -> None:
    """Describe the connection. It opens when a process first uses it, also after a fork."""
    mongoengine.register_connection(
        "default",
        db=settings.MONGODB_DATABASE,
        mongo_client_class=_open_client,
        tz_aware=True,
        uuidRepresentation="standard",
        timeoutMS=int(OPERATION_SECONDS * 1000),
        appname="lsa",
    )


def disconnect() -> None:
    """Close the connection, as is due before a fork; the next use opens another one."""
    mongoengine.disconnect("default")
    register()


def _open_client(host: Any, port: Any, read_preference: Any, **options: Any) -> MongoClient:
    # Not MongoEngine's host, port and read preference: its defaults would override the URL's.
    return MongoClient(_url(), connect=False, **options)


def _url() -> str:
    if not embedded.is_embedded():
        return settings.MONGODB_URL
    url = embedded.acquire()
    # Registered after the release in `acquire`, so it runs before: an open client delays the stop.
    atexit.register(mongoengine.disconnect_all)
    return url


# --- Is it there? ------------------------------------------------------------------------


def ping() -> None:
    """Return if the database answers within PING_SECONDS; see `is_unavailable` for errors."""
    with pymongo.timeout(PING_SECONDS):
        get_connection().admin.command("ping")


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the error, or one that led to it, means that the database is away."""
    away = (ConnectionFailure, mongoengine.ConnectionFailure, DatabaseUnavailableError)
    while error is not None:
        if isinstance(error, away) or (isinstance(error, PyMongoError) and error.timeout):
            return True
        error = error.__cause__ or error.__context__
    return False


def wait_until_ready(attempts: int = 5, delay: float = 2.0) -> None:
    """Return when the database answers; log its version.

    Tries `attempts` times, `delay` seconds apart; raises DatabaseUnavailableError.
    """
    for attempt in range(1, attempts + 1):
        reason = _reason_for_silence()
        if reason is None:
            return
        logger.warning("Database, attempt %d of %d: %s", attempt, attempts, reason)
        if attempt < attempts:
            time.sleep(delay)
    raise DatabaseUnavailableError(f"The database at {address()} does not answer: {reason}")


def _reason_for_silence() -> str | None:
    try:
        with pymongo.timeout(PING_SECONDS):
            version = get_connection().server_info()["version"]
    except PyMongoError as error:
        return describe(error)
    except mongoengine.ConnectionFailure as error:  # trying again would not help
        subject = "" if embedded.is_embedded() else "MONGODB_URL: "
        raise DatabaseUnavailableError(f"{subject}{error.__context__}") from error
    logger.info("MongoDB %s at %s, database %s", version, address(), settings.MONGODB_DATABASE)
    return None


def address() -> str:
    """Where the database is, without user, password and options."""
    if embedded.is_embedded():
        return str(settings.VAR_DIR / "mongo")
    return re.sub(r"^[^:]+://(?:.*@)?([^/?]*).*", r"\1", settings.MONGODB_URL)


def describe(error: PyMongoError) -> str:
    """The error in one short line, less the driver's view of the topology."""
    if isinstance(error, OperationFailure) and error.details:
        return error.details.get("errmsg", type(error).__name__)
    return re.split(r" \(configured timeouts|, Timeout: |, full error: ", str(error))[0]


# --- Collections and indexes -------------------------------------------------------------


def documents() -> list[type[mongoengine.Document]]:
    """The document classes that have a collection, in the order of their registration."""
    return [
        document
        for document in _document_registry.values()
        if issubclass(document, mongoengine.Document) and not document._meta.get("abstract")
    ]


def is_empty() -> bool:
    """Whether no collection of ours holds a document."""
    return all(
        document._get_collection().find_one({}, {"_id": 1}) is None for document in documents()
    )


def drop_collections() -> None:
    """Drop the collections of registered documents, and no others."""
    with pymongo.timeout(NO_LIMIT):
        for document in documents():
            get_db().drop_collection(document._get_collection_name())


def ensure_indexes() -> list[str]:
    """Create missing collections and indexes, upgrade earlier documents; report in lines.

    What differs from its declaration is reported and left alone. Running it again, or twice
    at once, is harmless. Raises IndexBuildError.
    """
    with pymongo.timeout(NO_LIMIT), _one_at_a_time():
        return [line for document in documents() for line in _prepare(document)]


def _one_at_a_time() -> AbstractContextManager[None]:
    # Several clients that create collections at once can hang the embedded database.
    if not embedded.is_embedded():
        return nullcontext()
    get_connection()
    return embedded.exclusively("mongo.indexes")


def _prepare(document: type[mongoengine.Document]) -> Iterator[str]:
    yield from _create_collection(document._get_collection_name())
    # Before the indexes: a unique one cannot be built over documents that lack its key.
    yield from document.upgrade_existing()
    yield from _create_indexes(document)


def _create_collection(name: str) -> Iterator[str]:
    try:
        get_db().create_collection(name)
    except CollectionInvalid:
        return
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        return
    yield f"{name}: collection created"


def _create_indexes(document: type[mongoengine.Document]) -> Iterator[str]:
    collection = document._get_collection()
    existing = collection.index_information()
    declared = {model.document["name"]: model for model in _declared_indexes(document)}
    for name, model in declared.items():
        if name in existing:
            same = _is_same_index(model.document, existing[name])
            report = None if same else "differs from its declaration; drop it to have it rebuilt"
        else:
            report = _create_index(collection, model)
        if report:
            yield f"{collection.name}: index {name} {report}"
    for name in existing.keys() - declared.keys() - {"_id_"}:
        yield f"{collection.name}: index {name} is not declared; left as it is"


def _create_index(collection: pymongo.collection.Collection, model: IndexModel) -> str:
    try:
        collection.create_indexes([model])
    except DuplicateKeyError as error:
        name = model.document["name"]
        raise IndexBuildError(
            f"{collection.name}: index {name} cannot be built: {describe(error)}"
        ) from error
    except OperationFailure as error:
        if error.code not in INDEX_CONFLICTS:
            raise
        return f"not created: {describe(error)}"
    return "created"


def _declared_indexes(document: type[mongoengine.Document]) -> Iterator[IndexModel]:
    defaults = document._meta.get("index_opts") or {}
    for spec in document._meta["index_specs"]:
        options = {key: value for key, value in spec.items() if key not in ("fields", "cls")}
        yield IndexModel(spec["fields"], **{**defaults, **options})


def _is_same_index(declared: dict[str, Any], existing: dict[str, Any]) -> bool:
    same_keys = list(declared["key"].items()) == [tuple(pair) for pair in existing["key"]]
    return same_keys and all(
        _option(declared, name, declared) == _option(existing, name, declared)
        for name in INDEX_OPTIONS
    )


def _option(index: dict[str, Any], name: str, declared: dict[str, Any]) -> Any:
    value = index.get(name)
    if name == "collation" and value and declared.get(name):
        # The server completes a collation; what was not declared is its own affair.
        return {key: value.get(key) for key in declared[name]}
    return None if value is False else value


# --- Transactions ------------------------------------------------------------------------


def in_transaction(callback: Callable[[ClientSession | None], T]) -> T:
    """Run the callback in a transaction, again if the server asks for it.

    The callback hands the session to every operation (`session=`). It gets None where there
    are no transactions (a standalone server, mongomock).
    """
    client = get_connection()
    if not _has_transactions(client):
        return callback(None)
    # Without the limit the driver would retry for two minutes.
    with pymongo.timeout(OPERATION_SECONDS), client.start_session() as session:
        return session.with_transaction(callback)


@lru_cache(maxsize=1)
def _has_transactions(client: Any) -> bool:
    if not isinstance(client, MongoClient):
        return False
    hello = client.admin.command("hello")
    return "setName" in hello or hello.get("msg") == "isdbgrid"


def may_have_happened(error: BaseException | None) -> bool:
    """Whether the server may have carried out a write that failed with this error."""
    if isinstance(error, mongoengine.OperationError):  # in which MongoEngine wraps the driver's
        error = error.__context__
    lost = isinstance(error, ConnectionFailure) or (
        isinstance(error, PyMongoError) and error.timeout
    )
    return lost and not isinstance(error, ServerSelectionTimeoutError)
