"""Whether this process lives and whether it can do its work, for probes."""

import errno
import os
import socket
import time
from threading import Lock

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.http import HttpRequest, JsonResponse

from core.api.views import read_only
from core.database import failures, health
from core.database.embedded import DiskFullError
from webhooks import watching

# Probes of several balancers must not become a load of their own.
CACHE_SECONDS = 1.0
# As large as many a picture: on a full disk there is often room for a few bytes.
PROBE_BYTES = 1024 * 1024
# One that is started by cron each minute is in time.
WORKER_LATE_SECONDS = 120
DISK_FULL = "disk full"
STORAGE_FAILURES = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EROFS: "read-only",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
}


@read_only
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return _answer({"status": "ok"}, 200)


class Readiness:
    """The last result of all checks, kept for a second."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._checked_at = float("-inf")
        self._checks: dict[str, str] = {}
        self._behind: float | None = None

    def checks(self) -> tuple[dict[str, str], float | None]:
        """What was found, and by how many seconds webhooks are behind."""
        with self._lock:
            if time.monotonic() - self._checked_at >= CACHE_SECONDS:
                database = check_database()
                # What the rest would read lies there, and who probes shall not wait for it again.
                is_there = database == "ok"
                worker = check_worker() if is_there else "unknown"
                self._checks = {
                    "database": database,
                    "storage": check_storage(default_storage),
                    "kept_storage": check_storage(storages["kept"]),
                    "worker": worker,
                }
                self._behind = webhooks_behind() if is_there else None
                self._checked_at = time.monotonic()
            return self._checks, self._behind


readiness = Readiness()


@read_only
def ready(request: HttpRequest) -> JsonResponse:
    """Database and storage can be used: 200, else 503.

    A missing worker, no place for what is in the trash and how far webhooks are behind are told,
    and close nothing: readers are answered all the same, and fewer web servers would help nobody.
    """
    checks, behind = readiness.checks()
    is_ok = {checks["database"], checks["storage"]} == {"ok"}
    well = "ok" if set(checks.values()) == {"ok"} else "degraded"
    told = {"status": well if is_ok else "error", **checks, "webhooks_behind_seconds": behind}
    return _answer(told, 200 if is_ok else 503)


def check_database() -> str:
    """Writes and reads a document; else what is in the way, without anything of the address."""
    try:
        health.probe()
    except DiskFullError:
        return DISK_FULL
    except Exception as error:
        return failures.in_a_word(error)
    return "ok"


def check_worker() -> str:
    try:
        silence = health.silence(health.WORKER)
    except Exception:
        return "unknown"
    if silence is None:
        return "missing"
    return "late" if silence > WORKER_LATE_SECONDS else "ok"


def webhooks_behind() -> float | None:
    try:
        return round(watching.lag(), 1)
    except Exception:
        return None


def check_storage(storage: Storage) -> str:
    """Writes and removes a file: a full or read-only disk is found here."""
    # A name of this process's own: others probe at the same moment.
    probe = f"health-probe-{socket.gethostname()}-{os.getpid()}"
    try:
        # What a full disk left of the last one goes first, else each probe would leave one more.
        storage.delete(probe)
        storage.save(probe, ContentFile(bytes(PROBE_BYTES)))
        storage.delete(probe)
    except Exception as error:
        return STORAGE_FAILURES.get(getattr(error, "errno", None), "unavailable")
    return "ok"


def _answer(data: dict[str, str | float | None], status: int) -> JsonResponse:
    return JsonResponse(data, status=status, headers={"Cache-Control": "no-store"})
