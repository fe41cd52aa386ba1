"""How soon the service answers after it is started, and its commands after they are typed."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import servers
from bench.table import Row

ROUNDS = 3


def rows(folder: Path) -> Iterator[Row]:
    took = min(seconds_to_answer(folder) for _ in range(ROUNDS))
    yield Row("serve answers, its embedded database included", took, "s", 4)
    with servers.site(folder):
        took = min(seconds_to_answer(folder) for _ in range(ROUNDS))
    yield Row("serve answers, beside another one", took, "s", 2)
    ours, djangos = seconds_of("manage.py", "--help"), seconds_of("-m", "django", "--help")
    note = f"{ours:.2f} s beside {djangos:.2f}"
    yield Row("manage.py --help beyond Django's own", ours - djangos, "s", 0.5, note)


def seconds_to_answer(folder: Path) -> float:
    started = time.perf_counter()
    with servers.site(folder):
        return time.perf_counter() - started


def seconds_of(*command: str) -> float:
    return min(_seconds(command) for _ in range(ROUNDS))


def _seconds(command: tuple[str, ...]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=servers.ROOT, check=True, capture_output=True)
    return time.perf_counter() - started
