"""Pictures take turns, so that many at once take no more memory than one or two, and no more
than a few wait, so that they leave threads to everybody else."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from traceback import clear_frames

from django.utils.translation import gettext_lazy as _

from core.errors import Busy

SMALL = 2_000_000  # pixels
_TOO_MANY = _("Too many pictures are being processed. Try again in a moment.")
# glibc keeps what a thread has freed, here hundreds of MiB; other C libraries need no telling.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda _pad: None)


class Queue:
    """`at_once` have a turn and at most `waiting` wait for theirs."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.places = at_once + waiting
        self._turn = BoundedSemaphore(at_once)
        self._free = BoundedSemaphore(self.places)

    @contextmanager
    def turn(self) -> Iterator[None]:
        if not self._free.acquire(blocking=False):
            raise Busy(_TOO_MANY)
        try:
            with self._turn:
                yield
        finally:
            self._free.release()


# A large one takes a few seconds at the most, a small one a fraction of one. All together are
# fewer than the threads that answer requests.
large = Queue(at_once=1, waiting=3)
small = Queue(at_once=2, waiting=4)


@contextmanager
def taken(pixels: int) -> Iterator[None]:
    """A turn for a picture; its memory is then left to the system. Raises `Busy`."""
    with (small if pixels <= SMALL else large).turn():
        try:
            yield
        except Exception as error:
            _forget_bitmaps(error)
            raise
        finally:
            _trim(0)


def _forget_bitmaps(error: BaseException | None) -> None:
    """A traceback keeps alive what its frames held, for as long as the error is handled."""
    while error:
        clear_frames(error.__traceback__)
        error = error.__cause__
