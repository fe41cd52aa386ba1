"""The embedded database: SecantusDB in a process of its own, shared by a checkout's processes.

Whoever needs it calls `acquire()`: the first one starts it, the last one to leave stops it.
Three lock files in `VAR_DIR` say who is alive; the kernel lets go of a lock when its process
dies, however it dies, so nothing here can be left locked:

    mongo.alive   held by the database process itself
    mongo.users   shared by every process that uses the database
    mongo.lock    held for a moment by whoever decides about starting or stopping

On a full disk its storage fails for good, and what it acknowledged last may be lost with it. So
writes are refused while there is still some room (`check_room`).
"""

import atexit
import fcntl
import logging
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from core.database.embedded_server import HOST, EmbeddedDatabaseError, Server, is_locked
from core.kept_secret import private_file

logger = logging.getLogger(__name__)
WATCH_SECONDS = 1.0
MIB = 1024 * 1024
# Its log grows by 10 MiB at once, also when it starts; the rest is for what it wrote down and has
# not yet put in its place, and for other programs that fill the same disk.
ROOM_TO_START, ROOM_TO_WRITE = 20 * MIB, 100 * MIB

_users: IO | None = None
_started: Server | None = None
_port = 0  # where this process's clients look for it


class DiskFullError(EmbeddedDatabaseError):
    """The disk under the embedded database has too little room."""


def is_embedded() -> bool:
    return settings.MONGODB_URL is None


def check_room(needed: int = ROOM_TO_WRITE) -> None:
    """Raises DiskFullError, which names the disk, where fewer bytes than needed are free."""
    if shutil.disk_usage(settings.VAR_DIR).free < needed:
        raise DiskFullError(
            f"The disk of {settings.VAR_DIR} is full: the embedded database needs "
            f"{needed // MIB} MiB of free space there"
        )


def acquire() -> str:
    """The URL of the running database, which stays up at least until `release()`.

    Raises EmbeddedDatabaseError.
    """
    global _port
    atexit.register(release)
    try:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with exclusively("mongo.lock"):
            server = _find() or _start()
            _port = server.port
            _join()
    except OSError as error:
        raise EmbeddedDatabaseError(f"The embedded database cannot be used: {error}") from error
    return server.url


def keep_running() -> None:
    """Start the database again whenever it fails while this process uses it, and say once what
    is in its way; never returns."""
    problem = None
    while True:
        time.sleep(WATCH_SECONDS)
        before, problem = problem, _look_after()
        if problem and problem != before:
            logger.error("The embedded database: %s", problem)


def _look_after() -> str | None:
    """What is wrong, if something is."""
    try:
        revive()
        check_room()
    except (EmbeddedDatabaseError, OSError) as error:
        return str(error)
    return None


def revive() -> None:
    """Start the database again, on its port, if it has failed and this process uses it.

    Raises EmbeddedDatabaseError.
    """
    if not _has_failed():
        return
    with exclusively("mongo.lock"):
        if _users is not None and _has_failed():
            if server := _recorded():
                server.kill()
            _run(_port)
            logger.error("The embedded database had failed and was started again")


def _has_failed() -> bool:
    """Whether the database has died or can do no more."""
    if not is_locked(_file("mongo.alive")):
        return True
    server = _recorded()
    return server is not None and server.has_panicked()


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
    with private_file(_file(name), "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            # Not by closing alone: a process that was forked meanwhile would go on holding it.
            fcntl.flock(handle, fcntl.LOCK_UN)


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
    last = _recorded()
    try:
        return _run(last.port if last and _is_free(last.port) else 0)
    except DiskFullError:
        raise
    except EmbeddedDatabaseError:  # the port was taken meanwhile, or it hung
        return _run(0)


def _run(port: int) -> Server:
    global _started
    check_room(ROOM_TO_START)
    _started = Server.start(_file("mongo"), _file("mongo.log"), port)
    return _started


def _recorded() -> Server | None:
    server = Server.recorded(_file("mongo.log"))
    return _started if _started == server else server


def _join() -> None:
    global _users
    if _users is None:
        _users = private_file(_file("mongo.users"), "a")
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
