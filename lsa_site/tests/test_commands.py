"""The commands as a person runs them: processes, signals, exit codes, one-line errors."""

import gc
import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from content.tests.site import Site, answers, running
from core.database import connection, trial
from core.database.embedded_server import Server
from lsa_site.archive import ArchiveWriter
from lsa_site.tests.processes import (
    PATIENCE,
    hears_signals,
    manage,
    manage_py,
    of_this_run,
    started,
    until,
)

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
SLOW, NARROW, HURRIED = (
    {"DJANGO_SETTINGS_MODULE": f"lsa_site.tests.{name}_site"}
    for name in ("slow", "narrow", "hurried")
)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (left := database_of(tmp_path)) is not None:
        left.stop()
        pytest.fail("the database outlived its users")


def database_of(var: Path) -> Server | None:
    server = Server.recorded(var / "mongo.log")
    return server if server and server.is_running() else None


def test_what_a_command_has_loaded_is_not_searched_for_garbage_and_what_it_makes_then_is(
    monkeypatch,
):
    kept = []
    monkeypatch.setattr(gc, "freeze", lambda: kept.append(gc.isenabled()))
    ready = apps.get_app_config("lsa_site").ready
    gc.disable()  # as manage.py does
    try:
        ready()
        assert gc.isenabled()
    finally:
        gc.enable()
    ready()  # in a server that never held it back
    assert kept == [False]


# --- serve -------------------------------------------------------------------------------


def test_serve_says_what_to_open_starts_what_dies_again_and_a_ctrl_c_stops_it_all(var):
    with running(var, "--host", "localhost") as site:
        assert "localhost" in site.url
        assert database_of(var)
        until(lambda: len(children(site, WEB)) == len(children(site, BESIDE)) == 1)
        for word in (WEB, BESIDE):
            kill(site, word)
        until(lambda: all(map(hears_signals, children(site))))
        last = children(site)
        said = site.stop(signal.SIGINT)
    for path in ("", "/api/v1", "/docs", "/redoc", "/health/ready"):
        assert re.search(rf" {site.url}{path}\b", said), path
    assert "The worker ended (exit code -9)" in said
    assert "Traceback" not in said
    assert not any(map(command_line, last))
    assert not answers(site.url)
    assert database_of(var) is None


def kill(site: Site, word: str) -> None:
    """Kill the one worker of a kind, and wait for the next one."""
    [killed] = children(site, word)
    os.kill(killed, signal.SIGKILL)
    until(lambda: children(site, word) not in ([], [killed]) and answers(site.url))


def test_nothing_outlives_a_killed_server_and_its_database_passes_all_checks(var):
    with running(var, "--workers", "2") as site:
        until(lambda: len(children(site)) == 3 and all(map(hears_signals, children(site))))
        left = children(site)
        site.process.kill()
        site.process.wait()
        until(lambda: not any(map(command_line, left)))
    # Whoever leaves last stops the database: one of them, else the next command.
    outcome = manage(var, "check_database")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert len(outcome.stdout.splitlines()) == len(trial.CHECKS)
    until(lambda: not database_of(var))


def test_a_web_worker_that_is_told_to_end_before_its_loop_runs_does_end(var, database):
    with running(var, "--no-worker", **HURRIED, **of_this_run()) as site:
        told = int((var / "told").read_text())
        until(lambda: children(site, WEB) not in ([], [told]) and not command_line(told))
        until(lambda: answers(site.url))
        site.stop()


# What is said in their commands.
WEB, BESIDE = "serve", "--until-eof"


def children(site: Site, *words: str) -> list[int]:
    """The workers of a server; the database is a child too."""
    tasks = Path(f"/proc/{site.process.pid}/task").glob("*/children")
    pids = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid for pid in pids if {*command_line(pid)} & {*(words or (WEB, BESIDE))}]


def command_line(pid: int) -> list[str]:
    """Nothing where the process has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def test_every_request_that_was_taken_is_answered_before_the_server_stops(var, database):
    slow, others = 10, 200
    with (
        running(var, "--workers", "2", "--no-worker", **SLOW, **of_this_run()) as site,
        ThreadPoolExecutor(2 * slow) as pool,
    ):
        assert children(site, BESIDE) == []
        waiting = [pool.submit(ask, f"{site.url}/slow") for _ in range(slow)]
        until(lambda: len(list(var.glob("started-*"))) == slow)
        quick = [pool.submit(ask, f"{site.url}/quick") for _ in range(others)]
        workers = children(site)
        site.process.send_signal(signal.SIGTERM)
        until(lambda: not answers(site.url))
        (var / "finish").touch()
        assert [each.result() for each in waiting] == [200] * slow
        answered = [each.result() for each in quick]
        assert site.process.wait(60) == 0
    assert len(workers) == 2
    assert not any(map(command_line, workers))
    # What came too late found the door closed, and whatever was begun was answered.
    assert set(answered) <= {200, None}
    assert site.log.read_text().count("GET /quick 200") == answered.count(200)


def ask(url: str) -> int | None:
    """The status of a whole answer; None where the connection was not taken, or closed before the
    request was."""
    try:
        with urlopen(url, timeout=60) as answer:
            assert answer.read()
            return answer.status
    except ConnectionError:
        return None
    except URLError as error:
        if isinstance(error.reason, ConnectionError):
            return None
        raise


def test_more_requests_than_can_wait_are_told_to_come_back(var, database):
    with (
        running(var, "--no-worker", **NARROW, **of_this_run()) as site,
        ThreadPoolExecutor() as pool,
    ):
        request = pool.submit(lambda: urlopen(f"{site.url}/slow", timeout=60).read())
        until((var / "started").exists)
        with pytest.raises(HTTPError) as refusal:
            urlopen(f"{site.url}/slow", timeout=20)
        (var / "finish").touch()
        assert request.result() == b"finished"
        body = json.load(refusal.value)
        assert refusal.value.status == 503
        assert int(refusal.value.headers["Retry-After"]) > 0
        assert body["meta"]["code"] == "busy"
        assert body["meta"]["request_id"] == refusal.value.headers["X-Request-ID"]
        site.stop()


@pytest.fixture
def embedded(settings, var) -> Iterator[Path]:
    """The data folder of an embedded database that this process would start, and this process's
    own way with signals afterwards."""
    settings.VAR_DIR, settings.MONGODB_URL = var, None
    handler = signal.getsignal(signal.SIGTERM)
    yield var
    signal.signal(signal.SIGTERM, handler)


def test_serve_refuses_a_port_in_use_before_it_starts_anything(embedded):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(CommandError, match=r"^Cannot listen on [^\n]* already in use\.$"),
    ):
        call_command("serve", port=taken.getsockname()[1])
    assert list(embedded.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [("--port", "65536"), ("--host", "256.1.1.1"), ("--workers", "0")]
)
def test_serve_refuses_what_it_cannot_do_in_one_line(embedded, arguments):
    with pytest.raises(CommandError, match=r"^[^\n]+$"):
        call_command("serve", *arguments)
    assert list(embedded.iterdir()) == []


# --- ensure_indexes ----------------------------------------------------------------------


def test_help_starts_no_database(embedded):
    for command in ("ensure_indexes", "serve"):
        with pytest.raises(SystemExit) as end:
            call_command(command, "--help", stdout=StringIO())
        assert end.value.code == 0
    assert not list(embedded.glob("mongo*"))


def test_ensure_indexes_may_run_twice_at_once(var):
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(manage, var, "ensure_indexes", *more) for more in ((), ("-v2",))]
    quiet, verbose = outcomes = [each.result() for each in runs]
    assert [each.returncode for each in outcomes] == [0, 0]
    # Who succeeds says nothing on standard error unless asked: cron would mail it.
    assert quiet.stderr == ""
    assert "MongoDB" in verbose.stderr
    created = [line for each in outcomes for line in each.stdout.splitlines()]
    created = [line for line in created if line.endswith("created")]
    assert len(created) == len(set(created)) > 0


def test_ensure_indexes_has_nothing_to_do_when_it_is_run_again(database):
    call_command("ensure_indexes", stdout=StringIO())
    again = StringIO()
    call_command("ensure_indexes", stdout=again)
    assert "created" not in again.getvalue()


@pytest.mark.parametrize("command", ["ensure_indexes", "serve"])
def test_an_unreachable_database_is_one_clear_line(settings, monkeypatch, command):
    settings.MONGODB_URL = "mongodb://user:s3cret@127.0.0.1:1"
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)
    monkeypatch.setattr(connection, "wait_until_ready", partial(connection.wait_until_ready, 2, 0))
    handler = signal.getsignal(signal.SIGTERM)
    connection.disconnect()
    try:
        with pytest.raises(CommandError, match=r"^The database at 127\.0\.0\.1:1 does not [^\n]*$"):
            call_command(command, **({"port": 0} if command == "serve" else {}))
    finally:
        signal.signal(signal.SIGTERM, handler)
        connection.disconnect()


# --- In pipes and at terminals -----------------------------------------------------------


def test_whoever_has_seen_enough_may_close_the_pipe(var):
    archive = var / "empty.zip"
    with archive.open("wb") as file, ArchiveWriter(file):
        pass
    with started(var, *manage_py("restore", str(archive), "--verify")) as process:
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=PATIENCE)
    assert errors == ""
    assert process.returncode == 141


def test_a_terminal_that_knows_only_ascii_gets_what_it_can_show(var):
    missing = str(var / "cadangan-é.zip")
    outcome = manage(var, "restore", missing, "--verify", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert "cadangan" in outcome.stderr
