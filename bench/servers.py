"""The servers that are measured, each on a free port with data of its own."""

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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


def environment(folder: Path) -> dict[str, str]:
    """The service's own, with data below a folder and without limits on the rate of writing."""
    return os.environ | {
        "DOTENV": os.devnull,
        "MONGODB_URL": "",
        "VAR_DIR": str(folder / "var"),
        "MEDIA_ROOT": str(folder / "media"),
        "ADMIN_PASSWORD": PASSWORD,
        "RATE_LIMIT_WRITE": "",
        "RATE_LIMIT_AUTH": "",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def site(
    folder: Path,
    *arguments: str,
    seed: bool = True,
    **settings: str,
) -> Iterator[Running]:
    """The service as `make run` starts it, with further arguments and settings; seeded, where the
    folder has no data yet."""
    if seed and not (folder / "var").exists():
        shutil.copytree(_seeded(), folder, dirs_exist_ok=True)
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--no-worker", "--port", str(port), *arguments]
    url = f"http://127.0.0.1:{port}"
    with started(command, environment(folder) | settings, url, "/health/ready") as running:
        yield running


@cache
def _seeded() -> Path:
    """A folder with the sample content, made once: drawing its pictures takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="lsa-bench-seeded-"))
    atexit.register(shutil.rmtree, folder)
    with site(folder, "--seed", seed=False):
        return folder


def log_in(url: str) -> str:
    """An access token of the administrator's."""
    return next(access_tokens(url))


def access_tokens(url: str) -> Iterator[str]:
    """One after another, all of one login of the administrator's."""
    route, given = "login", {"data": {"username": "admin", "password": PASSWORD}}
    while True:
        answer = requests.post(f"{url}/api/v1/auth/{route}", timeout=60, **given)
        answer.raise_for_status()
        yield answer.json()["access_token"]
        route, given = "refresh", {"json": {"refresh_token": answer.json()["refresh_token"]}}


@contextmanager
def floor(body: Path) -> Iterator[Running]:
    """A bare WSGI callable in the same server, with four threads."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "error"]
    command += ["bench.floor:application"]
    with started(
        command, os.environ | {"BENCH_BODY": str(body)}, f"http://127.0.0.1:{port}", "/"
    ) as running:
        yield running


PASSWORD = "kunci-untuk-mengukur-saja"


@contextmanager
def started(
    command: list[str], environment: dict[str, str], url: str, probe: str
) -> Iterator[Running]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
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
            time.sleep(0.02)
    raise SystemExit(f"The server did not start: {process.args}")


def _worker_of(parent: int) -> int:
    """The largest child: the worker, not a helper process of multiprocessing; without children
    the process itself."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return max((int(child) for child in children), key=memory, default=parent)


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
    """User and system time of a process so far: its clock (clock_getcpuclockid(3) in glibc),
    as /proc counts in steps of 10 ms."""
    return time.clock_gettime((~pid << 3) | 2)
