"""What happens to content later, one piece at a time. Each says whether there was something to do.

Database errors pass through.
"""

from typing import Final

from mongoengine.connection import get_connection

from content.documents import RESOURCES
from content.pictures.documents import FileCheck
from content.publishing import due, earlier, journal, trash
from core.database import leases
from core.database.leases import Backlog
from core.database.transactions import has_transactions

# Between two looks for what is written past this service.
LOOK_SECONDS: Final = 30


def announce() -> bool:
    """Tell of one item that has come out."""
    return any(map(due.announce_one, RESOURCES))


def empty_trash() -> bool:
    """Remove one item that has been in the trash for long enough."""
    return any(map(trash.empty_one, RESOURCES))


def fill() -> bool:
    """Fill in what the earlier service wrote beside."""
    if not leases.take("fill", seconds=LOOK_SECONDS):
        return False
    return sum(earlier.fill_some(document) for document in RESOURCES) > 0


def copy_out() -> bool:
    """Copy out the records that a crash left in an item, where there are no transactions."""
    if has_transactions(get_connection()) or not leases.take("copy_out", seconds=LOOK_SECONDS):
        return False
    return sum(journal.copy_out(document) for document in RESOURCES) > 0


def backlogs() -> dict[str, Backlog]:
    """What is due of each kind of work: looks at files, items of each resource that come out."""
    return {"files": leases.backlog(FileCheck.collection())} | {
        document.collection_name(): leases.backlog(document.collection()) for document in RESOURCES
    }
