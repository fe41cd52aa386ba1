"""The worker: steps in turn, failures that hinder no other step, and an end when it is told so."""

import logging
import signal
import threading

import pytest
from bson import ObjectId
from django.core.management import CommandError, call_command
from pymongo.errors import AutoReconnect, ServerSelectionTimeoutError

from accounts import authors
from accounts.documents import User
from content.pictures import files, storage
from content.pictures.documents import FileCheck
from content.pictures.storage import Place
from content.tests.resources import RESOURCES
from core.errors import StorageUnavailable
from lsa_site import worker
from lsa_site.management import companion
from lsa_site.tests.processes import PATIENCE, hears_signals, manage_py, started, until
from lsa_site.worker import Worker


def counted(times: int):
    """A step that has so much to do."""
    left = iter(range(times))
    return lambda: next(left, None) is not None


def failing(*errors: Exception):
    """A step that fails so, one time after another, and then has nothing to do."""
    left = iter(errors)

    def step() -> bool:
        if (error := next(left, None)) is not None:
            raise error
        return False

    return step


@pytest.fixture
def without_pauses(monkeypatch):
    monkeypatch.setattr(worker, "REST_SECONDS", 0)
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0)


def turns(steps, times: int) -> None:
    tried = []

    def last() -> bool:
        tried.append(None)
        if len(tried) == times:
            working.stop()
        return False

    working = Worker([*steps, last])
    working.run()


def test_once_does_all_that_is_due():
    first, second = counted(3), counted(2)
    assert Worker([first, second]).run_once()
    assert not first()
    assert not second()


def test_a_step_that_fails_hinders_no_other(without_pauses, caplog):
    other = counted(5)
    turns([failing(*[ValueError("broken")] * 9), other], times=7)
    assert not other()
    assert caplog.text.count("failed: ValueError") == 1
    assert "Traceback" in caplog.text


def test_each_kind_of_failure_is_told_once_and_again_after_a_success(without_pauses, caplog):
    caplog.set_level(logging.INFO)
    errors = [ValueError("a"), ValueError("b"), KeyError("c"), KeyError("d")]
    step = failing(*errors)
    turns([step], times=6)
    assert caplog.text.count("failed: ValueError") == caplog.text.count("failed: KeyError") == 1
    assert caplog.text.count("works again") == 1


def test_a_database_that_is_away_is_one_line_for_all_steps(without_pauses, caplog):
    lost = [AutoReconnect("gone"), ServerSelectionTimeoutError("nobody there")]
    turns([failing(*lost), failing(*lost)], times=5)
    assert caplog.text.count("The worker waits: the database is away") == 1
    assert "Traceback" not in caplog.text


def test_a_storage_that_is_away_is_one_line(without_pauses, caplog):
    away = StorageUnavailable()
    away.__cause__ = ConnectionError("nobody there")
    turns([failing(away, away, away)], times=4)
    assert caplog.text.count("the storage reports ConnectionError") == 1
    assert "Traceback" not in caplog.text


def test_a_step_that_failed_rests_while_the_others_go_on():
    tried = []

    def step() -> bool:
        tried.append(None)
        raise ValueError

    turns([step, counted(20)], times=20)
    assert len(tried) == 1


def test_it_ends_with_the_step_that_it_is_at():
    done = []

    def step() -> bool:
        working.stop()
        done.append(None)
        return True

    working = Worker([step, step, step])
    working.run()
    assert len(done) == 1


def test_once_says_when_something_failed(database, monkeypatch):
    call_command("worker", once=True)
    monkeypatch.setattr(Worker, "run_once", lambda self: False)
    with pytest.raises(CommandError, match="Not everything"):
        call_command("worker", once=True)


# --- Its steps ---------------------------------------------------------------------------


def test_it_mends_where_files_lie(database):
    storage.save_as(Place.PUBLIC, "uploads/foto.jpg", b"x")
    FileCheck.collection().insert_one(
        {"_id": "uploads/foto.jpg", "due": ObjectId().generation_time, "changes": 1}
    )
    assert files.mend_next in worker.STEPS
    call_command("worker", once=True)
    assert storage.stored_files() == []
    assert FileCheck.collection().count_documents({}) == 0


def test_it_spreads_an_address_that_somebody_left(owner, monkeypatch):
    blogs = RESOURCES["blogs"]
    data = blogs.create(owner.client)
    pending = {"author_pending": ObjectId(), "email": "new@lsa.example"}
    User.collection().update_one({"_id": owner.raw["_id"]}, {"$set": pending})
    assert not authors.spread_next()  # the request that changed it is still at it
    monkeypatch.setattr(authors, "GRACE", -authors.GRACE)
    assert authors.spread_next in worker.STEPS
    call_command("worker", once=True)
    assert blogs.collection().find_one({"_id": ObjectId(data["id"])})["author"] == "new@lsa.example"
    assert "author_pending" not in User.collection().find_one({"_id": owner.raw["_id"]})


# --- As a process ------------------------------------------------------------------------


@pytest.mark.own_database
def test_on_its_own_it_works_until_it_is_told_to_end(tmp_path):
    with started(tmp_path, *manage_py("worker")) as process:
        until(lambda: (tmp_path / "mongo.json").exists() and hears_signals(process.pid))
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in errors


# --- Beside the web server ---------------------------------------------------------------


class Pauses(threading.Event):
    """Never waits, and is set after nine times."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        if len(self.seconds) == 9:
            self.set()
        return self.is_set()


def test_one_that_dies_at_once_is_started_ever_more_slowly(monkeypatch, caplog):
    monkeypatch.setattr(companion, "COMMAND", ("false",))
    beside = companion.Companion()
    beside._stopping = pauses = Pauses()
    beside._keep_running()
    assert pauses.seconds == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert "The worker ended (exit code 1)" in caplog.text


def test_a_machine_that_can_start_no_process_is_told(monkeypatch):
    monkeypatch.setattr(companion, "COMMAND", ("/no/such/program",))
    assert "No such file" in companion.Companion()._run()
