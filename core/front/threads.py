"""The threads that Django runs in."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from core.errors import Busy

Result = TypeVar("Result")


class Threads:
    """So many threads, and a place for so many requests that wait for one, but not for long."""

    def __init__(self, name: str, *, count: int, waiting: int, patience: float) -> None:
        self.executor = ThreadPoolExecutor(count, thread_name_prefix=name)
        self.places = count + waiting
        self.patience = patience

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """The function's result, from a thread; raises `Busy` where none is free in time."""
        if not self.places:
            raise Busy
        self.places -= 1
        latest = time.monotonic() + self.patience
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.executor, _until, latest, function, *args)
        finally:
            self.places += 1


def _until(latest: float, function: Callable[..., Result], *args: Any) -> Result:
    if time.monotonic() > latest:
        raise Busy
    return function(*args)
