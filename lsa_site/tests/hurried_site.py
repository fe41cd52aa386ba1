"""Settings of a site whose first web worker is told to end when it has just taken its signals over;
its number is in a file then."""

import os
import signal
from asyncio import AbstractEventLoop
from typing import Any

from granian import _signals

from lsa_site.tests.settings import *  # noqa: F403 (as settings modules extend each other)

_take_over = _signals.set_loop_signals


def take_over_and_hear(loop: AbstractEventLoop) -> Any:
    heard = _take_over(loop)
    told = VAR_DIR / "told"  # noqa: F405 (from the project's settings)
    if not told.exists():
        told.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGTERM)
    return heard


_signals.set_loop_signals = take_over_and_hear
