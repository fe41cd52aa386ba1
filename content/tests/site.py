"""The service as a process of its own, for tests that need real HTTP."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import requests

from lsa_site.tests.processes import manage_py, started, until

PATIENCE = 30


@contextmanager
def served(
    var: Path, *arguments: str, has_worker: bool = False, **environment: str
) -> Iterator[str]:
    """The URL of a running `manage.py serve` whose data lie under `var`, and its log."""
    alone = [] if has_worker else ["--no-worker"]
    command = manage_py("serve", "--port", "0", *alone, *arguments)
    project = {"DJANGO_SETTINGS_MODULE": "lsa_site.settings", "LOG_LEVEL": "ERROR"}
    var.mkdir(exist_ok=True)
    # A file and no pipe: one that nobody reads fills up, and then whoever logs waits for ever.
    with (
        (var / "serve.log").open("w") as log,
        started(var, *command, output=log, **(project | environment)) as process,
    ):
        url = address(process, Path(log.name))
        try:
            until(lambda: answers(url))
            yield url
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def address(process: Popen[str], log: Path, *, patience: float = PATIENCE) -> str:
    """Where a `manage.py serve` that was just started, with all it says in `log`, will answer."""

    def said() -> re.Match[str] | None:
        return re.search(r"Serving on (\S+)", log.read_text())

    until(lambda: said() or process.poll() is not None, patience=patience)
    found = said()
    assert found, log.read_text()
    return found[1]


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/live", timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False
