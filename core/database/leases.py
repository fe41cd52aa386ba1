"""Work that one process at a time does, and that another takes over where its holder is killed.

A lease is taken by one conditional update and ends by itself, so whoever dies with one delays the
work and does not stop it. It lasts much longer than the clocks of machines differ.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from bson import ObjectId
from mongoengine import DateTimeField, ObjectIdField, StringField
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from core.database.documents import BaseDocument, Raw
from core.times import now


class Lease(BaseDocument):
    """A lease on a step of work, by its name."""

    name = StringField(primary_key=True)
    leased_until = DateTimeField()
    leased_by = ObjectIdField()

    is_lasting = False

    meta = {"collection": "leases"}


class Backlog(NamedTuple):
    """Work that is due: how much, at most COUNTED, and for how many seconds the oldest."""

    count: int
    seconds: float


# What a count of much more would cost says nothing more.
COUNTED = 10_000


def backlog(collection: Collection, *, due: str = "due") -> Backlog:
    """What is due there by the field `due`, which has an index."""
    wanted = {due: {"$lte": now()}}
    oldest = collection.find_one(wanted, {due: 1}, sort=[(due, 1)])
    if oldest is None:
        return Backlog(0, 0.0)
    seconds = (now() - oldest[due]).total_seconds()
    return Backlog(collection.count_documents(wanted, limit=COUNTED), seconds)


def claim(collection: Collection, wanted: Raw, *, seconds: float, **options: Any) -> Raw | None:
    """A document that is `wanted` and that nobody else holds now, and with it the lease.

    `options` are those of the driver's `find_one_and_update`, such as `sort`.
    """
    return collection.find_one_and_update(
        wanted | _free(),
        {"$set": _held(seconds)},
        return_document=ReturnDocument.AFTER,
        **options,
    )


def renew(collection: Collection, claimed: Raw, *, seconds: float) -> bool:
    """Hold what was claimed for so long from now; False where somebody took it over."""
    update = {"$set": {"leased_until": now() + timedelta(seconds=seconds)}}
    return collection.update_one(_ours(claimed), update).matched_count == 1


def release(collection: Collection, claimed: Raw, **values: Any) -> None:
    """Let go of what was claimed, and set these values if it was still ours."""
    update: Raw = {"$unset": {"leased_until": 1, "leased_by": 1}}
    collection.update_one(_ours(claimed), update | ({"$set": values} if values else {}))


def take(name: str, *, seconds: float) -> Raw | None:
    """The lease of this name, or None where it is held.

    Who never lets go of it does the work once in so many seconds, whoever asks.
    """
    leases = Lease.collection()
    if claimed := claim(leases, {"_id": name}, seconds=seconds):
        return claimed
    try:
        leases.insert_one(first := {"_id": name} | _held(seconds))
    except DuplicateKeyError:
        return None
    return first


@contextmanager
def holding(name: str, *, seconds: float) -> Iterator[bool]:
    """Whether the lease of this name could be taken; it is let go of afterwards."""
    claimed = take(name, seconds=seconds)
    try:
        yield claimed is not None
    finally:
        if claimed:
            release(Lease.collection(), claimed)


def _free() -> Raw:
    return {"leased_until": {"$not": {"$gt": now()}}}


def _held(seconds: float) -> Raw:
    return {"leased_until": now() + timedelta(seconds=seconds), "leased_by": ObjectId()}


def _ours(claimed: Raw) -> Raw:
    return {key: claimed[key] for key in ("_id", "leased_by")}
