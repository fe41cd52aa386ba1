"""The worker on its own: beside several web machines, or from cron."""

import os
import signal
import sys
import threading
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.database import connection, embedded
from core.database.command import SiteCommand
from lsa_site.worker import Worker


class Command(SiteCommand):
    help = (
        "Do what happens later: publish what comes due, deliver webhooks, empty the trash, bring "
        "pictures to where they belong, show authors' new addresses. "
        "Any number may run, on any machine. It waits while the database is away, and a SIGTERM "
        "or Ctrl-C ends it after the piece of work that it is at."
    )
    is_service = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")
        parser.add_argument(
            "--until-eof",
            action="store_true",
            help="end when standard input does, with whoever started it (as serve does)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        if options["once"]:
            connection.wait_until_ready()
            if not worker.run_once():
                raise CommandError("Not everything could be done, see above.")
            return
        if options["until_eof"]:
            threading.Thread(target=stop_at_end_of_input, args=(worker,), daemon=True).start()
        elif embedded.is_embedded():
            threading.Thread(target=embedded.keep_running, daemon=True).start()
        worker.run()


def stop_at_end_of_input(worker: Worker) -> None:
    # Not by way of Python's file, whose lock would be held while the process ends.
    while os.read(sys.stdin.fileno(), 1):
        pass
    worker.stop()
