"""The production server: Granian over WSGI, after preparing the database."""

import argparse
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from multiprocessing import connection
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from mongoengine.connection import get_connection

from lsa_site import embedded, mongo
from lsa_site.management.base import DatabaseCommand

BLOCKING_THREADS = 4
# Longer than any request may take; what still runs then is stopped.
SECONDS_TO_FINISH = 30


class Command(DatabaseCommand):
    help = "Serve the site: wait for the database, prepare it, and run the web server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="0 takes any free one")
        parser.add_argument("--workers", type=positive, default=1, help="processes, at least 1")
        parser.add_argument(
            "--seed", action="store_true", help="fill the embedded database if it is empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Until the web server takes the signal over; leaving this way stops the database too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        host, port = options["host"], available_port(options["host"], options["port"])
        self.prepare(seed=options["seed"])
        server = build_server(host, port, options["workers"])
        server.on_startup(lambda: self.announce(host, port))
        # Its own default would load the application in a worker that a Ctrl-C also reaches.
        server.serve(target_loader=load_application, wrap_loader=False)

    def prepare(self, *, seed: bool) -> None:
        mongo.wait_until_ready()
        self.report(mongo.ensure_indexes())
        if seed and embedded.is_embedded() and mongo.is_empty():
            call_command("seed", stdout=self.stdout)
        # A connection must not be shared with the workers, which are forked from here.
        mongo.disconnect()

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


def build_server(host: str, port: int, workers: int) -> Server:
    return Server(
        "lsa_site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    )


def available_port(host: str, port: int) -> int:
    """The port, or a free one for 0; raises CommandError if it cannot be listened on.

    The web server would not notice: its workers share ports, also with those of another one.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
            return probe.getsockname()[1]
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"Cannot listen on {host}, port {port}: {reason}.") from error


def positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError("it takes a whole number from 1")
    return int(value)


def load_application() -> Callable[..., Any]:
    """The WSGI application, in a worker process."""
    # A Ctrl-C in the terminal is for the parent, which lets the workers finish their requests.
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=stop_with_parent, daemon=True).start()
    from lsa_site.wsgi import application

    # Before there are threads that would each open a connection.
    get_connection()
    return application


def stop_with_parent() -> None:
    """A worker whose parent was killed would keep the port for ever."""
    connection.wait([multiprocessing.parent_process().sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
