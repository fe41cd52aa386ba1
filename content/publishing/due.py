"""What comes out by itself: when the next item does, and telling that it has."""

from datetime import datetime

from pymongo.client_session import ClientSession

from content.publishing import journal, states
from content.publishing.documents import ContentDocument
from core.database import rereading
from core.database.documents import Raw
from core.database.filters import Clause
from core.database.transactions import in_transaction
from core.times import now

ONLY_WHEN = {states.KEY: 1}


def next_due(document: type[ContentDocument], moment: datetime) -> datetime | None:
    """When the public will see another item without anything being written; None where nothing
    is to come."""
    raw = document.collection().find_one(coming(moment), ONLY_WHEN, sort=[*ONLY_WHEN.items()])
    return raw and raw[states.KEY]


async def next_due_again(document: type[ContentDocument]) -> datetime | None:
    """The same as of now, for the event loop."""
    command = rereading.find(
        document.collection_name(), coming(now()), ONLY_WHEN, sort=ONLY_WHEN, limit=1
    )
    found = await rereading.documents(command)
    return found[0][states.KEY] if found else None


def coming(moment: datetime) -> Clause:
    return {states.KEY: {"$gt": moment, "$lt": states.DRAFT}}


def announce_one(document: type[ContentDocument]) -> bool:
    """Record that an item has come out, if one has of which that is not recorded."""
    come = {"due": {"$lte": now()}} | states.ours()
    raw = document.collection().find_one(come, sort=[("due", 1)])
    if raw is None:
        return False
    in_transaction(lambda transaction: _announce(document, raw, transaction))
    return True


def _announce(document: type[ContentDocument], raw: Raw, transaction: ClientSession | None) -> None:
    """Whoever changed it meanwhile has told of it."""
    same = {"_id": raw["_id"], "due": raw["due"]}
    journal.tell(document, raw, same, transaction=transaction)
