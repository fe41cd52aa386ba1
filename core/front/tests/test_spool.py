"""Where bodies are kept: bounded in memory, on disk, and by what is allowed."""

import asyncio
import errno
import tracemalloc

import pytest

from core.errors import ApplicationError, BodyTooLarge, Busy, StorageUnavailable
from core.front.spool import IN_MEMORY, Disk, Spool

PIECE = bytes(range(256)) * 64


def filled(spool: Spool, size: int) -> ApplicationError | None:
    async def fill() -> None:
        for _ in range(size // len(PIECE)):
            await spool.write(PIECE)

    asyncio.run(fill())
    return spool.refusal


def test_a_large_body_is_whole_and_takes_disk_until_it_is_closed():
    disk = Disk(4 * IN_MEMORY)
    spool = Spool(8 * IN_MEMORY, disk)
    assert filled(spool, 3 * IN_MEMORY) is None
    spool.file.seek(0)
    assert spool.file.read() == PIECE * (3 * IN_MEMORY // len(PIECE))
    assert disk.free == IN_MEMORY
    spool.close()
    assert disk.free == 4 * IN_MEMORY


def test_a_large_body_takes_little_memory():
    spool = Spool(128 * IN_MEMORY, Disk())
    tracemalloc.start()
    try:
        assert filled(spool, 100 * IN_MEMORY) is None
        assert tracemalloc.get_traced_memory()[1] < 10 * IN_MEMORY
    finally:
        tracemalloc.stop()
        spool.close()


def test_a_small_body_takes_no_disk():
    disk = Disk(0)
    assert filled(Spool(IN_MEMORY, disk), IN_MEMORY) is None


def test_what_is_too_large_is_given_up_at_once():
    disk = Disk(8 * IN_MEMORY)
    spool = Spool(2 * IN_MEMORY, disk)
    assert isinstance(filled(spool, 4 * IN_MEMORY), BodyTooLarge)
    assert spool.file.closed
    assert disk.free == 8 * IN_MEMORY
    assert spool.size == 4 * IN_MEMORY


def test_together_they_take_no_more_than_the_disk_is_given():
    disk = Disk(4 * IN_MEMORY)
    first, second = Spool(8 * IN_MEMORY, disk), Spool(8 * IN_MEMORY, disk)
    assert filled(first, 3 * IN_MEMORY) is None
    assert isinstance(filled(second, 2 * IN_MEMORY), Busy)
    assert disk.free == IN_MEMORY
    first.close()
    assert filled(Spool(8 * IN_MEMORY, disk), 4 * IN_MEMORY) is None


def test_a_full_disk_is_a_refusal(monkeypatch):
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    disk = Disk()
    before = disk.free
    spool = Spool(8 * IN_MEMORY, disk)
    assert filled(spool, IN_MEMORY) is None
    monkeypatch.setattr(spool.file, "rollover", fail)
    assert isinstance(filled(spool, IN_MEMORY), StorageUnavailable)
    assert disk.free == before


@pytest.mark.parametrize("size", [0, len(PIECE)])
def test_a_closed_one_may_be_closed_again(size):
    disk = Disk(IN_MEMORY)
    spool = Spool(IN_MEMORY, disk)
    filled(spool, size)
    spool.close()
    spool.close()
    assert disk.free == IN_MEMORY
