"""Prints milliseconds per write: of one in a transaction, and of one with its event."""

import os
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")

import django

django.setup()

from bson import ObjectId
from pymongo.client_session import ClientSession

from core import events
from core.database.leases import Lease
from core.database.transactions import in_transaction

ROUNDS = 300


def write(transaction: ClientSession | None) -> None:
    Lease.collection().insert_one({"_id": f"bench-{ObjectId()}"}, session=transaction)


def write_and_record(transaction: ClientSession | None) -> None:
    write(transaction)
    happened = events.event("bench.written", actor=None, resource="bench", object_id=ObjectId())
    events.record(happened, transaction=transaction)


def milliseconds(work: Callable[[ClientSession | None], None]) -> float:
    began = time.perf_counter()
    for _ in range(ROUNDS):
        in_transaction(work)
    return (time.perf_counter() - began) / ROUNDS * 1000


if __name__ == "__main__":
    in_transaction(write_and_record)  # connects
    print(milliseconds(write), milliseconds(write_and_record))
