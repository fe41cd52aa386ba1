"""Whether the database does what it is there for, and whether the others that use it live."""

from contextlib import suppress

import pymongo
from mongoengine import DateTimeField, StringField
from pymongo.errors import DuplicateKeyError

from core.database import embedded
from core.database.connection import PING_SECONDS
from core.database.documents import BaseDocument
from core.times import now

READINESS, WORKER = "readiness", "worker"


class Health(BaseDocument):
    """When something was well for the last time."""

    name = StringField(primary_key=True)
    checked_at = DateTimeField(required=True)

    is_lasting = False

    meta = {"collection": "health"}


def probe() -> None:
    """Return if a document can be written and read within PING_SECONDS.

    Answering is not enough: on a full disk the database answers, and can do no more. Raises
    `DiskFullError`, the driver's errors and MongoEngine's.
    """
    if embedded.is_embedded():
        embedded.check_room()
    with pymongo.timeout(PING_SECONDS):
        tell(READINESS)
        Health.collection().find_one({"_id": READINESS})


def tell(name: str) -> None:
    """Leave word that this is well now."""
    with suppress(DuplicateKeyError):  # another process made it at the same moment
        Health.collection().update_one({"_id": name}, {"$set": {"checked_at": now()}}, upsert=True)


def silence(name: str) -> float | None:
    """For how many seconds nobody has told that this is well; None where nobody ever did."""
    with pymongo.timeout(PING_SECONDS):
        found = Health.collection().find_one({"_id": name})
    return found and (now() - found["checked_at"]).total_seconds()
