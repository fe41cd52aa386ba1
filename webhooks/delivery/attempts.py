"""One try of one message: what goes out, and what follows from what comes back."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from pymongo.client_session import ClientSession

from core.api.envelope import dumps
from core.database.documents import Raw, update_to
from core.database.transactions import in_transaction
from core.times import isoformat, now
from webhooks.delivery import sealing, signing, standing, transport
from webhooks.delivery.transport import Outcome
from webhooks.documents import DELIVERED, FAILED, GONE, PENDING, UNREADABLE, Delivery

# Seconds before each further try.
RETRIES: Final = tuple(60 * minutes for minutes in (1 / 12, 5, 30, 120, 300, 600, 840, 1200, 1440))
# So that what failed together does not come back together.
JITTER: Final = 0.1
LONGEST_WAIT_SECONDS: Final = 24 * 3600
GONE_STATUS: Final = 410
MOST_IN_BATCH: Final = 100
TRIES_KEPT: Final = 20
# What the log shows of the last try.
LAST: Final = ("status_code", "error", "duration_ms")


def attempt(webhook: Raw, delivery: Raw) -> Outcome | None:
    """Send a message once and write down how that went. None where it could not be signed, which
    switches the endpoint off."""
    delivery = _gather(delivery) if delivery["is_batch"] else delivery
    try:
        outcome = send(webhook, delivery)
    except sealing.Unreadable:
        standing.switch_off(webhook, UNREADABLE)
        return None
    is_given_up = _note(delivery, outcome)
    if outcome.is_success:
        standing.succeeded(webhook)
    elif outcome.status_code == GONE_STATUS:
        standing.switch_off(webhook, GONE)
    else:
        standing.failed(webhook, outcome, is_given_up=is_given_up)
    return outcome


# --- What goes out ---------------------------------------------------------------------


def send(webhook: Raw, delivery: Raw) -> Outcome:
    """Sign a message anew, and send it. Raises `sealing.Unreadable`."""
    body, moment = dumps(payload(delivery)), now()
    keys = list(_keys(webhook, moment))
    signed = signing.headers(delivery["message_id"], moment, body, keys)
    return transport.post(webhook["url"], body, signed)


def payload(delivery: Raw) -> Raw:
    """What is sent; the same at every try."""
    items = delivery["items"]
    return {
        "type": delivery["type"],
        "version": 1,
        "timestamp": isoformat(delivery["timestamp"]),
        "data": items if delivery["is_batch"] else items[0],
    }


def _keys(webhook: Raw, moment: datetime) -> Iterator[str]:
    yield sealing.unseal(webhook["secret"])
    if (until := webhook.get("former_until")) and moment < until:
        yield sealing.unseal(webhook["former_secret"])


def _gather(lead: Raw) -> Raw:
    """The batch that goes out under the id of its first message: what waits of the same kind comes
    along, once. From then on it stays as it is, since receivers know it by that id."""
    if lead.get("is_closed"):
        return lead

    return in_transaction(lambda transaction: _close(lead, transaction))


def _close(lead: Raw, transaction: ClientSession | None) -> Raw:
    others = {
        "webhook_id": lead["webhook_id"],
        "type": lead["type"],
        "is_batch": True,
        "is_closed": None,
        "due": {"$exists": True},
        "_id": {"$ne": lead["_id"]},
    }
    deliveries, order = Delivery.collection(), [("due", 1), ("event_id", 1)]
    found = deliveries.find(others, sort=order, limit=MOST_IN_BATCH - 1, session=transaction)
    members = [lead, *found]
    batch = {
        "items": [item for member in members for item in member["items"]],
        "timestamp": members[-1]["timestamp"],
        "is_closed": True,
    }
    # The batch first: without a transaction a crash in between repeats, and loses nothing.
    deliveries.update_one({"_id": lead["_id"]}, {"$set": batch}, session=transaction)
    gone = {"_id": {"$in": [member["_id"] for member in members[1:]]}}
    deliveries.delete_many(gone, session=transaction)
    return lead | batch


# --- What comes back -------------------------------------------------------------------


def _note(delivery: Raw, outcome: Outcome) -> bool:
    """Write a try down with what follows from it; says whether the message is given up.

    Somebody who asked for it again meanwhile has the last word: then only the try is noted.
    """
    moment = now()
    entry, last = tried(outcome, moment)
    kept = {"$push": {"tries": {"$each": [entry], "$slice": -TRIES_KEPT}}}
    follows = _what_follows(delivery, outcome, moment)
    same = {"_id": delivery["_id"], "due": delivery.get("due")}
    deliveries = Delivery.collection()
    if not deliveries.update_one(same, kept | update_to(last | follows)).matched_count:
        deliveries.update_one({"_id": delivery["_id"]}, kept | update_to(last))
    return follows["status"] == FAILED


def tried(outcome: Outcome, moment: datetime) -> tuple[Raw, Raw]:
    """A try as it is kept, and what the log shows of the last one."""
    known = {key: value for key, value in outcome._asdict().items() if key != "retry_after"}
    entry = {"at": moment} | {key: value for key, value in known.items() if value is not None}
    return entry, {"tried_at": moment} | {name: known[name] for name in LAST}


def _what_follows(delivery: Raw, outcome: Outcome, moment: datetime) -> Raw:
    """The state of a message after a try; without a further one it is `due` no more."""
    retries = delivery["tried"]
    after = {"tried": retries + 1, "due": None}
    if outcome.is_success:
        return after | {"status": DELIVERED}
    if outcome.status_code == GONE_STATUS or retries >= len(RETRIES):
        return after | {"status": FAILED}
    due = moment + timedelta(seconds=_wait(retries, outcome))
    return after | {"status": PENDING, "due": due}


def _wait(retries: int, outcome: Outcome) -> float:
    """Seconds: as the schedule says, or longer where the receiver asks for it."""
    own = RETRIES[retries] * random.uniform(1 - JITTER, 1 + JITTER)
    return max(own, min(outcome.retry_after or 0, LONGEST_WAIT_SECONDS))
