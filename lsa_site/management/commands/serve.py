"""The production server: Granian before Django, after preparing the database."""

import signal
import sys
import threading
from contextlib import nullcontext
from socket import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from core import metrics
from core.database import connection, embedded, indexes
from core.database.command import SiteCommand
from lsa_site.management.attention import stay_attentive
from lsa_site.management.companion import Companion
from lsa_site.management.numbers import port_number, positive
from lsa_site.management.web_server import WebServer, bound_socket


class Command(SiteCommand):
    help = (
        "Serve the site: wait for the database, prepare it, and run the web server, with one "
        "worker beside it for what happens later."
    )
    is_service = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument(
            "--port", type=port_number, default=settings.PORT, help="0 takes any free one"
        )
        parser.add_argument("--workers", type=positive, default=1, help="processes, at least 1")
        parser.add_argument(
            "--no-worker", action="store_true", help="without the worker, which runs elsewhere"
        )
        parser.add_argument(
            "--seed", action="store_true", help="fill the embedded database if it is empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Until the web server takes the signal over; leaving this way stops the database too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with bound(options["host"], options["port"]) as listener:
            self.prepare(seed=options["seed"])
            server = WebServer(listener, options["workers"])
            server.on_startup(lambda: self.announce(options["host"], server.bind_port))
            stay_attentive()
            if embedded.is_embedded():
                threading.Thread(target=embedded.keep_running, daemon=True).start()
            try:
                with metrics.shared(), nullcontext() if options["no_worker"] else Companion():
                    server.run()
            except OSError as error:
                raise refused(options["host"], options["port"], error) from None

    def prepare(self, *, seed: bool) -> None:
        connection.wait_until_ready()
        self.report(filter(indexes.is_news, indexes.ensure_indexes()))
        if seed and embedded.is_embedded():
            self.seed_once()
        # A connection must not be shared with the workers, which are forked from here.
        connection.disconnect()

    def seed_once(self) -> None:
        """Of servers that are started together one fills the database, and the others wait."""
        with embedded.exclusively("seed.lock"):
            if indexes.is_empty():
                call_command("seed", stdout=self.stdout)

    def announce(self, host: str, port: int) -> None:
        root = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.stdout.write(f"Serving on {root} (Ctrl-C stops)")
        for label, path in (
            ("API", settings.API_PREFIX),
            ("Documentation", "/docs"),
            ("Reference", "/redoc"),
            ("Health", "/health/ready"),
        ):
            self.stdout.write(f"  {label:<14}{root}{path}")
        self.stdout.flush()


def bound(host: str, port: int) -> socket:
    """Before the work of preparing, so that a port in use is noticed first."""
    try:
        return bound_socket(host, port)
    except OSError as error:
        raise refused(host, port, error) from None


def refused(host: str, port: int, error: OSError) -> CommandError:
    return CommandError(f"Cannot listen on {host}, port {port}: {error.strerror}.")
