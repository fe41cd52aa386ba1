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
def served(var: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """The URL of a running `manage.py serve --no-worker` whose data lie under `var`."""
    command = manage_py("serve", "--port", "0", "--no-worker", *arguments)
    # Nobody reads its log, so nothing may fill the pipe.
    project = {"DJANGO_SETTINGS_MODULE": "lsa_site.settings", "LOG_LEVEL": "ERROR"}
    with started(var, *command, **(project | environment)) as process:
        url = _address(process)
        try:
            until(lambda: _answers(url))
            yield url
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def _address(process: Popen[str]) -> str:
    for line in process.stdout:
        if found := re.search(r"Serving on (\S+)", line):
            return found[1]
    raise AssertionError(process.communicate()[1])


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/live", timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False
