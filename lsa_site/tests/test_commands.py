"""The commands as a person runs them: processes, signals, exit codes, one-line errors."""

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from core.database import connection
from core.database.embedded_server import Server
from lsa_site.tests.processes import PATIENCE, manage, manage_py, started, until

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
SLOW = {"DJANGO_SETTINGS_MODULE": "lsa_site.tests.slow_site"}


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (left := database_of(tmp_path)) is not None:
        left.stop()
        pytest.fail("the database outlived its users")


def database_of(var: Path) -> Server | None:
    server = Server.recorded(var / "mongo.log")
    return server if server and server.is_running() else None


def serve(stack: ExitStack, var: Path, *arguments: str, **extra: str) -> tuple[Any, str]:
    """A web server on a free port, and its URL."""
    command = manage_py("serve", "--port", "0", *arguments)
    process = stack.enter_context(started(var, *command, **extra))
    for line in process.stdout:
        if found := re.search(r"Serving on (\S+)", line):
            return process, found[1]
    raise AssertionError(process.communicate()[1])


def answers(url: str) -> bool:
    """Whether the site answers; while it stops it may take a connection and say nothing."""
    try:
        urlopen(f"{url}/health/live", timeout=5).close()
    except HTTPError:
        return True
    except OSError:
        return False
    return True


def finish(process: subprocess.Popen[str], signal_number: int) -> str:
    """Stop it; returns what it said on standard error."""
    process.send_signal(signal_number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return errors


# --- serve -------------------------------------------------------------------------------


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_serve_stops_everything_it_started(var, signal_number):
    with ExitStack() as stack:
        process, url = serve(stack, var, "--workers", "2")
        until(lambda: answers(url))
        assert database_of(var)
        assert "Traceback" not in finish(process, signal_number)
    assert not answers(url)
    assert database_of(var) is None


def test_serve_says_what_to_open(var):
    with ExitStack() as stack:
        process, url = serve(stack, var)
        lines = [process.stdout.readline().split()[-1] for _ in range(4)]
        assert lines == [f"{url}{path}" for path in ("/api/v1", "/docs", "/redoc", "/health/ready")]
        finish(process, signal.SIGTERM)


def test_of_servers_started_together_one_fills_the_database(var):
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        # With the product's settings: those of tests hash too fast for the two to meet.
        project = {"DJANGO_SETTINGS_MODULE": "lsa_site.settings"}
        both = list(pool.map(lambda _: serve(stack, var, "--seed", **project), range(2)))
        totals = [totals_at(url) for _, url in both]
        said = [finish(process, signal.SIGTERM) for process, _ in both]
    assert totals[0] == totals[1]
    assert min(totals[0].values()) > 0
    assert not any("ERROR" in line for line in said)


def totals_at(url: str) -> dict[str, int]:
    """How many there are of each kind of content."""
    pages = {
        kind: json.load(urlopen(f"{url}/api/v1/{kind}", timeout=PATIENCE))
        for kind in ("blogs", "programs", "gallery", "partners")
    }
    return {kind: page["meta"]["total"] for kind, page in pages.items()}


def test_serve_takes_a_host_by_its_name(var):
    with ExitStack() as stack:
        process, url = serve(stack, var, "--host", "localhost")
        assert "localhost" in url
        until(lambda: answers(url))
        finish(process, signal.SIGTERM)


def test_a_running_request_is_finished_before_the_server_stops(var):
    with ExitStack() as stack:
        process, url = serve(stack, var, **SLOW)
        until(lambda: answers(url))
        with ThreadPoolExecutor() as pool:
            request = pool.submit(lambda: urlopen(f"{url}/slow", timeout=60).read())
            until((var / "started").exists)
            process.send_signal(signal.SIGTERM)
            until(lambda: not answers(url))
            (var / "finish").touch()
            assert request.result() == b"finished"
        assert process.wait(60) == 0


def test_every_request_that_was_taken_is_answered_before_the_server_stops(var):
    slow, others = 10, 200
    with ExitStack() as stack, ThreadPoolExecutor(2 * slow) as pool:
        process, url = serve(stack, var, "--workers", "2", **SLOW)
        until(lambda: answers(url))
        waiting = [pool.submit(ask, f"{url}/slow") for _ in range(slow)]
        until(lambda: len(list(var.glob("started-*"))) == slow)
        quick = [pool.submit(ask, f"{url}/quick") for _ in range(others)]
        process.send_signal(signal.SIGTERM)
        until(lambda: not answers(url))
        (var / "finish").touch()
        assert [each.result() for each in waiting] == [200] * slow
        answered = [each.result() for each in quick]
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    # What came too late found the door closed, and whatever was begun was answered.
    assert set(answered) <= {200, None}
    assert log.count("GET /quick 200") == answered.count(200)


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


def test_more_requests_than_can_wait_are_told_to_come_back(var):
    with ExitStack() as stack:
        process, url = serve(stack, var, DJANGO_SETTINGS_MODULE="lsa_site.tests.narrow_site")
        until(lambda: answers(url))
        with ThreadPoolExecutor() as pool:
            request = pool.submit(lambda: urlopen(f"{url}/slow", timeout=60).read())
            until((var / "started").exists)
            with pytest.raises(HTTPError) as refusal:
                urlopen(f"{url}/slow", timeout=20)
            (var / "finish").touch()
            assert request.result() == b"finished"
        body = json.load(refusal.value)
        assert refusal.value.status == 503
        assert int(refusal.value.headers["Retry-After"]) > 0
        assert body["meta"]["code"] == "busy"
        assert body["meta"]["request_id"] == refusal.value.headers["X-Request-ID"]
        finish(process, signal.SIGTERM)


def test_a_worker_that_dies_is_replaced(var):
    with ExitStack() as stack:
        process, url = serve(stack, var)
        until(lambda: answers(url))
        (worker,) = children(process.pid)
        os.kill(worker, signal.SIGKILL)
        until(lambda: worker not in children(process.pid) and answers(url))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def test_workers_do_not_outlive_a_killed_parent(var):
    with ExitStack() as stack:
        process, url = serve(stack, var, "--workers", "2", "--no-worker")
        until(lambda: answers(url))
        process.kill()
        process.wait()
        until(lambda: not answers(url))
    # Whoever leaves last stops the database: the background worker, else the next command.
    assert manage(var, "ensure_indexes").returncode == 0
    until(lambda: not database_of(var))


def children(pid: int) -> list[int]:
    """The web workers of the server; the database is a child too."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found if b"serve" in command_line(child)]


def command_line(pid: str) -> bytes:
    """Nothing where the process has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_serve_refuses_a_port_in_use_before_it_starts_anything(var):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = manage(var, "serve", "--port", str(taken.getsockname()[1]))
    assert outcome.returncode == 1
    assert re.fullmatch(r"CommandError: Cannot listen on .* already in use\.\n", outcome.stderr)
    assert not (var / "mongo.json").exists()


@pytest.mark.parametrize(
    "arguments", [("--port", "65536"), ("--host", "256.1.1.1"), ("--workers", "0")]
)
def test_serve_refuses_what_it_cannot_do_in_one_line(var, arguments):
    outcome = manage(var, "serve", *arguments)
    assert outcome.returncode != 0
    assert "Traceback" not in outcome.stderr


# --- ensure_indexes ----------------------------------------------------------------------


def test_help_and_checks_start_no_database(var):
    for arguments in (["check"], ["ensure_indexes", "--help"], ["serve", "--help"]):
        assert manage(var, *arguments).returncode == 0
    assert not (var / "mongo.json").exists()


def test_a_second_run_of_ensure_indexes_has_nothing_to_do(var):
    first, second = manage(var, "ensure_indexes"), manage(var, "ensure_indexes")
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "collection created" in first.stdout
    assert "created" not in second.stdout


def test_ensure_indexes_may_run_twice_at_once(var):
    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(lambda _: manage(var, "ensure_indexes"), range(2)))
    assert [outcome.returncode for outcome in outcomes] == [0, 0]
    created = [line for outcome in outcomes for line in outcome.stdout.splitlines()]
    created = [line for line in created if line.endswith("created")]
    assert len(created) == len(set(created)) > 0


@pytest.mark.parametrize("command", ["ensure_indexes", "serve"])
def test_an_unreachable_database_is_one_clear_line(settings, monkeypatch, command):
    settings.MONGODB_URL = "mongodb://user:s3cret@127.0.0.1:1"
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)
    monkeypatch.setattr(connection.time, "sleep", lambda _: None)
    handler = signal.getsignal(signal.SIGTERM)
    connection.disconnect()
    try:
        with pytest.raises(CommandError, match=r"^The database at 127\.0\.0\.1:1 does not [^\n]*$"):
            call_command(command, **({"port": 0} if command == "serve" else {}))
    finally:
        signal.signal(signal.SIGTERM, handler)
        connection.disconnect()


# --- In pipes and from cron --------------------------------------------------------------


def test_a_command_that_succeeds_says_nothing_on_standard_error(var, seeded):
    """Nor did `seed`, which made what is there."""
    seeded(var)
    for arguments in (["ensure_indexes"], ["prune_media"]):
        outcome = manage(var, *arguments)
        assert (outcome.returncode, outcome.stderr) == (0, "")
    assert "MongoDB" in manage(var, "prune_media", "-v2").stderr


def test_whoever_has_seen_enough_may_close_the_pipe(var):
    with started(var, *manage_py("ensure_indexes")) as process:
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors
    assert process.returncode == 141


def test_a_terminal_that_knows_only_ascii_gets_what_it_can_show(var):
    missing = str(var / "cadangan-é.zip")
    outcome = manage(var, "restore", missing, "--verify", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert "cadangan" in outcome.stderr
