"""Stored files that nothing refers to, as a kill or a lost answer leaves them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from content.pictures import files, storage
from core.database import connection
from core.database.command import SiteCommand

# A file is stored before the document that names it; no request takes that long.
GRACE = timedelta(hours=1)
BATCH = 500


class Command(SiteCommand):
    help = (
        "List stored pictures that no document refers to and that are older than an hour. "
        "With --delete, remove them; safe while the site is in use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="remove them")

    def handle(self, *args: Any, **options: Any) -> None:
        connection.wait_until_ready()
        count = total = 0
        for name, size in orphans():
            if options["delete"] and not delete(name):
                continue
            self.stdout.write(f"{filesizeformat(size):>12}  {name}")
            count, total = count + 1, total + size
        done = "removed" if options["delete"] else "found; --delete removes them"
        size = filesizeformat(total)
        self.stdout.write(f"{count} files, {size}, {done}." if count else "Nothing to remove.")


def orphans() -> Iterator[tuple[str, int]]:
    """Name and size in bytes of each file that is old enough and not in use."""
    before = timezone.now() - GRACE
    names = iter(storage.stored_files())
    while batch := list(islice(names, BATCH)):
        for name in sorted(set(batch) - files.in_use(batch)):
            try:
                if default_storage.get_modified_time(name) < before:
                    yield name, default_storage.size(name)
            except FileNotFoundError:  # somebody else removed it
                continue


def delete(name: str) -> bool:
    """Remove a file, unless a document has come to refer to it; says whether it is gone."""
    if files.in_use([name]):
        return False
    storage.remove([name])
    return not default_storage.exists(name)
