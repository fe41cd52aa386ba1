"""Is this database the right one?"""

from typing import Any

from django.core.management.base import CommandError

from core.database import connection, trial
from core.database.command import SiteCommand


class Command(SiteCommand):
    help = (
        "Prove in scratch collections that the configured database does what this service needs: "
        "one line for each check, exit 1 with the reason where one fails. Harmless beside a "
        "running site."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        connection.wait_until_ready()
        failed = 0
        for outcome in trial.outcomes():
            failed += not outcome.holds
            word = "ok" if outcome.holds else "FAILED"
            self.stdout.write(f"{word:<8}{outcome.name:<15}{outcome.text}")
        if failed:
            raise CommandError(f"{failed} of {len(trial.CHECKS)} checks failed.")
