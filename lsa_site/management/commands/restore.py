"""Everything back from one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.database import connection, indexes
from core.database.command import SiteCommand
from lsa_site import backup
from lsa_site.archive import InvalidArchive


class Command(SiteCommand):
    help = (
        "Bring back the documents and pictures of an archive that backup wrote, after checking "
        "all of it. Everybody has to log in again. Best while nobody edits."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--verify", action="store_true", help="only check the archive; needs no database"
        )
        parser.add_argument(
            "--force", action="store_true", help="replace the documents that are there"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            if options["verify"]:
                lines = [f"{file} is whole: {backup.verify(file)}"]
            else:
                lines = self.restore(file, force=options["force"])
        except InvalidArchive as error:
            raise CommandError(f"{file} is not a whole backup: {error}") from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        # Only now: whoever closes the pipe says nothing of the file.
        self.report(lines)

    def restore(self, file: Path, *, force: bool) -> list[str]:
        connection.wait_until_ready()
        if not (force or indexes.is_empty()):
            raise CommandError(
                "The database is not empty, and nothing was changed. "
                "To replace all of its documents: restore FILE --force"
            )
        return [*filter(indexes.is_news, backup.restore(file)), "Restored."]
