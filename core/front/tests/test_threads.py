"""Calls go to threads, and are refused where they would wait too long."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import Busy
from core.front.threads import Threads


def pool(**options: Any) -> Threads:
    return Threads("test", **{"count": 1, "waiting": 1, "wait": 60} | options)


def held(gate: threading.Event) -> Callable[[], str]:
    def wait() -> str:
        assert gate.wait(30)
        return "done"

    return wait


def test_a_call_returns_what_its_function_returns_in_another_thread():
    async def scenario() -> None:
        assert await pool().run(pow, 2, 5) == 32
        assert await pool().run(threading.current_thread) is not threading.current_thread()

    asyncio.run(scenario())


def test_a_call_raises_what_its_function_raises():
    async def scenario() -> None:
        threads = pool()
        for _ in range(3):  # neither the thread nor its place is lost
            with pytest.raises(ZeroDivisionError):
                await threads.run(divmod, 1, 0)

    asyncio.run(scenario())


def test_more_than_may_wait_are_refused_at_once_and_the_others_served():
    async def scenario() -> None:
        threads, gate = pool(), threading.Event()
        calls = [asyncio.create_task(threads.run(held(gate))) for _ in range(2)]
        await asyncio.sleep(0)  # the calls take their places
        with pytest.raises(Busy):
            await threads.run(pow, 2, 5)
        gate.set()
        assert await asyncio.gather(*calls) == ["done", "done"]
        assert await threads.run(pow, 2, 5) == 32

    asyncio.run(scenario())


def test_who_has_waited_too_long_when_a_thread_is_free_is_refused():
    async def scenario() -> None:
        late = pool(wait=-1)
        for _ in range(3):
            with pytest.raises(Busy):
                await late.run(pytest.fail, "it was called")

    asyncio.run(scenario())


def test_who_does_not_wait_for_the_result_takes_no_place_for_ever():
    async def scenario() -> None:
        threads, gate = pool(), threading.Event()
        left = asyncio.create_task(threads.run(held(gate)))
        await asyncio.sleep(0)
        left.cancel()
        gate.set()
        assert await threads.run(pow, 2, 5) == 32

    asyncio.run(scenario())
