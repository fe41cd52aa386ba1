"""What happens later: a loop over steps, which the rooms below provide.

A step is a function that does one piece of work, if there is one, and says whether it did. It takes
what it does by a lease that ends by itself (`core.database.leases`), so that any number of workers
share the work and take over from one that was killed.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from accounts import authors
from content import steps
from content.pictures import files
from core.database import health, leases
from core.database.failures import DATABASE_ERRORS, describe, is_unavailable
from core.errors import StorageUnavailable
from webhooks import outbox
from webhooks.delivery import dispatch

logger = logging.getLogger(__name__)

# The word of one worker is enough, so often.
HEARTBEAT_SECONDS = 5

Step = Callable[[], bool]


def tell_that_it_lives() -> bool:
    """Leave word for whoever looks after the site; never a reason to go on at once."""
    if leases.take("heartbeat", seconds=HEARTBEAT_SECONDS):
        health.tell(health.WORKER)
    return False


STEPS: tuple[Step, ...] = (
    tell_that_it_lives,
    steps.announce,
    files.mend_next,
    authors.spread_next,
    steps.fill,
    steps.copy_out,
    steps.empty_trash,
    outbox.fan_out,
    dispatch.look_at_secrets,
    dispatch.dispatcher.deliver,
)

# Between two looks where there was nothing to do.
IDLE_SECONDS = 1.0
# Before a step that failed is tried again, while the others go on.
REST_SECONDS = 10.0


class Worker:
    """Does the steps in turn until it is told to stop, and then ends with the step it is at."""

    def __init__(self, steps: Iterable[Step] = STEPS) -> None:
        self._steps = tuple(steps)
        self._stopping = threading.Event()
        self._resting: dict[Step, float] = {}
        # Why a step did not succeed when it was tried last.
        self._failures: dict[Step, str] = {}

    def stop(self) -> None:
        self._stopping.set()
        dispatch.dispatcher.stop()

    def run(self) -> None:
        while not self._stopping.is_set():
            if not self._take_turns():
                self._stopping.wait(IDLE_SECONDS)
        self._attempt(dispatch.dispatcher.finish)

    def run_once(self) -> bool:
        """Do all that is due now; says whether no step failed."""
        for step in self._steps:
            while not self._stopping.is_set() and self._attempt(step):
                pass
        self._attempt(dispatch.dispatcher.finish)
        return not self._failures

    def _take_turns(self) -> bool:
        """Whether there was something to do."""
        now = time.monotonic()
        awake = [step for step in self._steps if self._resting.get(step, 0) <= now]
        outcomes = [not self._stopping.is_set() and self._attempt(step) for step in awake]
        return any(outcomes)

    def _attempt(self, step: Step) -> bool:
        """Whether the step did something; a failure is logged once as long as it stays the same."""
        try:
            did_something = step()
        except Exception as error:
            self._resting[step] = time.monotonic() + REST_SECONDS
            self._log(step, error)
            return False
        if self._failures.pop(step, None):
            logger.info("%s works again", _name(step))
        return did_something

    def _log(self, step: Step, error: Exception) -> None:
        reason, is_ours = _reason(error)
        # All steps fail alike while the database is away, which is worth one line.
        known = self._failures.values() if is_unavailable(error) else (self._failures.get(step),)
        if reason not in known:
            what = "The worker waits: %s" if is_unavailable(error) else f"{_name(step)} failed: %s"
            logger.error(what, reason, exc_info=error if is_ours else None)
        self._failures[step] = reason


def _reason(error: Exception) -> tuple[str, bool]:
    """What is said of a failure, and whether it is a fault of ours, whose place matters."""
    if is_unavailable(error):
        return "the database is away", False
    if isinstance(error, StorageUnavailable):
        return f"the storage reports {type(error.__cause__).__name__}", False
    if isinstance(error, DATABASE_ERRORS):
        return describe(error), False
    return type(error).__name__, True


def _name(step: Step) -> str:
    return f"{step.__module__}.{step.__qualname__}"
