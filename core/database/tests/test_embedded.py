"""The embedded database, with real processes that are really killed."""

import json
import os
import resource
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from core.database import embedded, embedded_server
from core.database.embedded import DiskFullError
from core.database.embedded_server import EmbeddedDatabaseError, Server
from lsa_site.tests.processes import freeze, started, until

pytestmark = [pytest.mark.wire, pytest.mark.own_database, pytest.mark.deep]

USER = """
from core.database import embedded
print(embedded.acquire(), flush=True)
input()
"""

KILLED_WITHOUT_PASSWORD = """
import os, signal
from core.database import embedded, embedded_server

embedded_server._name_user = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
embedded.acquire()
"""


# Another thread forks a process, as a web server its workers, while one is started.
FORKED_MEANWHILE = """
import os, signal, sys, threading
from core.database import embedded, embedded_server

def fork():
    if os.fork() == 0:
        sys.stdin.read()  # until the test ends
        os._exit(0)

def start(*args, popen=embedded_server.subprocess.Popen, **options):
    forking = threading.Thread(target=fork)
    forking.start()
    forking.join(1)
    return popen(*args, **options)

embedded_server.subprocess.Popen = start
embedded.acquire()
print(embedded._recorded().pid, flush=True)
sys.stdin.read()
os._exit(0)
"""


@pytest.fixture
def var(tmp_path: Path, settings) -> Iterator[Path]:
    """The data folder of a checkout whose database is the embedded one."""
    settings.VAR_DIR = tmp_path / "var"
    settings.MONGODB_URL = None
    yield settings.VAR_DIR
    embedded.release()
    if (left := running(settings.VAR_DIR)) is not None:
        left.stop()
        pytest.fail("the database outlived its users")


def a_user(var: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    """A process that uses the database until it reads a line; it prints the URL."""
    return started(var, "-c", USER)


def leave(user: subprocess.Popen[str]) -> None:
    _, errors = user.communicate("\n")
    assert user.returncode == 0, errors


def running(var: Path) -> Server | None:
    server = Server.recorded(var / "mongo.log")
    return server if server and server.is_running() else None


def test_a_second_process_shares_the_running_server(var):
    with a_user(var) as first, a_user(var) as second:
        assert first.stdout.readline() == second.stdout.readline() != ""
        leave(first)
        assert running(var).answers()
        leave(second)


def test_two_processes_starting_at_once_share_one_server(var):
    with a_user(var) as first, a_user(var) as second, a_user(var) as third:
        urls = {user.stdout.readline() for user in (first, second, third)}
        assert len(urls) == 1
        for user in (first, second, third):
            leave(user)


def test_the_last_user_stops_the_server(var):
    embedded.acquire()
    server = running(var)
    with a_user(var) as other:
        other.stdout.readline()
        embedded.release()
        assert server.answers()
        leave(other)
    assert not server.is_running()


def test_a_killed_user_leaves_the_server_to_the_next_one(var):
    with a_user(var) as user:
        url = user.stdout.readline().strip()
        server = running(var)
        user.kill()
        user.wait()
    assert server.is_running()
    assert embedded.acquire() == url
    assert running(var) == server
    embedded.release()
    assert not server.is_running()


def test_acknowledged_writes_survive_a_kill_under_load(var):
    acknowledged: list[int] = []

    def write(client: MongoClient) -> None:
        for number in range(100_000):
            try:
                client.test.numbers.insert_one({"_id": number})
            except PyMongoError:
                return
            acknowledged.append(number)

    with MongoClient(embedded.acquire(), serverSelectionTimeoutMS=100) as client:
        writer = Thread(target=write, args=(client,))
        writer.start()
        until(lambda: len(acknowledged) > 50)
        os.kill(running(var).pid, signal.SIGKILL)
        writer.join()
    with MongoClient(embedded.acquire()) as client:
        stored = {document["_id"] for document in client.test.numbers.find()}
    assert set(acknowledged) <= stored


def test_a_process_that_is_forked_while_it_starts_does_not_pass_for_it(var):
    with started(var, "-W", "ignore", "-c", FORKED_MEANWHILE) as user:
        pid = int(user.stdout.readline())
        os.kill(pid, signal.SIGKILL)
        until(lambda: running(var) is None)
        with embedded.exclusively("mongo.lock"):
            pass
        user.stdin.close()
        user.stdin = None


def test_a_crashed_server_comes_back_on_its_port(var):
    url = embedded.acquire()
    crashed = running(var)
    os.kill(crashed.pid, signal.SIGKILL)
    until(lambda: not crashed.is_running())
    assert embedded.acquire() == url
    assert running(var).pid != crashed.pid


def test_a_record_that_names_the_server_of_another_is_not_adopted(var, tmp_path):
    theirs = Server.start(":memory:", tmp_path / "theirs.log")
    try:
        var.mkdir()
        record = {"port": theirs.port, "pid": theirs.pid}
        (var / "mongo.json").write_text(json.dumps(record))
        assert embedded.acquire() != theirs.url
        embedded.release()
        assert theirs.answers()
    finally:
        theirs.stop()


def test_a_server_is_known_by_its_process_not_by_its_port(tmp_path):
    server = Server.start(":memory:", tmp_path / "mongo.log")
    try:
        assert server.answers()
        assert not Server(server.pid + 1, server.port, server.log).answers()
    finally:
        server.stop()


def test_a_leftover_that_does_not_answer_is_replaced(var, monkeypatch):
    monkeypatch.setattr(embedded_server, "ANSWER_SECONDS", 2)
    monkeypatch.setattr(embedded_server, "STOP_SECONDS", 0.5)
    with a_user(var) as user:
        user.stdout.readline()
        frozen = running(var)
        user.kill()
    freeze(frozen.pid)
    embedded.acquire()
    assert running(var).pid != frozen.pid
    assert running(var).answers()


def test_a_frozen_server_is_not_taken_from_its_users(var, monkeypatch):
    monkeypatch.setattr(embedded_server, "ANSWER_SECONDS", 0.5)
    with a_user(var) as user:
        user.stdout.readline()
        server = running(var)
        freeze(server.pid)
        with pytest.raises(EmbeddedDatabaseError, match="does not answer"):
            embedded.acquire()
        os.kill(server.pid, signal.SIGCONT)
        until(server.answers)
        leave(user)


def test_a_starter_that_died_halfway_leaves_nothing_behind(var):
    embedded.acquire()
    halfway = running(var)
    (var / "mongo.json").write_text(json.dumps({"port": 0, "pid": halfway.pid}))
    embedded._users.close()
    embedded._users = None
    embedded.acquire()
    assert running(var).pid != halfway.pid


def test_a_server_that_cannot_start_shows_the_end_of_its_log(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(EmbeddedDatabaseError, match=r"does not start.*mongo\.log: .*file"):
        Server.start(tmp_path / "file", tmp_path / "mongo.log")


def test_two_servers_never_share_a_log(tmp_path):
    server = Server.start(":memory:", tmp_path / "mongo.log")
    try:
        with pytest.raises(EmbeddedDatabaseError, match="is running"):
            Server.start(":memory:", tmp_path / "mongo.log")
        assert "listening" in (tmp_path / "mongo.log").read_text()
    finally:
        server.stop()


def test_without_its_package_the_error_says_what_to_do(var, monkeypatch):
    monkeypatch.setattr(embedded_server, "EXECUTABLE", Path("/nowhere/secantusd-py"))
    with pytest.raises(EmbeddedDatabaseError, match="MONGODB_URL"):
        embedded.acquire()


def test_a_data_folder_that_cannot_be_made_is_one_clear_error(tmp_path, settings):
    (tmp_path / "var").write_text("not a folder")
    settings.VAR_DIR = tmp_path / "var"
    with pytest.raises(EmbeddedDatabaseError, match="cannot be used"):
        embedded.acquire()


# --- Kept from others --------------------------------------------------------------------


def modes(folder: Path) -> dict[str, int]:
    """The permissions of everything below, but for the sockets of other tests."""
    return {str(path): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


def test_everything_about_it_is_its_owners_alone(var):
    with MongoClient(embedded.acquire()) as client:
        client.lsa.things.insert_one({})
    found = modes(var)
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    assert found[str(var / "mongo")] == 0o700
    assert {path: mode for path, mode in found.items() if mode & 0o077} == {}


def test_the_open_folder_of_an_earlier_version_is_closed(var):
    (var / "mongo").mkdir(mode=0o755, parents=True)
    (var / "mongo").chmod(0o755)
    embedded.acquire()
    assert stat.S_IMODE((var / "mongo").stat().st_mode) == 0o700


def test_who_has_no_password_can_do_nothing(var):
    with MongoClient(embedded.acquire()) as client:
        client.lsa.users.insert_one({"password": "hash"})
    port = running(var).port
    with MongoClient(f"mongodb://127.0.0.1:{port}/?directConnection=true") as stranger:
        for attempt in (
            lambda: stranger.lsa.users.find_one(),
            lambda: stranger.lsa.users.insert_one({}),
            lambda: stranger.list_database_names(),
            lambda: stranger.admin.command("createUser", "me", pwd="x", roles=["root"]),
        ):
            with pytest.raises(OperationFailure) as refusal:
                attempt()
            assert refusal.value.code == 13  # Unauthorized


def test_a_database_of_an_earlier_version_gets_a_password_and_keeps_its_documents(var):
    var.mkdir()
    earlier = Server._run(var / "mongo", var / "mongo.log", 0, ["--sync-on-commit"])
    with MongoClient(earlier.url) as client:
        client.lsa.things.insert_one({"_id": 1})
    earlier.stop()
    with MongoClient(embedded.acquire()) as client:
        assert client.lsa.things.find_one() == {"_id": 1}
        assert "lsa:" in running(var).url


def test_a_starter_that_died_before_there_was_a_password_leaves_no_open_database(var):
    with started(var, "-c", KILLED_WITHOUT_PASSWORD) as starter:
        starter.wait(timeout=30)
    left = running(var)
    assert left.port == 0
    with MongoClient(embedded.acquire()) as client:
        assert client.lsa.things.find_one() is None
    assert running(var).pid != left.pid
    assert "lsa:" in running(var).url


def test_a_lost_password_is_replaced(var):
    embedded.acquire()
    before = running(var).url
    embedded.release()
    (var / "mongo.password").unlink()
    with MongoClient(embedded.acquire()) as client:
        assert client.admin.command("usersInfo", 1)["users"]
    assert running(var).url != before


# --- A full disk -------------------------------------------------------------------------


def fill(url: str, size: int) -> list[int]:
    """Numbered documents until one is refused; the numbers of those that were acknowledged."""
    acknowledged: list[int] = []
    with MongoClient(url, timeoutMS=4000) as client, suppress(PyMongoError):
        for number in range(100_000):
            client.test.numbers.insert_one({"_id": number, "text": "x" * size})
            acknowledged.append(number)
    return acknowledged


def numbers(url: str) -> set[int]:
    with MongoClient(url) as client:
        return {document["_id"] for document in client.test.numbers.find()}


def test_a_database_whose_storage_failed_is_replaced_with_all_that_it_acknowledged(var):
    url = embedded.acquire()
    failed = running(var)
    with MongoClient(url) as client:
        for number in range(-20, 0):
            client.test.numbers.insert_one({"_id": number})
    # As on a full disk, none of its files can grow.
    resource.prlimit(failed.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    acknowledged = fill(url, 1000)
    assert failed.is_running()
    assert not failed.answers()
    embedded.revive()
    assert running(var).pid != failed.pid
    assert {*range(-20, 0), *acknowledged} <= numbers(url)


def test_a_database_that_is_well_is_left_alone(var):
    embedded.acquire()
    before = running(var)
    with before.log.open("a") as log:
        log.write("somebody searches for WT_PANIC\n")
    embedded.revive()
    assert running(var) == before


def test_a_database_that_died_is_not_started_on_a_full_disk_and_comes_back_on_its_port(
    var, monkeypatch
):
    url = embedded.acquire()
    os.kill(running(var).pid, signal.SIGKILL)
    until(lambda: running(var) is None)
    with monkeypatch.context() as full:
        full.setattr(embedded, "ROOM_TO_START", 2**62)
        for _ in range(2):
            with pytest.raises(DiskFullError, match=f"The disk of {var} is full"):
                embedded.revive()
        assert running(var) is None
    embedded.revive()
    assert running(var).url == url


def test_a_start_that_fails_forgets_no_port(var, monkeypatch):
    url = embedded.acquire()
    os.kill(running(var).pid, signal.SIGKILL)
    until(lambda: running(var) is None)
    with monkeypatch.context() as broken:
        broken.setattr(Server, "_wait_for", lambda *args: pytest.fail("it does not start"))
        with pytest.raises(pytest.fail.Exception):
            embedded.revive()
    embedded.revive()
    assert running(var).url == url


def test_its_keeper_says_once_what_is_in_the_way(var, monkeypatch, caplog):
    embedded.acquire()
    rounds = iter(range(3))
    with monkeypatch.context() as full:
        full.setattr(embedded, "time", SimpleNamespace(sleep=lambda _: next(rounds)))
        full.setattr(embedded, "check_room", partial(embedded.check_room, 2**62))
        with pytest.raises(StopIteration):
            embedded.keep_running()
    assert caplog.text.count(f"The disk of {var} is full") == 1


@pytest.fixture
def small_disk(var) -> Iterator[Path]:
    """The data folder on a file system of 48 MiB."""
    var.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(var)]
    outcome = subprocess.run(mount, capture_output=True, text=True, check=False)
    if outcome.returncode:
        pytest.skip(f"no file system can be mounted here: {outcome.stderr.strip()}")
    yield var
    embedded.release()
    subprocess.run(["umount", str(var)], check=True)


def test_on_a_disk_that_really_fills_it_says_so_before_and_comes_back_when_there_is_room(
    small_disk, monkeypatch
):
    url = embedded.acquire()
    with pytest.raises(DiskFullError):
        embedded.check_room()
    # Nobody keeps to it, and another program takes what is left.
    acknowledged = fill(url, 1_000_000)
    with (small_disk / "another").open("wb") as other, suppress(OSError):
        while True:
            other.write(bytes(1_000_000))
    fill(url, 1000)
    for _ in range(2):
        with pytest.raises(DiskFullError):
            embedded.revive()
    subprocess.run(["mount", "-o", "remount,size=400m", str(small_disk)], check=True)
    embedded.revive()
    # What was acknowledged last is what the README does not promise.
    assert set(acknowledged[:-1]) <= numbers(url)
