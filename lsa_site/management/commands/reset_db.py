"""Back to an empty database without uploaded files."""

from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.core.management.base import CommandError, CommandParser

from lsa_site import embedded, indexes, mongo
from lsa_site.management.base import SiteCommand

UPLOADS = "uploads"


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
        if is_production() and not sure:
            raise CommandError(
                "This looks like production (DEBUG_MODE is off, MONGODB_URL is set). "
                "To delete everything: reset_db --yes --i-know-this-is-production"
            )
        if not options["yes"]:
            self.ask()
        mongo.wait_until_ready()
        self.report(reset())
        self.stdout.write("The database is empty.")

    def ask(self) -> None:
        """Raises CommandError unless the person at the terminal agrees."""
        question = (
            f"Delete all content, users and uploaded files of database "
            f"{settings.MONGODB_DATABASE} at {mongo.address()}? [y/N] "
        )
        try:
            answer = input(question)
        except EOFError:
            answer = ""
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was deleted.")


def is_production() -> bool:
    """Whether deleting everything needs more than a yes."""
    return not settings.DEBUG_MODE and not embedded.is_embedded()


def reset() -> list[str]:
    """Drop our collections and uploaded files, and prepare the database anew; report in lines."""
    indexes.drop_collections()
    delete_files(default_storage, UPLOADS)
    return indexes.ensure_indexes()


def delete_files(storage: Storage, folder: str) -> None:
    """Delete the files of a storage folder and of the folders in it, if there is such a folder."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        storage.delete(f"{folder}/{name}")
    for name in folders:
        delete_files(storage, f"{folder}/{name}")
