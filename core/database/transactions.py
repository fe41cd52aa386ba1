"""Several writes as one, and what a lost answer says about a write."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import mongoengine
import pymongo
from mongoengine.connection import get_connection
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import ConnectionFailure, PyMongoError, ServerSelectionTimeoutError

from core.database.connection import OPERATION_SECONDS

T = TypeVar("T")


def in_transaction(callback: Callable[[ClientSession | None], T]) -> T:
    """Run the callback in a transaction, again if the server asks for it.

    The callback hands the session to every operation (`session=`). It gets None where there
    are no transactions (a standalone server, mongomock).
    """
    client = get_connection()
    if not has_transactions(client):
        return callback(None)
    # Without the limit the driver would retry for two minutes.
    with pymongo.timeout(OPERATION_SECONDS), client.start_session() as session:
        return session.with_transaction(callback)


@lru_cache(maxsize=1)
def has_transactions(client: Any) -> bool:
    """Whether the client's server has transactions: asked once, of the client in use."""
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
