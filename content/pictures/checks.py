"""The looks at files that are due: asked for, taken by one process at a time, done or put off."""

from collections.abc import Iterable
from datetime import timedelta

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from content.pictures.documents import FileCheck
from core.database import leases
from core.database.documents import Raw
from core.times import now

# No request takes as long as an upload waits for the document that names it.
GRACE = timedelta(hours=1)
# Longer than one file takes to be copied; then the next one who looks takes over.
LEASE_SECONDS = 120
# Where there are no transactions, until the change is made that a look was asked for.
ON_ITS_WAY = timedelta(minutes=1)
# What failed is tried again after it.
PAUSE = timedelta(minutes=1)


def expect(name: str) -> None:
    """Ask for a look at a new file, should nobody have come to refer to it."""
    first = {"due": now() + GRACE, "changes": 0}
    FileCheck.collection().update_one({"_id": name}, {"$setOnInsert": first}, upsert=True)


def forget(names: Iterable[str]) -> None:
    """Look at new files no more: a document shows them, and nobody has asked since."""
    FileCheck.collection().delete_many({"_id": {"$in": list(names)}, "changes": 0})


def ask(names: Iterable[str], *, transaction: ClientSession | None) -> None:
    """Ask for a look at files at once, as part of the change that may have moved them."""
    due = now() + ON_ITS_WAY if transaction is None else now()
    update = {"$set": {"due": due}, "$inc": {"changes": 1}}
    for name in names:
        try:
            FileCheck.collection().update_one(
                {"_id": name}, update, upsert=True, session=transaction
            )
        except DuplicateKeyError:
            if transaction is not None:
                raise
            # A rival was first to ask; now it is there.
            FileCheck.collection().update_one({"_id": name}, update)


def claim(name: str) -> Raw | None:
    """The look at this file; None where nobody asked for it or somebody is at it."""
    return leases.claim(FileCheck.collection(), {"_id": name}, seconds=LEASE_SECONDS)


def claim_due() -> Raw | None:
    """The look that has been due for longest."""
    due = {"due": {"$lte": now()}}
    return leases.claim(FileCheck.collection(), due, seconds=LEASE_SECONDS, sort=[("due", 1)])


def is_held(check: Raw) -> bool:
    """Whether it is still ours, and is for a while from now."""
    return leases.renew(FileCheck.collection(), check, seconds=LEASE_SECONDS)


def finish(check: Raw) -> None:
    """It is done; where somebody has asked again meanwhile it is there to be claimed again."""
    seen = {key: check[key] for key in ("_id", "leased_by", "changes")}
    if not FileCheck.collection().delete_one(seen).deleted_count:
        leases.release(FileCheck.collection(), check)


def put_off(check: Raw) -> None:
    """It could not be done now."""
    leases.release(FileCheck.collection(), check, due=now() + PAUSE)
