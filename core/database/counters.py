"""How often something was done lately, counted in the database so that all workers share it.

A count is a window that opens at the first use and closes `period` seconds later. One atomic
update counts a use; a TTL index removes what is over.
"""

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from mongoengine import DateTimeField, IntField, StringField
from pymongo import ReturnDocument, WriteConcern
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from core.database.documents import BaseDocument
from core.environment import Rate
from core.errors import TooManyRequests
from core.times import now


class RateLimitCounter(BaseDocument):
    """How often one key was used in its current window."""

    key = StringField(primary_key=True)
    count = IntField(required=True)
    expires_at = DateTimeField(required=True)

    is_lasting = False

    meta = {
        "collection": "rate_limits",
        "indexes": [{"fields": ["expires_at"], "expireAfterSeconds": 0}],
    }


class Usage(NamedTuple):
    """What is left of a limit; `reset` in seconds until the window closes."""

    limit: int
    remaining: int
    reset: int
    exceeded: bool

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }

    def enforce(self) -> None:
        """Raises `TooManyRequests` where the limit is exceeded."""
        if self.exceeded:
            raise TooManyRequests(headers={"Retry-After": str(self.reset)} | self.headers())


def count(key: str, rate: Rate) -> Usage:
    """Count one use of `key`; database errors pass through."""
    moment = now()
    counter = _increment(key, moment, moment + timedelta(seconds=rate.period))
    return Usage(
        limit=rate.limit,
        remaining=max(0, rate.limit - counter["count"]),
        reset=max(1, math.ceil((counter["expires_at"] - moment).total_seconds())),
        exceeded=counter["count"] > rate.limit,
    )


def _counters() -> Collection:
    """Without waiting for a majority: a count that a failover loses costs nothing."""
    return RateLimitCounter.collection().with_options(write_concern=WriteConcern(w=1))


def _increment(key: str, moment: datetime, expires_at: datetime) -> dict:
    """The counter after one more use, in a fresh window where the old one is over."""
    counters = _counters()
    while True:
        # Not one upsert: where several clients upsert one key at once, the embedded server gives
        # some of them nothing back.
        counter = counters.find_one_and_update(
            {"_id": key, "expires_at": {"$gt": moment}},
            {"$inc": {"count": 1}},
            return_document=ReturnDocument.AFTER,
        )
        if counter:
            return counter
        first = {"_id": key, "count": 1, "expires_at": expires_at}
        try:
            counters.insert_one(first)
            return first
        except DuplicateKeyError:
            # Either a window that is over and not yet swept, or a rival's first use.
            counters.delete_one({"_id": key, "expires_at": {"$lte": moment}})


def forget(key: str) -> None:
    """Start `key` afresh."""
    _counters().delete_one({"_id": key})


def forget_all(beginning: str) -> None:
    """Start every key with this beginning afresh."""
    beyond = beginning + "\N{DELETE}"  # sorts after every character that a key has
    _counters().delete_many({"_id": {"$gte": beginning, "$lt": beyond}})
