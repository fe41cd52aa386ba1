"""The servers that are measured, each on a free port with data of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import requests

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60


class Running(NamedTuple):
    """A server: its address, and the process that answers requests."""

    url: str
    worker: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def site(folder: Path, **extra: str) -> Iterator[Running]:
    """The service as `make run` starts it, seeded, without limits on the rate of writing;
    `extra` settings come on top."""
    environment = {
        "DOTENV": os.devnull,
        "MONGODB_URL": "",
        "VAR_DIR": str(folder / "var"),
        "MEDIA_ROOT": str(folder / "media"),
        "ADMIN_PASSWORD": PASSWORD,
        "RATE_LIMIT_WRITE": "",
        "LOG_LEVEL": "WARNING",
    } | extra
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--seed", "--port", str(port)]
    with _started(command, environment, f"http://127.0.0.1:{port}", "/health/ready") as running:
        yield running


@contextmanager
def floor(body: Path) -> Iterator[Running]:
    """A bare WSGI callable in the same server, with four threads."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "error"]
    command += ["bench.floor:application"]
    environment = {"BENCH_BODY": str(body)}
    with _started(command, environment, f"http://127.0.0.1:{port}", "/") as running:
        yield running


PASSWORD = "kunci-untuk-mengukur-saja"


@contextmanager
def _started(
    command: list[str], environment: dict[str, str], url: str, probe: str
) -> Iterator[Running]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(url + probe, process)
        yield Running(url, _worker_of(process.pid))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not start: {process.args}")


def _worker_of(parent: int) -> int:
    """The busiest child: the worker, not a helper process of multiprocessing."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return max((int(child) for child in children), key=memory)


def memory(pid: int, field: str = "VmRSS") -> int:
    """KiB of memory, `VmRSS` now or `VmHWM` at its highest."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0


def forget_peak(pid: int) -> None:
    """Let `VmHWM` start again from the present."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
