"""The service as a process of its own, for tests that need real HTTP."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

import requests

from lsa_site.tests.processes import manage_py, started, until

PATIENCE = 30


class Site(NamedTuple):
    """A `manage.py serve` that answers; `log` takes all that it says."""

    process: Popen[str]
    url: str
    log: Path

    def stop(self, signal_number: int = signal.SIGTERM) -> str:
        """End it by a signal; gives all that it said."""
        self.process.send_signal(signal_number)
        # Longer than it gives its workers.
        assert self.process.wait(2 * PATIENCE) == 0, self.log.read_text()
        return self.log.read_text()


@contextmanager
def running(var: Path, *arguments: str, **environment: str) -> Iterator[Site]:
    """A site whose data lie under `var`; killed at the end if it still runs."""
    command = manage_py("serve", "--port", "0", *arguments)
    var.mkdir(exist_ok=True)
    # A file and no pipe: one that nobody reads fills up, and then whoever logs waits for ever.
    with (
        (var / "serve.log").open("w") as output,
        started(var, *command, output=output, **environment) as process,
    ):
        log = Path(output.name)
        url = address(process, log)
        until(lambda: answers(url))
        yield Site(process, url, log)


@contextmanager
def served(
    var: Path, *arguments: str, has_worker: bool = False, **environment: str
) -> Iterator[str]:
    """The URL of a site as it is in production, which runs meanwhile."""
    alone = [] if has_worker else ["--no-worker"]
    project = {"DJANGO_SETTINGS_MODULE": "lsa_site.tests.quick_site", "LOG_LEVEL": "ERROR"}
    with running(var, *alone, *arguments, **project | environment) as site:
        try:
            yield site.url
        finally:
            site.process.terminate()
            site.process.wait(PATIENCE)


def address(process: Popen[str], log: Path, *, patience: float = PATIENCE) -> str:
    """Where a `manage.py serve` that was just started, with all it says in `log`, will answer."""

    def said() -> re.Match[str] | None:
        return re.search(r"Serving on (\S+)", log.read_text())

    until(lambda: said() or process.poll() is not None, patience=patience)
    found = said()
    assert found, log.read_text()
    return found[1]


def answers(url: str) -> bool:
    """Whether the site answers; while it stops it may take a connection and say nothing."""
    try:
        requests.get(f"{url}/health/live", timeout=PATIENCE)
    except requests.RequestException:
        return False
    return True
