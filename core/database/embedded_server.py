"""One process of SecantusDB: started, asked whether it lives, stopped.

Its record (`.json`), empty configuration, password and lock lie beside its log. The lock is held
by the process itself; the kernel lets go of it when the process dies, however it dies.

It listens on a port, which every user of the machine can reach, so what lies on the disk is
behind a password, and its files are for their owner only.
"""

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
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from core.database.failures import DatabaseUnavailableError
from core.kept_secret import kept_in, private_file

logger = logging.getLogger(__name__)

EXECUTABLE = Path(sys.executable).with_name("secantusd-py")
HOST = "127.0.0.1"
START_SECONDS = 15
ANSWER_SECONDS = 5  # on a busy machine a first answer may take more than one
STOP_SECONDS = 5
STOP_SIGNALS = 25
IN_MEMORY = ":memory:"
USER = "lsa"
USER_EXISTS = 51003
# What its storage engine writes when it can do no more than be started again.
PANIC = b"WT_PANIC"
TAIL_BYTES = 65536


# A process that is forked while another thread starts a database would hold its sign of life, and
# nobody would notice that it has died.
_not_forking = Lock()
os.register_at_fork(
    before=_not_forking.acquire,
    after_in_parent=_not_forking.release,
    after_in_child=_not_forking.release,
)


class EmbeddedDatabaseError(DatabaseUnavailableError):
    """The embedded database cannot be had; the message is for the person who asked for it."""


@dataclass
class Server:
    """A database process, which may have ended."""

    pid: int
    port: int
    log: Path
    process: subprocess.Popen | None = field(default=None, compare=False, repr=False)

    @classmethod
    def start(
        cls, storage: str | Path, log: Path, port: int = 0, *, options: Iterable[str] = ()
    ) -> "Server":
        """Start one (`storage=IN_MEMORY` keeps nothing) and wait until it answers.

        Port 0 takes any free one. Raises EmbeddedDatabaseError with the end of the log.
        """
        if storage == IN_MEMORY:
            # Only tests use it, and these commands are how they make it fail.
            return cls._run(storage, log, port, ["--enable-test-commands", *options])
        if not _password_file(log).exists():
            cls._set_password(storage, log)
        # Without the second, a kill loses acknowledged writes.
        return cls._run(storage, log, port, ["--auth", "--sync-on-commit", *options])

    @classmethod
    def _set_password(cls, storage: str | Path, log: Path) -> None:
        """Open for this moment of the very first start, which is how it takes a password."""
        server = cls._run(storage, log, 0, ["--sync-on-commit"])
        cls(server.pid, 0, log)._record()  # if this process is killed here, nobody takes it over
        draft = log.with_suffix(".new-password")
        try:
            with MongoClient(server.url) as client:
                _name_user(client, kept_in(draft))
            # Only now: a start that was killed half-way begins anew.
            draft.replace(_password_file(log))
        finally:
            server.stop()

    @classmethod
    def _run(cls, storage: str | Path, log: Path, port: int, options: Iterable[str]) -> "Server":
        log.with_suffix(".json").unlink(missing_ok=True)
        process = _spawn(storage, log, port, options)
        server = cls(process.pid, 0, log, process)
        try:
            server._record()
            server._wait_for(lambda: _announced_port(log))
            server.port = _announced_port(log)
            server._wait_for(server.answers)
            server._record()
        except BaseException:
            server.stop()
            with suppress(OSError):
                cls(server.pid, port, log)._record()  # where its clients look for the next one
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
        options = "directConnection=true&retryWrites=false"
        if not _password_file(self.log).exists():
            return f"mongodb://{HOST}:{self.port}/?{options}"
        credentials = f"{USER}:{kept_in(_password_file(self.log))}"
        return f"mongodb://{credentials}@{HOST}:{self.port}/?authSource=admin&{options}"

    def is_running(self) -> bool:
        if self.process:
            self.process.poll()
        return is_locked(self.log.with_suffix(".alive"))

    def answers(self) -> bool:
        """Whether this very process answers, after a crash another may have its port, and can
        read: after a fault of its storage it cannot, and answers all the same."""
        milliseconds = int(ANSWER_SECONDS * 1000)
        with MongoClient(
            self.url, timeoutMS=milliseconds, serverSelectionTimeoutMS=milliseconds
        ) as client:
            try:
                client.admin.list_collection_names()
                return client.admin.command("serverStatus")["pid"] == self.pid
            except PyMongoError as error:
                logger.warning("The embedded database (process %s) is silent: %s", self.pid, error)
                return False

    def has_panicked(self) -> bool:
        """Whether its storage has failed, as on a full disk: only a new process can go on."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - TAIL_BYTES))
            return PANIC in log.read() and not self.answers()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL after STOP_SECONDS; what it acknowledged survives both."""
        # Its main thread can miss a signal while it waits, so one is not always enough.
        for _ in range(STOP_SIGNALS if self.port else 0):
            if self.is_running() and self._listens():
                self._send(signal.SIGTERM)
            _until(self._has_stopped, STOP_SECONDS / STOP_SIGNALS)
        self.kill()

    def kill(self) -> None:
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
        with _new_file(draft) as handle:
            json.dump({"port": self.port, "pid": self.pid}, handle)
        draft.replace(self.log.with_suffix(".json"))

    def _wait_for(self, condition: Callable[[], object]) -> None:
        holds = _until(lambda: condition() or not self.is_running(), START_SECONDS)
        if not holds or not self.is_running():
            tail = " | ".join(_read(self.log).splitlines()[-5:])
            raise EmbeddedDatabaseError(f"The embedded database does not start. {self.log}: {tail}")


def _spawn(storage: str | Path, log: Path, port: int, options: Iterable[str]) -> subprocess.Popen:
    if not EXECUTABLE.exists():
        raise EmbeddedDatabaseError(
            "MONGODB_URL is not set and the embedded database is not installed (SecantusDB)."
        )
    with _not_forking, private_file(log.with_suffix(".alive"), "a") as alive:
        try:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedDatabaseError(f"A database with the log {log} is running.") from None
        if storage != IN_MEMORY and Path(storage).is_dir():
            Path(storage).chmod(0o700)  # an earlier version left it open
        with _new_file(log.with_suffix(".toml")) as config, _new_file(log) as output:
            command = [EXECUTABLE, "--config", config.name, "--host", HOST, "--port", str(port)]
            return subprocess.Popen(
                [*command, "--storage-path", storage, "--cache-size", "256M", *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[alive.fileno()],  # the lock is its sign of life
                umask=0o077,
                start_new_session=True,  # a Ctrl-C is for the web server, which ends first
            )


def _new_file(file: Path) -> IO[str]:
    """An empty one, which its owner alone may read, in place of what is there."""
    file.unlink(missing_ok=True)
    return private_file(file, "x")


def is_locked(file: Path) -> bool:
    """Whether some process holds the lock of this file."""
    with private_file(file, "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _password_file(log: Path) -> Path:
    return log.with_suffix(".password")


def _name_user(client: MongoClient, password: str) -> None:
    try:
        client.admin.command("createUser", USER, pwd=password, roles=["root"])
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
        client.admin.command("updateUser", USER, pwd=password)


def _announced_port(log: Path) -> int:
    found = re.search(r"listening on \S+:(\d+)", _read(log))
    return int(found[1]) if found else 0


def _read(log: Path) -> str:
    return log.read_text(errors="replace")


def _until(condition: Callable[[], object], seconds: float) -> bool:
    """Wait for the condition, at most that long; tells whether it came to hold."""
    deadline = time.monotonic() + seconds
    while not (holds := bool(condition())) and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds
