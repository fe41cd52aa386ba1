"""Where a body is kept until all of it is there: a little in memory, the rest on disk."""

import asyncio
import tempfile
from typing import IO

from core.errors import ApplicationError, BodyTooLarge, Busy, StorageUnavailable

IN_MEMORY = 32 * 1024
# All that waits on disk at once, in one process: some 300 of the largest uploads.
ON_DISK = 2 * 1024**3


class Disk:
    """How much of the disk unfinished bodies take."""

    def __init__(self, size: int = ON_DISK) -> None:
        self.free = size


class Spool:
    """The body of one request.

    Once it cannot be kept, `refusal` says why, what there was is given up, and the rest of the
    body may be written still, to nowhere.
    """

    def __init__(self, limit: int, disk: Disk) -> None:
        self.limit = limit
        self.disk = disk
        self.size = 0
        self.taken = 0
        self.refusal: ApplicationError | None = None
        # It has no name, so nothing is left of it after a kill.
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115

    async def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.refusal:
            return
        if self.size > self.limit:
            self.refuse(BodyTooLarge(self.limit))
        elif self.size <= IN_MEMORY:
            self.file.write(piece)
        else:
            await self._write_to_disk(piece)

    async def _write_to_disk(self, piece: bytes) -> None:
        growth = self.size - self.taken
        if growth > self.disk.free:
            self.refuse(Busy())
            return
        self.disk.free -= growth
        self.taken += growth
        try:
            # A disk may be slow, and nobody else shall wait for it.
            await asyncio.to_thread(self.file.write, piece)
        except OSError:
            self.refuse(StorageUnavailable())

    def refuse(self, refusal: ApplicationError) -> None:
        self.refusal = refusal
        self.close()

    def close(self) -> None:
        self.file.close()
        self.disk.free += self.taken
        self.taken = 0
