"""What a list costs the worker as the collection grows.

The embedded database sorts and counts by walking, some 20 µs per document, so a list of so many
takes seconds, in which a worker looks after its connections, and after which what it had at hand
is gone. So the list of few documents is asked of a database that takes as long to answer, by turns
with the list of many.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import requests

from bench import servers, slow_database
from bench.table import Row
from core.database.embedded_server import Server

FEW, MANY = 100, 100_000
ROUNDS = 3
# A page, and the total.
QUERIES = 2
PATIENT = ("-m", "bench.patient")


class Cost(NamedTuple):
    """Of one list, in seconds: of the worker's processor, and until the answer."""

    cpu: float
    wait: float


def rows(folder: Path) -> Iterator[Row]:
    other = {"MONGODB_DATABASE": "few", "SECRET_KEY": "k" * 50, "CACHE_READS": "false"}
    with servers.site(folder, program=PATIENT, CACHE_READS="false") as many:
        fill(folder, MANY)
        url = Server.recorded(folder / "var/mongo.log").url
        fill(folder, FEW, MONGODB_URL=url, **other)
        with (
            slow_database.relay_to(url) as relay,
            servers.site(
                folder / "few", seed=False, program=PATIENT, MONGODB_URL=relay.url, **other
            ) as few,
        ):
            soon = statistics.median(cost(few).cpu for _ in range(ROUNDS))
            few_cost, many_cost = _by_turns(few, many, relay)
    note = f"{few_cost * 1e6:.0f} and {many_cost * 1e6:.0f} us; {soon * 1e6:.0f} without waiting"
    label = f"CPU per list at {MANY:,} beside {FEW}, same wait"
    yield Row(label, many_cost / few_cost, "", 1.2, note)


def _by_turns(
    few: servers.Running, many: servers.Running, relay: slow_database.Relay
) -> tuple[float, float]:
    """Seconds of the worker for a list of few documents, and of many."""
    costs: dict[servers.Running, list[float]] = {few: [], many: []}
    for _ in range(ROUNDS):
        later = cost(many)
        relay.delay = later.wait / QUERIES
        costs[many].append(later.cpu)
        costs[few].append(cost(few).cpu)
    return statistics.median(costs[few]), statistics.median(costs[many])


def fill(folder: Path, total: int, **settings: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "bench.fill", str(total)],
        cwd=servers.ROOT,
        env=servers.environment(folder) | settings,
        check=True,
        capture_output=True,
    )


def cost(site: servers.Running) -> Cost:
    before, began = servers.cpu_seconds(site.worker), time.perf_counter()
    requests.get(f"{site.url}/api/v1/blogs", timeout=60).raise_for_status()
    return Cost(servers.cpu_seconds(site.worker) - before, time.perf_counter() - began)
