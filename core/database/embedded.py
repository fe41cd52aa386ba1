"""The embedded database: SecantusDB in a process of its own, shared by a checkout's processes.

Whoever needs it calls `acquire()`: the first one starts it, the last one to leave stops it.
Three lock files in `VAR_DIR` say who is alive; the kernel lets go of a lock when its process
dies, however it dies, so nothing here can be left locked:

    mongo.alive   held by the database process itself
    mongo.users   shared by every process that uses the database
    mongo.lock    held for a moment by whoever decides about starting or stopping
"""

import atexit
import fcntl
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from core.database.embedded_server import HOST, EmbeddedDatabaseError, Server, is_locked

logger = logging.getLogger(__name__)
WATCH_SECONDS = 1.0

_users: IO | None = None
_started: Server | None = None


def is_embedded() -> bool:
    return settings.MONGODB_URL is None


def acquire() -> str:
    """The URL of the running database, which stays up at least until `release()`.

    Raises EmbeddedDatabaseError.
    """
    atexit.register(release)
    try:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with exclusively("mongo.lock"):
            server = _find() or _start()
            _join()
    except OSError as error:
        raise EmbeddedDatabaseError(f"The embedded database cannot be used: {error}") from error
    return server.url


def keep_running() -> None:
    """Start the database again whenever it dies while this process uses it; never returns."""
    while True:
        time.sleep(WATCH_SECONDS)
        try:
            revive()
        except (EmbeddedDatabaseError, OSError) as error:
            logger.error("The embedded database cannot be started again: %s", error)


def revive() -> None:
    """Start the database again, on its port, if it has died and this process uses it."""
    if is_locked(_file("mongo.alive")):
        return
    with exclusively("mongo.lock"):
        if _users is not None and not is_locked(_file("mongo.alive")):
            logger.error("The embedded database has died and is started again")
            _start()


def release() -> None:
    """Leave; the last process to do so stops the database.

    A client that is still connected delays the stop: close it first.
    """
    global _users
    if _users is None:
        return
    with exclusively("mongo.lock"):
        # Closed, not unlocked: a forked child that still uses the database shares this lock.
        _users.close()
        _users = None
        server = _recorded()
        if server and server.is_running() and not is_locked(_file("mongo.users")):
            server.stop()


@contextmanager
def exclusively(name: str) -> Iterator[None]:
    """Wait until no other process or thread of this checkout is inside, then go in."""
    with _file(name).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _find() -> Server | None:
    """The running database, if there is one in working order."""
    server = _recorded()
    if not is_locked(_file("mongo.alive")):
        return None
    if server is None:
        raise EmbeddedDatabaseError(
            f"A database that nobody recorded uses {_file('mongo.alive')}: end that process first."
        )
    if server.port and server.answers():
        return server
    if server.is_running() and is_locked(_file("mongo.users")):
        raise EmbeddedDatabaseError(
            f"The embedded database (process {server.pid}) does not answer, "
            "and other processes use it: stop those first."
        )
    server.stop()
    return None


def _start() -> Server:
    """Start it, on its last port if that is free: clients of a crashed one find it there."""
    global _started
    last = _recorded()
    port = last.port if last and _is_free(last.port) else 0
    try:
        _started = Server.start(_file("mongo"), _file("mongo.log"), port)
    except EmbeddedDatabaseError:  # the port was taken meanwhile, or it hung
        _started = Server.start(_file("mongo"), _file("mongo.log"))
    return _started


def _recorded() -> Server | None:
    server = Server.recorded(_file("mongo.log"))
    return _started if _started == server else server


def _join() -> None:
    global _users
    if _users is None:
        _users = _file("mongo.users").open("a")
        fcntl.flock(_users, fcntl.LOCK_SH)


def _file(name: str) -> Path:
    return settings.VAR_DIR / name


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
