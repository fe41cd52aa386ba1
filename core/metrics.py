"""What is counted and timed as it happens, for Prometheus.

The processes of one web server write to files of one folder, which any of them can read out. Every
metric has a label: one without would choose where to write when it is declared, and not when it is
first used.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from tempfile import TemporaryDirectory

from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
OTHER = "other"
SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

REQUESTS = Histogram(
    "lsa_request_seconds",
    "Requests by method, route, status and what answered them: django or memory.",
    ("method", "route", "status", "source"),
    buckets=SECONDS,
)
DATABASE = Histogram(
    "lsa_database_seconds", "Commands to the database.", ("command", "outcome"), buckets=SECONDS
)
PICTURES = Histogram(
    "lsa_picture_seconds",
    "Uploads that were cleaned and stored, refused, or could not be stored.",
    ("outcome",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LOGINS = Counter("lsa_logins", "Passwords that were checked.", ("outcome",))

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # as the library names it


@contextmanager
def shared() -> Iterator[None]:
    """Count together with the processes that are forked from this one within."""
    with TemporaryDirectory(prefix="lsa-metrics-") as folder:
        os.environ[_FOLDER] = folder
        # The library looks once, when it is imported.
        values.ValueClass = values.get_value_class()
        yield


def registry() -> CollectorRegistry:
    """All that was counted, in this process or by those that count together."""
    if _FOLDER not in os.environ:
        return REGISTRY
    found = CollectorRegistry()
    MultiProcessCollector(found)
    return found


def count_request(
    method: str, route: str | None, status: int, seconds: float, *, source: str = "django"
) -> None:
    """`route` is that of Django's URL resolver; None where there is none, or a static file."""
    _requests(method, route, status, source).observe(seconds)


def count_command(name: str, outcome: str, seconds: float) -> None:
    """A command to the database, by the name that the driver gives it."""
    _commands(name, outcome).observe(seconds)


# To look the labels up anew takes longer than to count. Their values are few: no path, and no
# method that a client made up.
@lru_cache(maxsize=4096)
def _requests(method: str, route: str | None, status: int, source: str) -> Histogram:
    named = method if method in METHODS else OTHER
    return REQUESTS.labels(named, OTHER if route is None else _template(route), status, source)


@lru_cache(maxsize=256)
def _commands(name: str, outcome: str) -> Histogram:
    return DATABASE.labels(name, outcome)


def _template(route: str) -> str:
    """A route as the API's document writes it, one for both prefixes."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{route}")
    return path.removeprefix(settings.API_PREFIX) or "/"
