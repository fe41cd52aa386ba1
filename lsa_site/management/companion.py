"""The worker beside the web server."""

import logging
import os
import subprocess
import sys
import threading
import time
from typing import Any, Self

from django.conf import settings

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--until-eof")
# Before it is started again; doubled each time, unless it ran for long.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LONG = 60.0
# Longer than a piece of work takes.
SECONDS_TO_FINISH = 30

# The web server forks. What it forks while a program is being started here would hold the pipe that
# tells of the success, and whoever starts it would wait for as long as that lives.
_starting = threading.Lock()
os.register_at_fork(
    before=_starting.acquire,
    after_in_parent=_starting.release,
    after_in_child=_starting.release,
)


class Companion:
    """A worker process for as long as `with` lasts, started again whenever it dies.

    It ends by itself where this process is killed, since then its standard input ends.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen | None = None
        self._thread = threading.Thread(target=self._keep_running, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stopping.set()
        if process := self._process:
            process.terminate()
        self._thread.join(SECONDS_TO_FINISH)
        if self._thread.is_alive() and self._process:
            self._process.kill()
            self._thread.join()

    def _keep_running(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            outcome = self._run()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > LONG:
                pause = FIRST_PAUSE
            logger.error("The worker ended (%s); it starts again in %.0f s", outcome, pause)
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _run(self) -> str:
        """Run it to its end, and say how it ended."""
        try:
            with self._started() as process:
                return f"exit code {process.wait()}"
        except OSError as error:
            return str(error)

    def _started(self) -> subprocess.Popen:
        with _starting:
            # In a session of its own: a Ctrl-C in the terminal is for this process to pass on.
            self._process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, start_new_session=True)
        if self._stopping.is_set():
            self._process.terminate()
        return self._process
