"""From what happened to messages: each event becomes one for every endpoint that wants it.

An event says itself that it is waiting, so nothing relies on the order in which ids were made or
transactions ended. What becomes of it is written in one transaction; on a server without, the
messages come first, and a repeat makes none twice.
"""

from datetime import timedelta
from hashlib import blake2b
from typing import Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from content.documents import RESOURCES
from core.database import leases
from core.database.documents import Raw
from core.database.transactions import in_transaction
from core.events import Event
from core.times import now
from webhooks.documents import EVERY_EVENT, PENDING, Delivery, Webhook

CONTENT_CHANGES: Final = ("created", "updated", "published", "unpublished", "deleted", "restored")
REGISTERED: Final = "user.registered"
TYPES: Final = (
    *(f"{document.NOUN}.{what}" for document in RESOURCES for what in CONTENT_CHANGES),
    REGISTERED,
)
PING: Final = "ping"

WAITING: Final = {"waiting_since": {"$exists": True}}
LEASE_SECONDS: Final = 30
# Of one transaction: documents written, and events read.
MOST_WRITES: Final = 500
MOST_EVENTS: Final = 100


def fan_out() -> bool:
    """Make the messages of some events that are waiting; says whether there were any.

    By one at a time, so that they are made in the order in which things happened.
    """
    if Event.collection().find_one(WAITING, {"_id": 1}) is None:
        return False
    with leases.holding("fan_out", seconds=LEASE_SECONDS) as is_ours:
        return is_ours and in_transaction(_fan_out)


def _fan_out(transaction: ClientSession | None) -> bool:
    wanted = Webhook.WAITED_FOR
    endpoints = list(Webhook.collection().find(wanted, session=transaction))
    most = max(1, min(MOST_EVENTS, MOST_WRITES // max(1, len(endpoints))))
    order = [("waiting_since", 1), ("_id", 1)]
    waiting = list(Event.collection().find(WAITING, sort=order, limit=most, session=transaction))
    messages = [m for happened in waiting for m in _messages(happened, endpoints)]
    _insert_new(messages, transaction)
    done = {"_id": {"$in": [happened["_id"] for happened in waiting]}}
    Event.collection().update_many(done, {"$unset": {"waiting_since": 1}}, session=transaction)
    return bool(waiting)


def _insert_new(messages: list[Raw], transaction: ClientSession | None) -> None:
    """Those that a crash has left are there already, and may have been sent."""
    deliveries, keys = Delivery.collection(), [each["_id"] for each in messages]
    known = deliveries.find({"_id": {"$in": keys}}, {"_id": 1}, session=transaction)
    old = {each["_id"] for each in known}
    if new := [each for each in messages if each["_id"] not in old]:
        deliveries.insert_many(new, session=transaction)


def _messages(happened: Raw, endpoints: list[Raw]) -> list[Raw]:
    if happened["type"] not in TYPES:
        return []
    return [message(happened, each) for each in endpoints if wants(each, happened)]


def wants(webhook: Raw, happened: Raw) -> bool:
    """Whether an endpoint is to be told: of its types of events, and not of before it was."""
    is_wanted = not {EVERY_EVENT, happened["type"]}.isdisjoint(webhook["events"])
    return is_wanted and happened["at"] >= webhook["created_at"]


def message(happened: Raw, webhook: Raw) -> Raw:
    """The message that tells an endpoint of an event."""
    key = _key(happened["_id"], webhook["_id"])
    is_batch = webhook["batch_seconds"] > 0
    return {
        "_id": key,
        "webhook_id": webhook["_id"],
        "event_id": happened["_id"],
        "message_id": str(key if is_batch else happened["_id"]),
        "type": happened["type"],
        "timestamp": happened["at"],
        "items": [data_of(happened)],
        "is_batch": is_batch,
        "created_at": now(),
        "status": PENDING,
        "due": happened["at"] + timedelta(seconds=webhook["batch_seconds"]),
        "tried": 0,
        "tries": [],
    }


def data_of(happened: Raw) -> Raw:
    """What is told of an event: enough to ask for the rest, and nothing about people."""
    about = {"resource": happened["resource"], "id": str(happened["object_id"])}
    if happened["type"] not in TYPES or happened["type"] == REGISTERED:
        return about
    told = happened["data"]
    return about | {name: told.get(name) for name in ("slug", "version", "status", "url")}


def _key(event_id: ObjectId, webhook_id: ObjectId) -> ObjectId:
    return ObjectId(blake2b(event_id.binary + webhook_id.binary, digest_size=12).digest())
