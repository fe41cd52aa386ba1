"""A process that waits hears a request to stop, whichever of its threads takes the signal."""

import pytest

from lsa_site.tests.processes import started

pytestmark = pytest.mark.own_database
# The signal goes to a thread that is not the main one, which sleeps on a lock meanwhile.
DEAF = """
import signal, sys, threading, time
from lsa_site.management.attention import stay_attentive

def send():
    time.sleep(0.5)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    time.sleep(60)

signal.signal(signal.SIGTERM, lambda *_: sys.exit("heard"))
stay_attentive()
threading.Thread(target=send, daemon=True).start()
threading.Event().wait()
"""


def test_a_signal_that_another_thread_takes_is_heard(tmp_path):
    with started(tmp_path, "-c", DEAF) as process:
        _, errors = process.communicate(timeout=20)
    assert errors == "heard\n"
