"""What a list costs the worker as the collection grows.

The embedded database sorts and counts by walking, some 30 µs per document, so it is given a few
thousand, and both sizes are asked at the same slow pace: a processor that did something else
while the database was walking takes longer for the same work.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from bench import servers
from bench.table import Row

FEW, MANY = 100, 5_000
REQUESTS = 20
SECONDS_EACH = 1.0


def rows(folder: Path) -> Iterator[Row]:
    with servers.site(folder) as site:
        fill(folder, FEW)
        before = cost(site)
        fill(folder, MANY)
        after = cost(site)
    note = f"{before * 1e6:.0f} us at {FEW}, {after * 1e6:.0f} us at {MANY:,}, idle time included"
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
    """CPU seconds of the worker per list, one a second."""
    with requests.Session() as client:
        before = servers.cpu_seconds(site.worker)
        for _ in range(REQUESTS):
            latest = time.monotonic() + SECONDS_EACH
            client.get(f"{site.url}/api/v1/blogs", timeout=10).raise_for_status()
            time.sleep(max(0.0, latest - time.monotonic()))
        return (servers.cpu_seconds(site.worker) - before) / REQUESTS
