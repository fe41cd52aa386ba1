"""A main thread that hears its signals while it waits."""

import signal
import threading
import time

ROUSE_SECONDS = 0.2


def stay_attentive() -> None:
    """Let no signal of this process go unheard; called by its main thread.

    Python runs the handler of a signal once its main thread executes Python again. A signal
    that another thread takes, or that comes just before the main thread falls asleep on a
    lock, does not wake it: it would sleep through a request to stop. So it is roused often.
    """
    signal.signal(signal.SIGURG, lambda *_: None)  # ignored by default, so it would not rouse
    threading.Thread(target=_rouse, args=(threading.get_ident(),), daemon=True).start()


def _rouse(thread: int) -> None:
    while True:
        time.sleep(ROUSE_SECONDS)
        signal.pthread_kill(thread, signal.SIGURG)
