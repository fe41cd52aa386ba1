"""Several writes as one, and several reads as one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

import pymongo
from mongoengine.connection import get_connection
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from core.database.connection import OPERATION_SECONDS
from core.database.deployment import is_replicated
from core.database.failures import ABORTED, UNKNOWN_COMMIT

T = TypeVar("T")


class MomentLost(Exception):
    """The server no longer shows the moment at which reading began."""


def in_transaction(callback: Callable[[ClientSession | None], T]) -> T:
    """Run the callback in a transaction, again if the server asks for it.

    The callback is given the transaction, a session of the driver's, and hands it to every
    operation (`session=`). It gets None where there are none (a standalone server, mongomock).
    """
    client = get_connection()
    if not has_transactions(client):
        return callback(None)
    # Without the limit the driver would retry for two minutes.
    with pymongo.timeout(OPERATION_SECONDS), client.start_session() as session:
        return session.with_transaction(_committed_once(callback))


def _committed_once(callback: Callable[[ClientSession], T]) -> Callable[[ClientSession], T]:
    """The callback, which is not begun again once it has come to a commit.

    The embedded database forgets when it is killed what it has committed. When the driver then
    repeats a commit whose answer was lost, it is told that there was no such transaction, and would
    do the work a second time: whether it was done is not known.
    """
    came_to_commit = False

    def work(session: ClientSession) -> T:
        nonlocal came_to_commit
        if came_to_commit:
            message = "the database does not say whether it has committed"
            raise PyMongoError(message, error_labels=[UNKNOWN_COMMIT])
        result = callback(session)
        came_to_commit = True
        return result

    return work


@contextmanager
def one_moment() -> Iterator[ClientSession | None]:
    """What is read with this session is the database as it was at the first read, whoever writes.

    None where there are no transactions. A transaction and no snapshot session, which the embedded
    database does not keep. MongoDB ends one after `transactionLifetimeLimitSeconds` (60): then, and
    where the primary goes, `MomentLost` is raised.
    """
    client = get_connection()
    if not has_transactions(client):
        yield None
        return
    try:
        with client.start_session() as session, session.start_transaction(ReadConcern("snapshot")):
            yield session
    except PyMongoError as error:
        if error.has_error_label(ABORTED):
            raise MomentLost from error
        raise


@lru_cache(maxsize=1)
def has_transactions(client: Any) -> bool:
    """Whether a replica set or a sharded cluster answers: asked once, of the client in use."""
    if not isinstance(client, MongoClient):
        return False
    return is_replicated(client.admin.command("hello"))
