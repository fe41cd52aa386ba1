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
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings
from pymongo import MongoClient
from pymongo.errors import PyMongoError

logger = logging.getLogger(__name__)
EXECUTABLE = Path(sys.executable).with_name("secantusd-py")
HOST = "127.0.0.1"
START_SECONDS = 15
STOP_SECONDS = 5
WATCH_SECONDS = 1.0
STOP_SIGNALS = 25

_users: IO | None = None
_started: "Server | None" = None


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be had; the message is for the person who asked for it."""


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
    if _is_locked(_file("mongo.alive")):
        return
    with exclusively("mongo.lock"):
        if _users is not None and not _is_locked(_file("mongo.alive")):
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
        if server and server.is_running() and not _is_locked(_file("mongo.users")):
            server.stop()


@contextmanager
def exclusively(name: str) -> Iterator[None]:
    """Wait until no other process or thread of this checkout is inside, then go in."""
    with _file(name).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@dataclass
class Server:
    """A database process; its record, lock and empty configuration lie beside its log."""

    pid: int
    port: int
    log: Path
    process: subprocess.Popen | None = field(default=None, compare=False, repr=False)

    @classmethod
    def start(cls, storage: str | Path, log: Path, port: int = 0) -> "Server":
        """Start one (`storage=":memory:"` keeps nothing) and wait until it answers.

        Port 0 takes any free one. Raises EmbeddedDatabaseError with the end of the log.
        """
        log.with_suffix(".json").unlink(missing_ok=True)
        process = _spawn(storage, log, port)
        server = cls(process.pid, 0, log, process)
        try:
            server._record()
            server._wait_for(lambda: _announced_port(log))
            server.port = _announced_port(log)
            server._wait_for(server.answers)
            server._record()
        except BaseException:
            server.stop()
            raise
        return server

    @classmethod
    def recorded(cls, log: Path) -> "Server | None":
        """The server last started with this log, running or not."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            record = json.loads(log.with_suffix(".json").read_text())
            return cls(int(record["pid"]), int(record["port"]), log)
        return None

    @property
    def url(self) -> str:
        # Retryable writes slow this server down as their records pile up.
        return f"mongodb://{HOST}:{self.port}/?directConnection=true&retryWrites=false"

    def is_running(self) -> bool:
        if self.process:
            self.process.poll()
        return _is_locked(self.log.with_suffix(".alive"))

    def answers(self, seconds: float = 1.0) -> bool:
        """Whether this very process answers: after a crash another may have its port."""
        milliseconds = int(seconds * 1000)
        with MongoClient(
            self.url, timeoutMS=milliseconds, serverSelectionTimeoutMS=milliseconds
        ) as client:
            try:
                return client.admin.command("serverStatus")["pid"] == self.pid
            except PyMongoError:
                return False

    def stop(self) -> None:
        """SIGTERM, and SIGKILL after STOP_SECONDS; what it acknowledged survives both."""
        # Its main thread can miss a signal while it waits, so one is not always enough.
        for _ in range(STOP_SIGNALS if self.port else 0):
            if self.is_running() and self._listens():
                self._send(signal.SIGTERM)
            _until(self._has_stopped, STOP_SECONDS / STOP_SIGNALS)
        if self.is_running():
            self._send(signal.SIGKILL)
            _until(lambda: not self.is_running(), STOP_SECONDS)
        if self.process:
            self.process.wait()

    def _send(self, signal_number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal_number)

    def _has_stopped(self) -> bool:
        # A stopping server looks up only when a connection arrives, else seconds later.
        self._listens()
        return not self.is_running()

    def _listens(self) -> bool:
        try:
            socket.create_connection((HOST, self.port), 0.1).close()
        except OSError:
            return False
        return True

    def _record(self) -> None:
        """Write the record whole or not at all; port 0 stands for one not known yet."""
        draft = self.log.with_suffix(".draft")
        draft.write_text(json.dumps({"port": self.port, "pid": self.pid}))
        draft.replace(self.log.with_suffix(".json"))

    def _wait_for(self, condition: Callable[[], object]) -> None:
        _until(lambda: condition() or not self.is_running(), START_SECONDS)
        if not self.is_running() or not condition():
            tail = " | ".join(_read(self.log).splitlines()[-5:])
            raise EmbeddedDatabaseError(f"The embedded database does not start. {self.log}: {tail}")


def _spawn(storage: str | Path, log: Path, port: int) -> subprocess.Popen:
    if not EXECUTABLE.exists():
        raise EmbeddedDatabaseError(
            "MONGODB_URL is not set and the embedded database is not installed (SecantusDB)."
        )
    config = log.with_suffix(".toml")
    config.write_text("")
    command = [EXECUTABLE, "--config", config, "--host", HOST, "--port", str(port)]
    command += ["--storage-path", storage, "--cache-size", "256M"]
    if storage != ":memory:":
        command.append("--sync-on-commit")  # else a kill loses acknowledged writes
    with log.with_suffix(".alive").open("a") as alive, log.open("w") as output:
        try:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedDatabaseError(f"A database with the log {log} is running.") from None
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[alive.fileno()],  # the lock is its sign of life
            start_new_session=True,  # a Ctrl-C is for the web server, which ends first
        )


def _find() -> Server | None:
    """The running database, if there is one in working order."""
    server = _recorded()
    if not _is_locked(_file("mongo.alive")):
        return None
    if server is None:
        raise EmbeddedDatabaseError(
            f"A database that nobody recorded uses {_file('mongo.alive')}: end that process first."
        )
    if server.port and server.answers(STOP_SECONDS):
        return server
    if server.is_running() and _is_locked(_file("mongo.users")):
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


def _is_locked(file: Path) -> bool:
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _announced_port(log: Path) -> int:
    found = re.search(r"listening on \S+:(\d+)", _read(log))
    return int(found[1]) if found else 0


def _read(log: Path) -> str:
    return log.read_text(errors="replace")


def _until(condition: Callable[[], object], seconds: float) -> None:
    """Wait for the condition, at most that long."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
