"""Granian as this site runs it: worker processes behind one socket, speaking HTTP/1.1 and ASGI.

The parent opens the socket and watches the workers, which it forks. Each worker takes
connections from that socket on one event loop, see `core.front`.

Of Granian's interfaces, in CPU time for a bare answer on one machine: WSGI 20 µs, RSGI 23, ASGI
24, and 49 with the front and a thread behind it. WSGI reads bodies in threads. RSGI drops header
values that are not ASCII, ends a chunked body that broke off like a whole one, and takes all of
a streamed answer into memory however slowly its client reads. ASGI does none of this.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from copy import deepcopy
from multiprocessing.connection import wait
from typing import Any

from django.conf import settings
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder
from granian.server import Server
from mongoengine.connection import get_connection

# Longer than any request may take; what still runs then is stopped.
SECONDS_TO_FINISH = 30
# In one worker; the next ones wait in the socket's queue.
CONNECTIONS = 2048
# Bytes that are read ahead of each connection.
BUFFER = 64 * 1024
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket with this address, 0 for any free port; raises OSError. Nobody can connect yet."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener


class WebServer(Server):
    """Granian on a socket that is open already.

    Of itself it opens one per worker, with SO_REUSEPORT: a port in use would go unnoticed, and
    what waits for a worker that dies would be lost. There is no public way to hand it a socket.
    """

    def __init__(self, listener: socket.socket, workers: int) -> None:
        self.listener = listener
        super().__init__(
            "lsa_site.asgi:application",
            address=listener.getsockname()[0],
            port=listener.getsockname()[1],
            interface=Interfaces.ASGINL,
            # One event loop has no use for more than one thread that feeds it.
            runtime_mode=RuntimeModes.st,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                # Also closes what is idle, or has not sent a whole head, after so long.
                header_read_timeout=patience_in_ms(),
                max_buffer_size=BUFFER,
            ),
            workers=workers,
            backpressure=CONNECTIONS,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=SECONDS_TO_FINISH,
            log_level=LogLevels.error,
            log_dictconfig=deepcopy(settings.LOGGING),
        )

    def _init_shared_socket(self) -> None:
        listen(self.listener)
        self._sso, self._shd = None, SocketHolder(self.listener.fileno(), False, CONNECTIONS)

    def _drop_shared_socket(self) -> None:
        self.listener.close()

    def run(self) -> None:
        """Serve until a signal says to stop."""
        multiprocessing.set_start_method("fork", force=True)
        os.register_at_fork(
            before=hold_signals, after_in_parent=release_signals, after_in_child=become_worker
        )
        # Else a worker that looks for garbage writes to, and so copies, what it shares with this
        # process.
        gc.freeze()
        self.serve(target_loader=load_application, wrap_loader=False)


def listen(listener: socket.socket) -> None:
    # Connections inherit it: one whose client takes nothing is closed by the system.
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, patience_in_ms())
    listener.setblocking(False)
    listener.listen(CONNECTIONS)


def patience_in_ms() -> int:
    return settings.CLIENT_PATIENCE_SECONDS * 1000


# --- From the fork until the worker's loop runs, a signal waits. It must not meet the parent's
# --- handlers, which would note in the child's memory that the parent shall stop, nor come between
# --- the worker's handlers and its loop, which would not hear of it: the worker would go on.


def hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)


def release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def become_worker() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    # A Ctrl-C in the terminal is for the parent, which lets the workers finish their requests.
    os.setsid()


def load_application() -> Callable[..., Any]:
    """The ASGI application, in a worker, whose loop is made and does not run yet."""
    asyncio.get_event_loop().call_soon(release_signals)
    threading.Thread(target=stop_with_parent, daemon=True).start()
    from lsa_site.asgi import application

    # Before there are threads that would each open a connection.
    get_connection()
    return application


def stop_with_parent() -> None:
    """A worker whose parent was killed would keep the port for ever."""
    wait([multiprocessing.parent_process().sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
