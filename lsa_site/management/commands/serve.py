"""The production server: Granian over WSGI, after preparing the database."""

import argparse
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server
from mongoengine.connection import get_connection

from core.database import connection, embedded, indexes
from core.database.command import SiteCommand
from lsa_site.management.attention import stay_attentive

# A thread waits while its client sends, or while a picture waits for its turn: with few of them
# a handful of slow clients would stop the site.
BLOCKING_THREADS = 64
# Longer than any request may take; what still runs then is stopped.
SECONDS_TO_FINISH = 30
SECONDS_TO_FORK = 2


class Command(SiteCommand):
    help = "Serve the site: wait for the database, prepare it, and run the web server."
    is_service = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=port_number, default=8000, help="0 takes any free one")
        parser.add_argument("--workers", type=positive, default=1, help="processes, at least 1")
        parser.add_argument(
            "--seed", action="store_true", help="fill the embedded database if it is empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Until the web server takes the signal over; leaving this way stops the database too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        # Asked twice: before the work of preparing, and again as a free port may be taken since.
        available_address(options["host"], options["port"])
        self.prepare(seed=options["seed"])
        address, port = available_address(options["host"], options["port"])
        server = build_server(address, port, options["workers"])
        server.on_startup(lambda: self.announce(options["host"], port))
        os.register_at_fork(after_in_child=become_worker)
        stay_attentive()
        if embedded.is_embedded():
            threading.Thread(target=embedded.keep_running, daemon=True).start()
        try:
            server.serve(target_loader=load_application, wrap_loader=False)
        except RuntimeError as error:
            raise CommandError(
                f"Cannot serve on port {port}: {str(error).splitlines()[0]}"
            ) from None

    def prepare(self, *, seed: bool) -> None:
        connection.wait_until_ready()
        self.report(filter(indexes.is_news, indexes.ensure_indexes()))
        if seed and embedded.is_embedded() and indexes.is_empty():
            call_command("seed", stdout=self.stdout)
        # A connection must not be shared with the workers, which are forked from here.
        connection.disconnect()

    def announce(self, host: str, port: int) -> None:
        root = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.stdout.write(f"Serving on {root} (Ctrl-C stops)")
        for label, path in (
            ("API", "/api/v1"),
            ("Documentation", "/docs"),
            ("Reference", "/redoc"),
            ("Health", "/health/ready"),
        ):
            self.stdout.write(f"  {label:<14}{root}{path}")
        self.stdout.flush()


class WebServer(Server):
    """Granian, which does not stop a worker before that can hear it."""

    def _stop_workers(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_FORK
        while not all(has_become_worker(worker.inner.pid) for worker in self.wrks):
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        super()._stop_workers()


def build_server(address: str, port: int, workers: int) -> WebServer:
    return WebServer(
        "lsa_site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        # A body of HTTP/2 need not say its length, and would be taken for none.
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        # Its warning about the number of threads is answered above.
        log_level=LogLevels.error,
    )


def available_address(host: str, port: int) -> tuple[str, int]:
    """The numeric address and the port (a free one for 0); raises CommandError if it is taken.

    The web server would not notice: its workers share ports, also with those of another one.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
            return probe.getsockname()[:2]
    except OSError as error:
        raise CommandError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


def positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError("it takes a whole number from 1")
    return int(value)


def port_number(value: str) -> int:
    if not value.isdecimal() or int(value) > 65535:
        raise argparse.ArgumentTypeError("it takes a whole number from 0 to 65535")
    return int(value)


def become_worker() -> None:
    """Leave what a forked process inherits of its parent's signals."""
    # The parent's handler would swallow a signal that comes before the worker has its own.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A Ctrl-C in the terminal is for the parent, which lets the workers finish their requests.
    os.setsid()


def has_become_worker(pid: int) -> bool:
    try:
        return os.getsid(pid) == pid
    except ProcessLookupError:
        return True


def load_application() -> Callable[..., Any]:
    """The WSGI application, in a worker process."""
    if not has_become_worker(os.getpid()):  # where workers are spawned, not forked
        become_worker()
    threading.Thread(target=stop_with_parent, daemon=True).start()
    stay_attentive()
    from lsa_site.wsgi import application

    # Before there are threads that would each open a connection.
    get_connection()
    return application


def stop_with_parent() -> None:
    """A worker whose parent was killed would keep the port for ever."""
    wait([multiprocessing.parent_process().sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
