"""What the worker does for a list as the collection grows.

The embedded database sorts and counts by walking, some 20 µs per document, so a list of so many
takes seconds; after them the processor time of a thread is several times what it was, and not the
same twice. So calls are compared, which are the same on every machine.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import servers
from bench.table import Row
from core.database.embedded_server import Server

FEW, MANY = 100, 100_000


class Cost(NamedTuple):
    """Of one list: the calls it takes, and the seconds until the answer."""

    calls: int
    wait: float


def rows(folder: Path) -> Iterator[Row]:
    server = Server.start(folder / "data", folder / "mongo.log")
    try:
        few, many = (cost(folder, server.url, total) for total in (FEW, MANY))
    finally:
        server.stop()
    note = f"{many.calls:,} and {few.calls:,}, in {many.wait:.2f} and {few.wait:.2f} s"
    label = f"calls that a list takes, at {MANY:,} beside {FEW}"
    yield Row(label, many.calls / few.calls, "", 1.2, note)


def cost(folder: Path, url: str, total: int) -> Cost:
    """Of a list of so many articles, in a database of their own: without indexes, by which the
    embedded one does not sort, and which take two thirds of the time to fill it."""
    own = {"MONGODB_URL": url, "MONGODB_DATABASE": f"with_{total}", "SECRET_KEY": "k" * 50}
    fill(folder, total, **own)
    return Cost(*json.loads(run(folder, "-m", "bench.lists", **own)))


def fill(folder: Path, total: int, **settings: str) -> None:
    run(folder, "-m", "bench.fill", str(total), **settings)


def run(folder: Path, *arguments: str, **settings: str) -> str:
    """What Python says with these arguments, in the environment of the service."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=servers.ROOT,
        env=servers.environment(folder) | settings,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout
