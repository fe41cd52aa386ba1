"""Whether the database and its address are the right ones: what is said at the start, and what
`check_database` proves."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from mongoengine.connection import get_connection, get_db

from core.database import connection, failures, trial
from core.database.embedded_server import Server
from core.database.tests.conftest import NAME
from core.database.tests.failing import failing
from core.database.tests.member import member
from core.database.transactions import in_transaction

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
SET = "setName"


@pytest.fixture
def replicated(server: Server, reconnect: Callable) -> Iterator[str]:
    """The address of a replica set of one node, asked as is recommended."""
    url = f"mongodb://127.0.0.1:{server.port}/?replicaSet=secantus&w=majority"
    reconnect(url + "&serverMonitoringMode=poll&heartbeatFrequencyMS=500")
    yield url
    get_connection().drop_database(NAME)


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


def check() -> tuple[dict[str, str], str | None]:
    """The lines by the name of their check, and the complaint at the end."""
    output, complaint = StringIO(), None
    try:
        call_command("check_database", stdout=output)
    except CommandError as error:
        complaint = str(error)
    return {line[8:23].strip(): line for line in output.getvalue().splitlines()}, complaint


# --- At the start ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hello", "options", "warning"),
    [
        ({}, "", "stands alone"),
        ({SET: "lsa"}, "directConnection=true", "directConnection=true"),
        ({SET: "lsa"}, "retryWrites=false", "retryWrites=false"),
        ({SET: "lsa"}, "w=1", "w=1"),
        ({SET: "lsa"}, "w=majority&journal=false", "journal=false"),
        ({SET: "lsa"}, "readConcernLevel=majority", "readConcernLevel=majority"),
        ({SET: "lsa", "arbiters": ["c:1"]}, "", "w=1"),
        ({SET: "lsa", "arbiters": ["c:1"]}, "w=majority", "arbiter"),
    ],
)
def test_what_would_break_a_promise_is_said_at_the_start(
    reconnect, caplog, hello, options, warning
):
    with member(**hello) as address:
        reconnect(f"mongodb://{address}/?{options}")
        connection.wait_until_ready(attempts=1)
        connection.disconnect()
    assert any(warning in line for line in warned(caplog))


@pytest.mark.parametrize(
    ("hello", "options"),
    [({SET: "lsa"}, "replicaSet=lsa&w=majority"), ({SET: "lsa"}, ""), ({"msg": "isdbgrid"}, "")],
)
def test_a_database_as_it_should_be_is_nothing_to_speak_of(reconnect, caplog, hello, options):
    with member(**hello) as address:
        reconnect(f"mongodb://{address}/?{options}")
        connection.wait_until_ready(attempts=1)
        connection.disconnect()
    assert warned(caplog) == []


def test_an_address_by_which_no_write_is_acknowledged_is_refused(reconnect, server):
    reconnect(f"{server.url}&w=0")
    with pytest.raises(failures.DatabaseUnavailableError, match=r"^MONGODB_URL: w=0"):
        connection.wait_until_ready()


# --- Proved ------------------------------------------------------------------------------


def test_a_database_that_does_all_passes_and_nothing_is_left(replicated):
    get_db().mine.insert_one({"_id": 1})
    lines, complaint = check()
    assert complaint is None
    assert list(lines) == list(trial.CHECKS)
    assert all(line.startswith("ok ") for line in lines.values())
    assert get_db().list_collection_names() == ["mine"]


def test_a_server_that_stands_alone_does_not_pass(tmp_path, reconnect):
    alone = Server.start(":memory:", tmp_path / "mongo.log", options=["--standalone"])
    try:
        reconnect(f"mongodb://127.0.0.1:{alone.port}/?retryWrites=false")
        lines, complaint = check()
    finally:
        connection.disconnect()
        alone.stop()
    assert complaint.endswith("checks failed.")
    for name in ("replica set", "address", "transactions"):
        assert lines[name].startswith("FAILED")
        assert "alone" in lines[name]
    assert lines["indexes"].startswith("ok")


@pytest.mark.parametrize(
    ("name", "command", "reason"),
    [
        ("rights", "insert", "insert: "),
        ("rights", "renameCollection", "renameCollection: "),
        ("rights", "count", None),
        ("indexes", "createIndexes", "Failing"),
        ("transactions", "commitTransaction", "Failing"),
        ("change stream", "aggregate", "Failing"),
    ],
)
def test_what_is_not_allowed_is_named(replicated, name, command, reason):
    command = "aggregate" if command == "count" else command
    with failing(command, errorCode=13):
        lines, complaint = check()
    assert complaint.endswith("checks failed.")
    assert lines[name].startswith("FAILED")
    assert (reason or "count: ") in lines[name]
    assert lines["server"].startswith("ok")


@pytest.mark.parametrize(
    ("name", "said", "reason"),
    [
        ("clocks", {"localTime": datetime.now(UTC) + timedelta(hours=1)}, "apart"),
        ("server", {"version": "4.4.29"}, "4.4.29 is too old"),
        ("replica set", {"isWritablePrimary": False}, "takes no writes"),
        ("rights", {}, "no right to"),
    ],
)
def test_a_server_that_differs_does_not_pass(reconnect, name, said, reason):
    with member(**{SET: "lsa"} | said) as address:
        reconnect(f"mongodb://{address}/?directConnection=true")
        lines, complaint = check()
        connection.disconnect()
    assert complaint
    assert lines[name].startswith("FAILED")
    assert reason in lines[name]


def test_a_database_that_is_not_there_is_one_line(reconnect, monkeypatch):
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)
    monkeypatch.setattr(connection, "wait_until_ready", partial(connection.wait_until_ready, 2, 0))
    reconnect("mongodb://127.0.0.1:1")
    lines, complaint = check()
    assert lines == {}
    assert complaint.startswith("The database at 127.0.0.1:1 does not answer")


# --- A planned step-down -----------------------------------------------------------------


@pytest.mark.parametrize(
    "lost",
    [{"errorCode": 10107}, {"errorCode": 189}, {"errorCode": 91}, {"closeConnection": True}],
    ids=["no primary any more", "stepping down", "shutting down", "connection closed"],
)
def test_a_write_that_meets_a_step_down_passes_by_retry(replicated, lost):
    things = get_db().create_collection("things")
    with failing("insert", times=1, **lost):
        assert things.insert_one({"_id": 1}).acknowledged
    assert things.count_documents({}) == 1


def test_a_transaction_that_meets_a_step_down_passes_by_retry(replicated):
    things = get_db().create_collection("things")
    with failing("insert", times=1, errorCode=189):
        in_transaction(lambda transaction: things.insert_one({}, session=transaction))
    with failing("commitTransaction", times=1, errorCode=189):
        in_transaction(lambda transaction: things.insert_one({}, session=transaction))
    assert things.count_documents({}) == 2
