"""Who asks for the same at the same time shares a run, and never one that had begun."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.database import coalescing
from core.database.coalescing import Coalesced


class Runs:
    """Each tells its number, once it is let go; those that shall `fail` raise."""

    def __init__(self, *, fail: tuple[int, ...] = ()) -> None:
        self.fail = fail
        self.begun = 0
        self.gates: list[asyncio.Event] = []
        self.call = Coalesced(self._run)

    async def _run(self) -> int:
        self.begun += 1
        number, gate = self.begun, asyncio.Event()
        self.gates.append(gate)
        await gate.wait()
        if number in self.fail:
            raise ConnectionError(number)
        return number

    async def begin(self) -> asyncio.Task[int]:
        """A caller whose run, if it gets one of its own, has begun."""
        caller = asyncio.create_task(self.call())
        for _ in range(5):
            await asyncio.sleep(0)
        return caller

    def end(self, number: int) -> None:
        self.gates[number - 1].set()

    async def ended(self, number: int) -> None:
        """That run has ended, and the next one begun."""
        self.end(number)
        while self.begun == number:
            await asyncio.sleep(0)


def played(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_who_comes_while_a_run_is_under_way_waits_for_the_next_with_all_others():
    async def scenario() -> None:
        runs = Runs()
        first = await runs.begin()
        later = [await runs.begin() for _ in range(20)]
        assert runs.begun == 1
        await runs.ended(1)
        last = await runs.begin()  # after the second had begun
        runs.end(2)
        assert await first == 1
        assert await asyncio.gather(*later) == [2] * 20
        while runs.begun < 3:
            await asyncio.sleep(0)
        runs.end(3)
        assert await last == 3
        assert runs.begun == 3

    played(scenario)


def test_who_comes_alone_has_a_run_of_their_own():
    async def scenario() -> None:
        runs = Runs()
        for number in (1, 2, 3):
            caller = await runs.begin()
            runs.end(number)
            assert await caller == number

    played(scenario)


def test_a_run_that_fails_does_so_for_those_who_shared_it_and_nobody_else():
    async def scenario() -> None:
        runs = Runs(fail=(2,))
        first = await runs.begin()
        sharing = [await runs.begin() for _ in range(3)]
        await runs.ended(1)
        runs.end(2)
        assert await first == 1
        for caller in sharing:
            with pytest.raises(ConnectionError):
                await caller
        last = await runs.begin()
        runs.end(3)
        assert await last == 3

    played(scenario)


def test_a_slow_run_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(coalescing, "PATIENCE", 0)

    async def scenario() -> None:
        runs = Runs()
        slow, later = await runs.begin(), await runs.begin()
        while runs.begun < 2:
            await asyncio.sleep(0)
        # Its end is no reason to begin beside the one that came after it.
        runs.end(1)
        assert await slow == 1
        monkeypatch.setattr(coalescing, "PATIENCE", 30)
        last = await runs.begin()
        assert runs.begun == 2
        await runs.ended(2)
        runs.end(3)
        assert [await later, await last] == [2, 3]

    played(scenario)


@pytest.mark.parametrize("who", [0, 1, 2])
def test_who_leaves_takes_nothing_away_from_the_others(who):
    async def scenario() -> None:
        runs = Runs()
        callers = [await runs.begin() for _ in range(3)]
        left = callers.pop(who)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        await runs.ended(1)
        runs.end(2)
        assert await asyncio.gather(*callers) == ([2, 2] if who == 0 else [1, 2])

    played(scenario)
