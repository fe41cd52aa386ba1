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


def rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it may be at most."""
    if not shutil.which("wrk"):
        yield "reading", "not measured: install wrk", ""
        return
    with servers.site(folder) as site:
        token = _token(site.url)
        item = requests.get(f"{site.url}/api/v1/blogs", timeout=5).json()["data"][0]["id"]
        tag = requests.get(f"{site.url}/api/v1/blogs", timeout=5).headers["ETag"]
        cases = (
            ("an empty answer of Django's (/health/live)", "/health/live", {}, None),
            ("list of blogs, total included", "/api/v1/blogs", {}, 18),
            ("one item", f"/api/v1/blogs/{item}", {}, 14),
            ("304 for a list, database", "/api/v1/blogs", {"If-None-Match": tag}, None),
            ("GET /auth/me", "/api/v1/auth/me", {"Authorization": f"Bearer {token}"}, 14),
        )
        for name, path, headers, limit in cases:
            ratio, slowest = _compared(site, folder, path, headers)
            yield name, f"{ratio:.1f} x, p99 {slowest}", f"{limit} x" if limit else ""


def _token(url: str) -> str:
    credentials = {"username": "admin", "password": servers.PASSWORD}
    return requests.post(f"{url}/auth/login", data=credentials, timeout=5).json()["access_token"]


def _compared(
    site: servers.Running, folder: Path, path: str, headers: dict[str, str]
) -> tuple[float, str]:
    """What a request costs, in floors, and what 99 of 100 are answered within."""
    body = folder / "body"
    body.write_bytes(requests.get(site.url + path, headers=headers, timeout=5).content)
    with servers.floor(body) as floor:
        cost, slowest = _cost(site, path, headers)
        return cost / _cost(floor, "/", {})[0], slowest


def _cost(server: servers.Running, path: str, headers: dict[str, str]) -> tuple[float, str]:
    """CPU seconds of the worker per request, and the 99th percentile of their time."""
    arguments = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "--latency", f"-c{CONNECTIONS}", *arguments, server.url + path]
    subprocess.run([*command, "-d1s"], check=True, capture_output=True)
    before = servers.cpu_seconds(server.worker)
    output = subprocess.run(
        [*command, f"-d{SECONDS}s"], check=True, capture_output=True, text=True
    ).stdout
    spent = servers.cpu_seconds(server.worker) - before
    slowest = re.search(r"\n\s+99%\s+(\S+)", output)[1]
    return spent / int(re.search(r"(\d+) requests in", output)[1]), slowest
