"""All stored files against the one rule for where they lie, see `content.pictures.files`.

The rule is held without it. It finds what nobody noted: files that somebody put there or brought
back by hand, or whose documents were changed by other programs.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.core.management.base import CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from content.pictures import files, references, storage
from content.pictures.storage import PLACES, Place
from core.database import connection
from core.database.command import SiteCommand

# A file is stored before the document that names it; no request takes that long.
GRACE = timedelta(hours=1)
BATCH = 500
SAID = {Place.GONE: "", Place.KEPT: "  (only for the trash)", Place.PUBLIC: "  (public again)"}


class Astray(NamedTuple):
    """A file that does not belong where it lies; `size` in bytes."""

    name: str
    size: int
    place: Place
    home: Place

    def __str__(self) -> str:
        return f"{filesizeformat(self.size):>12}  {self.name}{SAID[self.home]}"


class Command(SiteCommand):
    help = (
        "List stored pictures that nothing refers to, the trash and revisions included, and that "
        "are older than an hour, and those that lie in the wrong place. With --delete, remove "
        "and move them; safe while the site is in use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="remove and move them")

    def handle(self, *args: Any, **options: Any) -> None:
        connection.wait_until_ready()
        unused, misplaced = [0, 0], 0
        # All of it first: a picture's files go together, and each is told.
        for found in list(astray()):
            if options["delete"] and not put_right(found):
                continue
            self.stdout.write(str(found))
            if found.home is Place.GONE:
                unused = [unused[0] + 1, unused[1] + found.size]
            else:
                misplaced += 1
        self.sum_up(*unused, misplaced, done=options["delete"])

    def sum_up(self, count: int, size: int, misplaced: int, *, done: bool) -> None:
        what = "removed" if done else "found; --delete removes them"
        if count:
            self.stdout.write(f"{count} files, {filesizeformat(size)}, {what}.")
        if misplaced:
            what = "moved to where they belong" if done else "in the wrong place; --delete moves"
            self.stdout.write(f"{misplaced} files {what}{'' if done else ' them'}.")
        if not (count or misplaced):
            self.stdout.write("Nothing to remove.")


def astray() -> Iterator[Astray]:
    """Each file that does not belong where it lies; of what nothing refers to, the old ones."""
    for place in PLACES:
        names = iter(storage.stored_files(place))
        while batch := list(islice(names, BATCH)):
            for name, home in _homes(batch).items():
                if home is not place and (found := _described(name, place, home)):
                    yield found


def _homes(names: list[str]) -> dict[str, Place]:
    return references.places(names) | dict.fromkeys(references.strays(names), Place.GONE)


def _described(name: str, place: Place, home: Place) -> Astray | None:
    """None where it is too young, or gone."""
    try:
        with storage.available(FileNotFoundError):
            modified = place.storage.get_modified_time(name)
            if home is Place.GONE and modified >= timezone.now() - GRACE:
                return None
            return Astray(name, place.storage.size(name), place, home)
    except FileNotFoundError:  # somebody else removed or moved it
        return None


def put_right(found: Astray) -> bool:
    """Move or remove a file, as its documents say now; says whether it is there no more.

    Raises `StorageUnavailable`.
    """
    with storage.available():
        if not found.place.storage.exists(found.name):
            return True
        if found.name in references.strays([found.name]):
            found.place.storage.delete(found.name)
            return True
    original = storage.original_of(found.name)
    files.note([original], transaction=None)
    files.settle([original])
    with storage.available():
        return not found.place.storage.exists(found.name)
