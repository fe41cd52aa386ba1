"""Whether the database does what it is there for: take a document and give it back."""

from contextlib import suppress

import pymongo
from mongoengine import DateTimeField, StringField
from pymongo.errors import DuplicateKeyError

from core.database import embedded
from core.database.connection import PING_SECONDS
from core.database.documents import BaseDocument
from core.times import now


class Health(BaseDocument):
    """The document that probes write and read."""

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
    wanted, documents = {"_id": "readiness"}, Health.collection()
    with pymongo.timeout(PING_SECONDS):
        with suppress(DuplicateKeyError):  # another probe made it at the same moment
            documents.update_one(wanted, {"$set": {"checked_at": now()}}, upsert=True)
        documents.find_one(wanted)
