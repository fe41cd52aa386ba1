"""`reset_db`: asks first, and leaves an empty installation."""

import io
import os
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.management import CommandError, call_command

from accounts.documents import User
from core.database import connection, indexes
from lsa_site import reset
from lsa_site.tests.processes import environment, manage_py

pytestmark = pytest.mark.wire


@pytest.fixture
def recorded_reset(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the deletion; holds a line for each one."""
    calls: list[str] = []
    monkeypatch.setattr(reset, "reset", lambda: calls.append("reset") or [])
    monkeypatch.setattr(connection, "wait_until_ready", lambda: None)
    return calls


def test_reset_db_asks_first_and_takes_no_for_an_answer(settings, monkeypatch, recorded_reset):
    settings.MONGODB_URL = None
    for answer in ("", "n", "no", "perhaps"):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        with pytest.raises(CommandError, match="Nothing was deleted"):
            call_command("reset_db")
    assert recorded_reset == []
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    call_command("reset_db", stdout=io.StringIO())
    assert recorded_reset == ["reset"]


@pytest.mark.parametrize("arguments", [[], ["--yes"], ["--i-know-this-is-production"]])
def test_reset_db_refuses_in_production(settings, recorded_reset, arguments):
    settings.MONGODB_URL, settings.DEBUG_MODE = "mongodb://db.example", False
    with pytest.raises(CommandError, match="production"):
        call_command("reset_db", *arguments)
    assert recorded_reset == []


@pytest.mark.parametrize(
    ("url", "debug", "arguments"),
    [
        (None, False, ["--yes"]),
        ("mongodb://db.example", True, ["--yes"]),
        ("mongodb://db.example", False, ["--yes", "--i-know-this-is-production"]),
    ],
)
def test_reset_db_goes_ahead_when_told_so(settings, recorded_reset, url, debug, arguments):
    settings.MONGODB_URL, settings.DEBUG_MODE = url, debug
    call_command("reset_db", *arguments, stdout=io.StringIO())
    assert recorded_reset == ["reset"]


@pytest.fixture
def debugged(settings) -> None:
    """No production: what is asked first may be done."""
    settings.DEBUG_MODE = True


@pytest.mark.parametrize(("command", "options"), [("reset_db", {}), ("seed", {"force": True})])
def test_without_a_terminal_nothing_is_deleted(debugged, owner, monkeypatch, command, options):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match=r"^Nothing was deleted\.$"):
        call_command(command, **options)
    assert User.collection().count_documents({}) == 1


def test_at_a_terminal_it_is_asked_and_no_is_taken_for_an_answer(settings, owner, tmp_path):
    ours, terminal = os.openpty()
    known = {"MONGODB_URL": settings.MONGODB_URL, "DEBUG_MODE": "true"}
    process = subprocess.Popen(
        [sys.executable, *manage_py("seed", "--force")],
        env=environment(tmp_path, **known),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # which is how the end of a terminal reads
        while chunk := os.read(ours, 4096):
            shown += chunk
            if shown.endswith(b"[y/N] "):
                os.write(ours, b"n\n")
    os.close(ours)
    assert process.wait(timeout=30) == 1
    assert b"Delete all content, users and uploaded files" in shown
    assert b"Nothing was deleted." in shown
    assert User.collection().count_documents({}) == 1


def test_a_reset_empties_the_database_and_prepares_it_anew(debugged, owner):
    output = io.StringIO()
    call_command("reset_db", "--yes", stdout=output)
    assert "index" in output.getvalue()
    assert User.collection().count_documents({}) == 0
    assert indexes.ensure_indexes() == []


def test_a_reset_deletes_uploaded_files_and_no_others(settings, tmp_path, database):
    settings.MEDIA_ROOT = tmp_path
    for name in ("uploads/a.png", "uploads/b.jpg.0a1b2c3d.320.webp", "other/c.png"):
        default_storage.save(name, ContentFile(b"x"))
    storages["kept"].save("uploads/d.png", ContentFile(b"x"))
    reset.reset()
    assert [file.name for file in tmp_path.rglob("*.*")] == ["c.png"]
    reset.reset()


def test_a_storage_that_is_away_is_one_line(settings, database):
    backend = f"{__name__}.{AwayStorage.__name__}"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend}}
    with pytest.raises(CommandError, match=r"^The storage reports: away$"):
        call_command("reset_db", "--yes", "--i-know-this-is-production", stdout=io.StringIO())
    assert indexes.ensure_indexes() == []


class AwayStorage(FileSystemStorage):
    def listdir(self, path: str) -> Any:
        raise ConnectionError("away")
