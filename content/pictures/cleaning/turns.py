"""Pictures take turns, so that many at once take no more memory than one or two."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import clear_frames

SMALL = 2_000_000  # pixels
large_turn = threading.Lock()
small_turns = threading.BoundedSemaphore(2)
# glibc keeps what a thread has freed, here hundreds of MiB; other C libraries need no telling.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda _pad: None)


@contextmanager
def taken(pixels: int) -> Iterator[None]:
    """A turn for a picture: large ones come one after the other, small ones by twos. Their
    memory is left to the system."""
    with small_turns if pixels <= SMALL else large_turn:
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
