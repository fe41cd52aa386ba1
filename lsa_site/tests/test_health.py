"""What probes are told."""

import errno
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from pymongo.errors import ServerSelectionTimeoutError

from conftest import PASSWORD
from content.pictures.local_storage import LocalStorage
from content.tests.resources import RESOURCES
from core.database import embedded, failures
from core.database import health as health_document
from core.database.health import WORKER, Health
from core.database.tests.failing import failing
from core.times import now
from lsa_site import health

READY = "/health/ready"


@pytest.fixture(autouse=True)
def fresh(monkeypatch) -> None:
    """Nothing is remembered from before."""
    monkeypatch.setattr(health, "readiness", health.Readiness())


@pytest.fixture
def lost_database(monkeypatch) -> Iterator[None]:
    def fail() -> None:
        raise ConnectionError("mongodb://user:hunter2@10.0.0.7")

    monkeypatch.setattr("core.database.health.probe", fail)


@pytest.fixture(params=[errno.ENOSPC])
def full_disk(request, monkeypatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(LocalStorage, "save", fail)


@pytest.fixture
def no_room(monkeypatch, settings, tmp_path) -> Callable[[], None]:
    """Makes the database an embedded one, on a disk that will not do."""

    def happens() -> None:
        settings.VAR_DIR = tmp_path
        monkeypatch.setattr(embedded, "is_embedded", lambda: True)
        monkeypatch.setattr(embedded, "check_room", partial(embedded.check_room, 2**62))

    return happens


def said(response: Any) -> tuple[str, ...]:
    """What was told of all, of the database and of the storage."""
    return tuple(response.json()[name] for name in ("status", "database", "storage"))


def test_it_tells_how_far_webhooks_are_behind_and_stays_ready(anyone, monkeypatch):
    monkeypatch.setattr(health.watching, "lag", lambda: 90.04)
    response = anyone.get(READY)
    assert response.status_code == 200
    assert response.json()["webhooks_behind_seconds"] == 90.0


def test_it_is_not_said_where_the_database_is_away(anyone, lost_database):
    assert anyone.get(READY).json()["webhooks_behind_seconds"] is None


@pytest.mark.parametrize("path", ["/health/live", READY])
def test_probes_are_answered_without_envelope_and_never_cached(anyone, path):
    response = anyone.get(path)
    assert response.status_code == 200
    assert response.json()["status"] in ("ok", "degraded")
    assert "data" not in response.json()
    assert response["Cache-Control"] == "no-store"
    assert anyone.head(path).status_code == 200


def test_it_is_ready_when_database_and_storage_are(anyone):
    health_document.tell(WORKER)
    assert anyone.get(READY).json() == {
        "status": "ok",
        "database": "ok",
        "storage": "ok",
        "kept_storage": "ok",
        "worker": "ok",
        "webhooks_behind_seconds": 0,
    }


def test_the_probe_leaves_no_file(anyone, settings):
    anyone.get(READY)
    assert [file for file in settings.MEDIA_ROOT.rglob("*") if file.is_file()] == []


def test_two_processes_that_probe_at_once_use_two_files(monkeypatch):
    names = []
    save = LocalStorage.save

    def noted(storage: LocalStorage, name: str, content: Any) -> str:
        names.append(name)
        return save(storage, name, content)

    monkeypatch.setattr(LocalStorage, "save", noted)
    for pid in (1, 2):
        monkeypatch.setattr(health.os, "getpid", lambda pid=pid: pid)
        assert health.check_storage(default_storage) == "ok"
    assert len(set(names)) == 2


def test_it_is_not_ready_without_database(anyone, lost_database):
    response = anyone.get(READY)
    assert response.status_code == 503
    assert said(response) == ("error", "unavailable", "ok")


@pytest.mark.parametrize(
    ("full_disk", "storage"),
    [
        (errno.ENOSPC, "disk full"),
        (errno.EDQUOT, "disk full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "read-only"),
        (errno.EIO, "unavailable"),
    ],
    indirect=["full_disk"],
)
def test_it_is_not_ready_without_storage(anyone, full_disk, storage):
    response = anyone.get(READY)
    assert response.status_code == 503
    assert said(response) == ("error", "ok", storage)


@pytest.mark.wire
@pytest.mark.parametrize(
    ("command", "code", "word"),
    [
        ("find", 1, "unavailable"),
        ("update", 1, "unavailable"),
        ("update", 14031, "disk full"),
        ("find", 13, "not allowed"),
        ("update", 13, "not allowed"),
        ("update", 20, "read-only"),
        ("update", 10107, "no primary"),
        ("update", 189, "no primary"),
    ],
)
def test_it_is_not_ready_with_a_database_that_answers_and_can_do_no_more(
    anyone, command, code, word
):
    with failing(command, errorCode=code):
        response = anyone.get(READY)
    assert response.status_code == 503
    assert response.json()["database"] == word


def test_members_without_a_primary_are_told_from_no_members_at_all():
    without = ServerSelectionTimeoutError("No primary available for writes, Timeout: 2s")
    nobody = ServerSelectionTimeoutError("10.0.0.7:27017: connection refused, Timeout: 2s")
    assert failures.in_a_word(without) == "no primary"
    assert failures.in_a_word(nobody) == "unavailable"


@pytest.mark.parametrize(
    ("silence", "worker", "status"),
    [(None, "missing", "degraded"), (200, "late", "degraded"), (60, "ok", "ok")],
)
def test_a_late_worker_is_told_and_closes_nothing(anyone, silence, worker, status):
    if silence:
        Health(name=WORKER, checked_at=now() - timedelta(seconds=silence)).save()
    response = anyone.get(READY)
    assert response.status_code == 200
    assert (response.json()["worker"], response.json()["status"]) == (worker, status)


def test_no_place_for_what_is_in_the_trash_is_told_and_closes_nothing(anyone, settings, tmp_path):
    health_document.tell(WORKER)
    (tmp_path / "kept").write_text("a file where the folder should be")
    response = anyone.get(READY)
    assert response.status_code == 200
    assert said(response) == ("degraded", "ok", "ok")
    assert response.json()["kept_storage"] == "unavailable"


def test_the_probe_stores_a_file_of_some_size(anyone, monkeypatch):
    sizes = []
    monkeypatch.setattr(LocalStorage, "save", lambda _, name, file: sizes.append(file.size))
    anyone.get(READY)
    assert sizes == [1024 * 1024] * 2


def test_probes_write_one_document(anyone, monkeypatch):
    for pid in (1, 2):
        monkeypatch.setattr(health.os, "getpid", lambda pid=pid: pid)
        assert health.check_database() == "ok"
    assert [raw["_id"] for raw in Health.collection().find()] == ["readiness"]


def test_a_disk_without_room_for_the_embedded_database_is_named(anyone, no_room):
    no_room()
    response = anyone.get(READY)
    assert response.status_code == 503
    assert said(response) == ("error", "disk full", "ok")


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))
def test_without_room_nothing_is_written_and_all_is_read(resource, owner, no_room, caplog):
    data = resource.create(owner.client)
    before = resource.collection().find_one()
    no_room()
    for response in (
        resource.post(owner.client),
        owner.client.patch(resource.item(data["id"]), {resource.title: "Lain"}, format="json"),
        owner.client.delete(resource.item(data["id"])),
        owner.client.post("/api/v1/auth/login", {"username": "owner", "password": PASSWORD}),
    ):
        assert response.status_code == 503
        assert response.json()["meta"]["code"] == "database_unavailable"
        assert response["Retry-After"]
    assert list(resource.collection().find()) == [before]
    assert owner.client.get(resource.url).status_code == 200
    assert owner.client.get(resource.item(data["id"])).status_code == 200
    assert f"The disk of {settings.VAR_DIR} is full" in caplog.text
    assert str(settings.VAR_DIR) not in response.content.decode()


def test_it_lives_without_either(anyone, lost_database, full_disk):
    assert anyone.get("/health/live").status_code == 200


def test_probes_do_not_become_a_load(anyone, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(health, "check_database", lambda: asked.append("database") or "ok")
    monkeypatch.setattr(health.time, "monotonic", lambda: 1000.0)
    for _ in range(5):
        anyone.get(READY)
    assert asked == ["database"]
    monkeypatch.setattr(health.time, "monotonic", lambda: 1001.0)
    anyone.get(READY)
    assert asked == ["database", "database"]


def test_probes_speak_plain_http_where_all_else_is_redirected(anyone, settings):
    settings.SECURE_SSL_REDIRECT = True
    for prefix in ("", "/api/v1"):
        assert anyone.get(f"{prefix}/health/live").status_code == 200
        assert anyone.get(f"{prefix}{READY}").status_code == 200
    redirected = anyone.get("/blogs")
    assert redirected.status_code == 301
    assert redirected["Location"].startswith("https://")
