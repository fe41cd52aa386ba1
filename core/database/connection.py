"""The database connection: described at start, opened on first use, looked after from here.

`MONGODB_DATABASE` names the database. A name in the path of `MONGODB_URL` only says where the
user is authenticated, as in every MongoDB driver.
"""

import atexit
import logging
import re
import time
from typing import Any

import mongoengine
import pymongo
from django.conf import settings
from mongoengine.connection import get_connection
from pymongo import AsyncMongoClient, MongoClient, ReadPreference
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from core.database import deployment, embedded
from core.database.failures import DatabaseUnavailableError, describe
from core.database.own_writes import own_writes
from core.database.timings import Timings

logger = logging.getLogger(__name__)

# A lost or frozen database is an error well before a client gives up at 5 seconds.
OPERATION_SECONDS = 4.0
PING_SECONDS = 2.0
NO_LIMIT = 0  # for pymongo.timeout(); None would mean the client's own limit
OPTIONS: dict[str, Any] = {"tz_aware": True, "uuidRepresentation": "standard", "appname": "lsa"}
LIMITED = {"timeoutMS": int(OPERATION_SECONDS * 1000)}
# What the URL says of reading is overridden: transactions read from the primary only, and a
# secondary that is behind knows neither an ended session nor the document that still shows a
# picture.
FROM_PRIMARY = {"read_preference": ReadPreference.PRIMARY}

_url_in_use: str | None = None
_reader: AsyncDatabase | None = None


# --- Connecting --------------------------------------------------------------------------


def register() -> None:
    """Describe the connection. It opens when a process first uses it, also after a fork."""
    mongoengine.register_connection(
        "default",
        db=settings.MONGODB_DATABASE,
        mongo_client_class=_open_client,
        **OPTIONS,
        **LIMITED,
    )


def disconnect() -> None:
    """Close the connection, as is due before a fork; the next use opens another one."""
    global _reader
    mongoengine.disconnect("default")
    _reader = None
    register()


def reader() -> AsyncDatabase:
    """The same database for coroutines, by a client of its own that belongs to the event loop
    which first uses it. Only for reading: nobody would be told of what is written here.

    It asks as much at once as threads could, whatever the URL says of connections. It has no
    limit of time, which whoever asks must set: the driver's takes a twentieth of the processor
    time of a read, a timer of the loop much less.
    """
    global _reader
    if _reader is None:
        get_connection()  # which finds out where the database is
        client = AsyncMongoClient(
            _url_in_use,
            minPoolSize=0,
            maxPoolSize=settings.REQUEST_THREADS,
            **FROM_PRIMARY,
            **OPTIONS,
        )
        _reader = client[settings.MONGODB_DATABASE]
    return _reader


def _open_client(host: Any, port: Any, read_preference: Any, **options: Any) -> MongoClient:
    # Not MongoEngine's host and port: its defaults would override the URL's.
    global _url_in_use
    _url_in_use = _url()
    client = MongoClient(
        _url_in_use,
        connect=False,
        event_listeners=[own_writes, Timings()],
        **FROM_PRIMARY,
        **options,
    )
    if not client.write_concern.acknowledged:
        raise DatabaseUnavailableError("w=0: nobody would learn of a write that failed")
    return client


def _url() -> str:
    if not embedded.is_embedded():
        return settings.MONGODB_URL
    url = embedded.acquire()
    # Registered after the release in `acquire`, so it runs before: an open client delays the stop.
    atexit.register(mongoengine.disconnect_all)
    return url


# --- Is it there? ------------------------------------------------------------------------


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
        client = get_connection()  # which may start the embedded database, and takes its time
        with pymongo.timeout(PING_SECONDS):
            version = client.server_info()["version"]
        found = deployment.concerns(client)
    except PyMongoError as error:
        return describe(error)
    except mongoengine.ConnectionFailure as error:  # trying again would not help
        subject = "" if embedded.is_embedded() else "MONGODB_URL: "
        raise DatabaseUnavailableError(f"{subject}{describe(error)}") from error
    logger.info("MongoDB %s at %s, database %s", version, address(), settings.MONGODB_DATABASE)
    for concern in found:
        logger.warning("Database: %s", concern.text)
    return None


def address() -> str:
    """Where the database is, without user, password and options."""
    if embedded.is_embedded():
        return str(settings.VAR_DIR / "mongo")
    return re.sub(r"^[^:]+://(?:.*@)?([^/?]*).*", r"\1", settings.MONGODB_URL)
