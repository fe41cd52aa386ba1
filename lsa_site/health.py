"""Whether this process lives and whether it can do its work, for probes."""

import os
import socket
import time
from threading import Lock

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, JsonResponse

from core.api.views import read_only
from core.database import health
from core.database.embedded import DiskFullError
from webhooks import watching

# Probes of several balancers must not become a load of their own.
CACHE_SECONDS = 1.0


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
                self._checks = {"database": check_database(), "storage": check_storage()}
                self._behind = webhooks_behind() if self._checks["database"] == "ok" else None
                self._checked_at = time.monotonic()
            return self._checks, self._behind


readiness = Readiness()


@read_only
def ready(request: HttpRequest) -> JsonResponse:
    """Database and storage can be used: 200, else 503. How far webhooks are behind is told, and
    closes nothing: readers are answered all the same."""
    checks, behind = readiness.checks()
    is_ok = set(checks.values()) == {"ok"}
    told = {"status": "ok" if is_ok else "error", **checks, "webhooks_behind_seconds": behind}
    return _answer(told, 200 if is_ok else 503)


def check_database() -> str:
    """Writes and reads a document."""
    try:
        health.probe()
    except DiskFullError:
        return "disk full"
    except Exception:
        return "unavailable"
    return "ok"


def webhooks_behind() -> float | None:
    try:
        return round(watching.lag(), 1)
    except Exception:
        return None


def check_storage() -> str:
    """Writes and removes a small file: a full or read-only disk is found here."""
    # A name of this process's own: others probe at the same moment.
    probe = f"health-probe-{socket.gethostname()}-{os.getpid()}"
    try:
        # What a full disk left of the last one goes first, else each probe would leave one more.
        default_storage.delete(probe)
        default_storage.save(probe, ContentFile(b"ok"))
        default_storage.delete(probe)
    except Exception:
        return "unavailable"
    return "ok"


def _answer(data: dict[str, str | float | None], status: int) -> JsonResponse:
    return JsonResponse(data, status=status, headers={"Cache-Control": "no-store"})
