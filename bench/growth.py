"""What a list costs the worker as the collection grows.

The embedded database sorts and counts by walking, some 30 µs per document, so it is given a few
thousand. What the worker does while it waits is part of the figure, and it waits longer there.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import requests

from bench import servers
from bench.table import Row

FEW, MANY = 100, 5_000
REQUESTS = 40


def rows(folder: Path) -> Iterator[Row]:
    with servers.site(folder, CACHE_READS="false") as site:
        fill(folder, FEW)
        before = cost(site)
        fill(folder, MANY)
        after = cost(site)
    note = f"{before * 1e6:.0f} us at {FEW}, {after * 1e6:.0f} us at {MANY:,}"
    yield Row(f"CPU per list at {MANY:,} beside {FEW} documents", after / before, "", 1.2, note)


def fill(folder: Path, total: int) -> None:
    subprocess.run(
        [sys.executable, "-m", "bench.fill", str(total)],
        cwd=servers.ROOT,
        env=servers.environment(folder),
        check=True,
        capture_output=True,
    )


def cost(site: servers.Running) -> float:
    """CPU seconds of the worker per list."""
    with requests.Session() as client:
        before = servers.cpu_seconds(site.worker)
        for _ in range(REQUESTS):
            client.get(f"{site.url}/api/v1/blogs", timeout=10).raise_for_status()
        return (servers.cpu_seconds(site.worker) - before) / REQUESTS
