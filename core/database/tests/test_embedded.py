"""The embedded database, with real processes that are really killed."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Thread

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from core.database import embedded, embedded_server
from core.database.embedded_server import EmbeddedDatabaseError, Server
from lsa_site.tests.processes import freeze, started, until

pytestmark = [pytest.mark.wire, pytest.mark.own_database]

USER = """
from core.database import embedded
print(embedded.acquire(), flush=True)
input()
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
