"""Many requests at once, and what they cost the process that answers them."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench import servers

CONNECTIONS = 8
BY_TURNS = Path(__file__).with_name("by_turns.lua")


class Load(NamedTuple):
    """`cpu` is seconds of the worker per request; half of the answers took at most `median` and
    99 of 100 at most `slowest` milliseconds."""

    requests: int
    per_second: float
    cpu: float
    median: float
    slowest: float

    def __str__(self) -> str:
        return f"{self.per_second:.0f}/s, p50 {self.median:.0f} ms, p99 {self.slowest:.0f} ms"


def load(
    server: servers.Running,
    paths: Sequence[str],
    headers: dict[str, str],
    *,
    tokens: Sequence[str] = (),
    seconds: int = 3,
    warm_up: int = 1,
    connections: int = CONNECTIONS,
) -> Load:
    """wrk on these paths by turns, with these bearer tokens by turns, after a warm-up that does not
    count."""
    arguments = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "--latency", "--timeout", "30s", f"-c{connections}", *arguments]
    target = [server.url + paths[0]]
    if len(paths) > 1 or tokens:
        target = ["-s", str(BY_TURNS), server.url, "--", *paths, *tokens]
    if warm_up:
        subprocess.run([*command, f"-d{warm_up}s", *target], check=True, capture_output=True)
    before = servers.cpu_seconds(server.worker)
    output = subprocess.run(
        [*command, f"-d{seconds}s", *target], check=True, capture_output=True, text=True
    ).stdout
    spent = servers.cpu_seconds(server.worker) - before
    if "Non-2xx or 3xx responses" in output:
        raise SystemExit(f"{paths[0]} was refused:\n{output}")
    count = int(_found(r"(\d+) requests in", output))
    return Load(
        requests=count,
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", output)),
        cpu=spent / max(count, 1),
        median=_milliseconds(_found(r"\n\s+50%\s+(\S+)", output)),
        slowest=_milliseconds(_found(r"\n\s+99%\s+(\S+)", output)),
    )


def _found(pattern: str, output: str) -> str:
    return re.search(pattern, output)[1]


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]
