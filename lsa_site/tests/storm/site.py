"""A service of several processes, any of which can be killed and comes back."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from subprocess import Popen

import requests
from pymongo import MongoClient

from content.tests.site import address, answers
from core.database.embedded_server import Server
from lsa_site.tests import processes
from lsa_site.tests.processes import manage_py, reserved_port, started

WEB_WORKERS = 2
# A machine that is busy with a storm takes its time to start a process.
PATIENCE = 120
until = partial(processes.until, patience=PATIENCE)
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "lsa_site.tests.quick_site",
    "SECRET_KEY": "a key of a service in a storm, for tests only",
    "RATE_LIMIT_WRITE": "",
    "RATE_LIMIT_AUTH": "",
    "WEBHOOK_ALLOW_PRIVATE": "true",
    # What every version was is asked for afterwards.
    "REVISIONS_KEPT": "1000",
    "LOG_LEVEL": "ERROR",
}


class Site:
    """`manage.py serve` with its web workers, its background worker and its database."""

    def __init__(self, var: Path, stack: ExitStack) -> None:
        self.var, self._stack = var, stack
        self.port = stack.enter_context(reserved_port())
        self._log = stack.enter_context((var / "serve.log").open("a"))
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Server:
        return Server.recorded(self.var / "mongo.log")

    @contextmanager
    def client(self) -> Iterator[MongoClient]:
        with MongoClient(self.database.url, tz_aware=True) as client:
            yield client

    def start(self) -> None:
        command = manage_py("serve", "--port", str(self.port), "--workers", str(WEB_WORKERS))
        self.parent: Popen[str] = self._stack.enter_context(
            started(self.var, *command, output=self._log, **SETTINGS)
        )
        address(self.parent, Path(self._log.name), patience=PATIENCE)
        until(lambda: answers(self.url))

    def stop(self) -> None:
        self.parent.terminate()
        self.parent.wait(PATIENCE)

    def logged(self) -> str:
        return (self.var / "serve.log").read_text()

    # --- Kills: each waits until what it killed is back --------------------------------

    def kill_a_web_worker(self) -> None:
        os.kill(killed := min(self._children("serve")), signal.SIGKILL)
        until(lambda: len(self._children("serve") - {killed}) == WEB_WORKERS)

    def kill_the_background_worker(self) -> None:
        [killed] = self._awaited("--until-eof")
        os.kill(killed, signal.SIGKILL)
        self._awaited("--until-eof", but=killed)

    def kill_the_parent(self) -> None:
        left = self._children("serve") | self._children("--until-eof")
        self.parent.kill()
        self.parent.wait()
        # They end by themselves, and with them the use of the port.
        until(lambda: not any(map(_lives, left)))
        self.start()

    def kill_the_database(self) -> None:
        killed = self.database.pid
        os.kill(killed, signal.SIGKILL)
        until(lambda: (again := self.database) and again.pid != killed and again.port)
        until(lambda: requests.get(f"{self.url}/health/ready", timeout=PATIENCE).ok)

    KILLS: tuple[Callable[["Site"], None], ...] = (
        kill_a_web_worker,
        kill_the_database,
        kill_the_background_worker,
        kill_the_parent,
    )

    def _awaited(self, word: str, *, but: int = 0) -> set[int]:
        until(lambda: self._children(word) - {but})
        return self._children(word)

    def _children(self, word: str) -> set[int]:
        """The processes that the parent started with this word in their command."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # one that has just ended
                state, parent = _state(folder)
                words = (folder / "cmdline").read_bytes().decode().split("\0")
                if parent == self.parent.pid and state != "Z" and word in words:
                    found.add(int(folder.name))
        return found


def _state(folder: Path) -> tuple[str, int]:
    """A process's state and parent, as in proc_pid_stat(5)."""
    state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
    return state, int(parent)


def _lives(pid: int) -> bool:
    try:
        return _state(Path(f"/proc/{pid}"))[0] != "Z"
    except OSError:
        return False
