"""Several writes as one."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import pymongo
from mongoengine.connection import get_connection
from pymongo import MongoClient
from pymongo.client_session import ClientSession

from core.database.connection import OPERATION_SECONDS
from core.database.deployment import is_replicated

T = TypeVar("T")


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
        return session.with_transaction(callback)


@lru_cache(maxsize=1)
def has_transactions(client: Any) -> bool:
    """Whether a replica set or a sharded cluster answers: asked once, of the client in use."""
    if not isinstance(client, MongoClient):
        return False
    return is_replicated(client.admin.command("hello"))
