"""Back to an empty database without uploaded files."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from core.database import connection
from core.database.command import SiteCommand
from lsa_site import reset


class Command(SiteCommand):
    help = "Drop this service's collections and uploaded files, and re-create the indexes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--i-know-this-is-production",
            action="store_true",
            help="with --yes: also on a real database while DEBUG_MODE is off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sure = options["yes"] and options["i_know_this_is_production"]
        if reset.is_production() and not sure:
            raise CommandError(
                "This looks like production (DEBUG_MODE is off, MONGODB_URL is set). "
                "To delete everything: reset_db --yes --i-know-this-is-production"
            )
        if not options["yes"]:
            self.ask()
        connection.wait_until_ready()
        self.report(reset.reset())
        self.stdout.write("The database is empty.")

    def ask(self) -> None:
        """Raises CommandError unless the person at the terminal agrees."""
        question = (
            f"Delete all content, users and uploaded files of database "
            f"{settings.MONGODB_DATABASE} at {connection.address()}? [y/N] "
        )
        try:
            answer = input(question)
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was deleted.")
