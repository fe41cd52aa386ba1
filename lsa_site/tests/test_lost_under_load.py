"""A database that goes away while people read and write: nobody is kept waiting, nothing that was
acknowledged is lost, and all is well by itself as soon as it is back."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from content.tests.site import served
from core.database.embedded_server import Server
from lsa_site.tests.load import under_load
from lsa_site.tests.processes import freeze, reserved_port, until

pytestmark = [pytest.mark.wire, pytest.mark.own_database, pytest.mark.deep]
# Longer than an operation may take, so that requests of all kinds meet it.
AWAY_SECONDS = 6
RECOVERY_SECONDS = 5
MEBIBYTE = 1024 * 1024
ENVIRONMENT = {"RATE_LIMIT_WRITE": "", "WEBHOOK_ALLOW_PRIVATE": "true"}


@contextmanager
def killed(var: Path) -> Iterator[None]:
    """The embedded database, which the service starts again."""
    database = Server.recorded(var / "mongo.log")
    os.kill(database.pid, signal.SIGKILL)
    until(lambda: is_another(var, database))
    yield


@contextmanager
def told_to_end(var: Path) -> Iterator[None]:
    database = Server.recorded(var / "mongo.log")
    database.stop()
    until(lambda: is_another(var, database))
    yield


def is_another(var: Path, database: Server) -> bool:
    """Whether another process answers in its place; while one starts, none is on record."""
    found = Server.recorded(var / "mongo.log")
    return found is not None and found.port == database.port and found.pid != database.pid


@contextmanager
def frozen(var: Path) -> Iterator[None]:
    database = Server.recorded(var / "mongo.log")
    freeze(database.pid)
    try:
        time.sleep(AWAY_SECONDS)
    finally:
        os.kill(database.pid, signal.SIGCONT)
    yield


@contextmanager
def without_room(var: Path) -> Iterator[None]:
    ballast = var / "ballast"
    room = os.statvfs(var).f_bavail * os.statvfs(var).f_frsize - 50 * MEBIBYTE
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room)
    time.sleep(AWAY_SECONDS)
    ballast.unlink()
    yield


@contextmanager
def of_300_mebibytes(folder: Path) -> Iterator[None]:
    """A file system of its own at this place."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(folder)]
    outcome = subprocess.run(mount, capture_output=True, text=True, check=False)
    if outcome.returncode:
        pytest.skip(f"no file system can be mounted here: {outcome.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def go_through(url: str, away: Callable[[], object]) -> None:
    """People read and write before, while the database is away, and after."""
    with under_load(url) as load:
        until(lambda: len(load.written) >= 20)
        with away():
            back = time.monotonic()
            until(lambda: load.writes_again(back))
            recovery = load.told_at - back
        before = len(load.written)
        until(lambda: len(load.written) >= before + 20)
    assert load.faults == []
    assert load.lost() == set()
    assert recovery < RECOVERY_SECONDS
    # A database that is away is not kept from people, and reads need not know of it.
    assert load.answers["GET", 200] > 0


@pytest.mark.parametrize("form", [killed, told_to_end, frozen])
def test_the_embedded_database(tmp_path, form):
    with served(tmp_path, **ENVIRONMENT) as url:
        go_through(url, lambda: form(tmp_path))


def test_a_full_disk_that_is_cleared(tmp_path):
    with of_300_mebibytes(tmp_path), served(tmp_path, **ENVIRONMENT) as url:
        go_through(url, lambda: without_room(tmp_path))


def test_a_database_of_its_own_that_refuses_connections(tmp_path):
    folder, log = tmp_path / "mongo", tmp_path / "other.log"
    with ExitStack() as stack:
        port = stack.enter_context(reserved_port())
        server = Server.start(folder, log, port)
        stack.callback(lambda: Server.recorded(log).stop())

        @contextmanager
        def refusing() -> Iterator[None]:
            server.stop()
            time.sleep(AWAY_SECONDS)
            Server.start(folder, log, port)
            yield

        key = {"SECRET_KEY": "k" * 64, "MONGODB_URL": server.url}
        url = stack.enter_context(served(tmp_path / "var", **ENVIRONMENT, **key))
        go_through(url, refusing)
