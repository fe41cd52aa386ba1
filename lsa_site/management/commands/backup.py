"""Everything in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from core.database import connection
from core.database.command import SiteCommand
from lsa_site import backup


class Command(SiteCommand):
    help = (
        "Write all documents and pictures into one zip archive with a manifest of SHA-256 "
        "checksums; the site may be in use meanwhile. The file holds password hashes: keep it "
        "safe. Sessions are not in it. See restore --verify to check it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="replaced if it is there")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        connection.wait_until_ready()
        try:
            contents = backup.create(file.resolve())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{file} ({filesizeformat(file.stat().st_size)}): {contents}")
