"""Processes of the project that tests start, watch and stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings

PATIENCE = 30
LONGEST_PAUSE = 0.1
# Where Python looks first, and finds what takes the tests' own libraries away.
AS_DEPLOYED = str(Path(__file__).with_name("as_deployed"))


def environment(var: Path, **extra: str) -> dict[str, str]:
    """An environment whose data lie under `var` and whose database is the embedded one."""
    # An empty value also hides what the developer's own .env says.
    own = {"VAR_DIR": str(var), "MEDIA_ROOT": str(var / "media"), "KEPT_ROOT": str(var / "kept")}
    own |= {"MONGODB_URL": "", "DOTENV": str(var / "no.env"), "PYTHONPATH": AS_DEPLOYED}
    return os.environ | own | extra


def of_this_run() -> dict[str, str]:
    """The environment of a process that uses the database of this run (see the fixture `database`),
    and writes nothing to it that would be left: two starts of a database of its own are saved."""
    names = ("MONGODB_URL", "MONGODB_DATABASE", "SECRET_KEY")
    return {name: getattr(settings, name) for name in names}


def manage(var: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """The outcome of `manage.py ARGUMENTS`."""
    with started(var, *manage_py(*arguments), **extra) as process:
        output, errors = process.communicate(timeout=PATIENCE)
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def manage_py(*arguments: str) -> list[str]:
    return [str(settings.BASE_DIR / "manage.py"), *arguments]


@contextmanager
def started(
    var: Path, *arguments: str, output: IO[str] | None = None, **extra: str
) -> Iterator[subprocess.Popen[str]]:
    """A running `python ARGUMENTS`; killed at the end if it still runs. All it writes goes to
    `output`, if there is one."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(var, **extra),
        stdin=subprocess.PIPE,
        stdout=output or subprocess.PIPE,
        stderr=output or subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(condition: Callable[[], object], *, patience: float = PATIENCE) -> None:
    """Wait for the condition; fail after so many seconds.

    It is asked ever less often: what takes seconds is mostly a server that has to work for each
    question too.
    """
    deadline, pause = time.monotonic() + patience, 0.01
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)
        pause = min(1.2 * pause, LONGEST_PAUSE)


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port on which one server can be started, and again, and which nobody else is given.

    A port that is only looked up is given to the next who asks for any, as others do all the time.
    """
    with socket.socket() as reservation:
        # Two that say so may have the same port until one of them listens, as socket(7) has it.
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reservation.bind(("127.0.0.1", 0))
        yield reservation.getsockname()[1]


def hears_signals(pid: int) -> bool:
    """Whether it has taken its signals over, as proc_pid_status(5) tells of SIGTERM."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")]
    return bool(int(caught, 16) & 1 << (signal.SIGTERM - 1))


def freeze(pid: int) -> None:
    """SIGSTOP the process and wait until every thread of it has stopped; SIGCONT wakes it."""
    os.kill(pid, signal.SIGSTOP)
    until(lambda: _thread_states(pid) == {"T"})


def _thread_states(pid: int) -> set[str]:
    """The states of a process's threads, as in proc_pid_stat(5)."""
    states = set()
    for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(OSError):  # a thread that has just ended
            states.add(stat.read_text().rpartition(")")[2].split()[0])
    return states
