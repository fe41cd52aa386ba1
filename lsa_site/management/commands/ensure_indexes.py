"""Create what the database lacks and report what differs."""

from typing import Any

from core.database import connection, indexes
from core.database.command import SiteCommand


class Command(SiteCommand):
    help = (
        "Create missing collections and indexes, bring earlier documents up to date, and "
        "report indexes that differ. Running it again is harmless."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        connection.wait_until_ready()
        lines = indexes.ensure_indexes()
        self.report(lines or ["Nothing to do."])
