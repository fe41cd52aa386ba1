"""Everything in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from core.database import connection
from core.database.command import SiteCommand
from core.times import now
from lsa_site import backup
from lsa_site.management.numbers import positive

# Sorted by name they are sorted by time.
NAME, PATTERN = "lsa-%Y-%m-%dT%H%M%SZ.zip", "lsa-????-??-??T??????Z.zip"


class Command(SiteCommand):
    help = (
        "Write all documents and pictures into one zip archive with a manifest of SHA-256 "
        "checksums; the site may be in use meanwhile. The file holds password hashes: keep it "
        "safe. Sessions are not in it. See restore --verify to check it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help="replaced if it is there; a folder with --keep",
        )
        parser.add_argument(
            "--keep",
            type=positive,
            metavar="N",
            help="FILE is a folder: name the archive by the time (UTC), check it, and then remove "
            "all but the newest N that are named so",
        )

    def handle(self, *args: Any, file: Path, keep: int | None, **options: Any) -> None:
        try:
            if keep and not file.is_dir():
                raise CommandError(f"{file}: --keep takes a folder, and there is none.")
            connection.wait_until_ready()
            archive = file / now().strftime(NAME) if keep else file
            contents = backup.create(archive.resolve())
            if keep:
                backup.verify(archive)
                self.remove_all_but(keep, file)
        except backup.InvalidArchive as error:
            raise CommandError(f"{archive} is not whole, nothing was removed: {error}") from error
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}") from error
        self.stdout.write(f"{archive} ({filesizeformat(archive.stat().st_size)}): {contents}")

    def remove_all_but(self, number: int, folder: Path) -> None:
        for old in sorted(folder.glob(PATTERN))[:-number]:
            old.unlink()
