"""CPU time per request, as a multiple of the floor in the same server."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import requests

from bench import servers

SECONDS = 5
CONNECTIONS = 8

# A name, a path, headers, and at most how many floors.
Case = tuple[str, str, dict[str, str], int | None]


def rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it may be at most."""
    if not shutil.which("wrk"):
        yield "reading", "not measured: install wrk", ""
        return
    for cases, settings in ((_from_memory, {}), (_from_the_database, {"CACHE_READS": "false"})):
        own = folder / cases.__name__
        own.mkdir()
        with servers.site(own, **settings) as site:
            for name, path, headers, limit in cases(site.url):
                ratio, times = _compared(site, own, path, headers)
                yield name, f"{ratio:.1f} x, {times}", f"{limit} x" if limit else ""


def _from_memory(url: str) -> Iterator[Case]:
    tag, item = _blogs(url)
    yield "list unchanged since last read", "/api/v1/blogs", {}, 3
    yield "304 unchanged", "/api/v1/blogs", {"If-None-Match": tag}, 3
    yield "one item unchanged", f"/api/v1/blogs/{item}", {}, 3


def _from_the_database(url: str) -> Iterator[Case]:
    tag, item = _blogs(url)
    bearer = {"Authorization": f"Bearer {_token(url)}"}
    yield "an empty answer of Django's (/health/live)", "/health/live", {}, None
    yield "list of blogs, total included", "/api/v1/blogs", {}, 18
    yield "one item", f"/api/v1/blogs/{item}", {}, 14
    yield "304 for a list, database", "/api/v1/blogs", {"If-None-Match": tag}, None
    yield "GET /auth/me", "/api/v1/auth/me", bearer, 14


def _blogs(url: str) -> tuple[str, str]:
    """The tag of the list, and the id of its first item."""
    answer = requests.get(f"{url}/api/v1/blogs", timeout=5)
    return answer.headers["ETag"], answer.json()["data"][0]["id"]


def _token(url: str) -> str:
    credentials = {"username": "admin", "password": servers.PASSWORD}
    return requests.post(f"{url}/auth/login", data=credentials, timeout=5).json()["access_token"]


def _compared(
    site: servers.Running, folder: Path, path: str, headers: dict[str, str]
) -> tuple[float, str]:
    """What a request costs, in floors, and the median and 99th percentile of their time."""
    body = folder / "body"
    body.write_bytes(requests.get(site.url + path, headers=headers, timeout=5).content)
    with servers.floor(body) as floor:
        cost, times = _cost(site, path, headers)
        return cost / _cost(floor, "/", {})[0], times


def _cost(server: servers.Running, path: str, headers: dict[str, str]) -> tuple[float, str]:
    """CPU seconds of the worker per request, and how long they took."""
    arguments = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "--latency", f"-c{CONNECTIONS}", *arguments, server.url + path]
    subprocess.run([*command, "-d1s"], check=True, capture_output=True)
    before = servers.cpu_seconds(server.worker)
    output = subprocess.run(
        [*command, f"-d{SECONDS}s"], check=True, capture_output=True, text=True
    ).stdout
    spent = servers.cpu_seconds(server.worker) - before
    median, slowest = (re.search(rf"\n\s+{part}%\s+(\S+)", output)[1] for part in (50, 99))
    return (
        spent / int(re.search(r"(\d+) requests in", output)[1]),
        f"p50 {median}, p99 {slowest}",
    )
