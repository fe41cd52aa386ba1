"""One run for all who ask for the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")

# Whoever comes while a run is under way waits for its end so long, and then for their own.
PATIENCE = 0.5


class Coalesced(Generic[Result]):
    """A coroutine function whose result is that of a run which began after it was called: whoever
    calls while one is under way waits for the next, with all others who came meanwhile. So a result
    is as new as if each had a run of their own, while one at a time is enough; a run that takes
    more than `PATIENCE` seconds is not waited for, and others begin beside it.

    For the callers of one event loop, whose tasks are not eager.
    """

    def __init__(self, run: Callable[[], Awaitable[Result]]) -> None:
        self._run = run
        self._running: asyncio.Task[Result] | None = None
        self._next: asyncio.Task[Result] | None = None

    async def __call__(self) -> Result:
        if self._next is None:
            self._next = asyncio.create_task(self._run_next())
        # A caller who leaves takes nothing away from the others.
        return await asyncio.shield(self._next)

    async def _run_next(self) -> Result:
        if self._running is not None:
            await asyncio.wait([self._running], timeout=PATIENCE)
        this = self._running = self._next
        self._next = None
        try:
            return await self._run()
        finally:
            if self._running is this:
                self._running = None
