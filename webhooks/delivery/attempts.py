"""One try of one message: what goes out, and what follows from what comes back."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from pymongo.client_session import ClientSession

from core.api.envelope import dumps
from core.database.documents import Raw
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

    def work(transaction: ClientSession | None) -> Raw:
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

    return in_transaction(work)


# --- What comes back -------------------------------------------------------------------


def _note(delivery: Raw, outcome: Outcome) -> bool:
    """Write a try down with what follows from it; says whether the message is given up.

    Somebody who asked for it again meanwhile has the last word: then only the try is noted.
    """
    moment, retries = now(), delivery["tried"]
    kept: Raw = {
        "$push": {"tries": {"$each": [entry(moment, outcome)], "$slice": -TRIES_KEPT}},
        "$set": {"tried_at": moment} | {k: getattr(outcome, k) for k in LAST},
    }
    is_over = outcome.status_code == GONE_STATUS or retries >= len(RETRIES)
    if outcome.is_success or is_over:
        status = DELIVERED if outcome.is_success else FAILED
        result = {"$set": {"status": status, "tried": retries + 1}, "$unset": {"due": 1}}
    else:
        due = moment + timedelta(seconds=_wait(retries, outcome))
        result = {"$set": {"status": PENDING, "tried": retries + 1, "due": due}}
    same = {"_id": delivery["_id"], "due": delivery.get("due")}
    result = kept | result | {"$set": kept["$set"] | result["$set"]}
    if not Delivery.collection().update_one(same, result).matched_count:
        Delivery.collection().update_one({"_id": delivery["_id"]}, kept)
    return is_over and not outcome.is_success


def entry(moment: datetime, outcome: Outcome) -> Raw:
    """A try as it is kept."""
    known = outcome._asdict().items()
    return {"at": moment} | {k: v for k, v in known if v is not None and k != "retry_after"}


def _wait(retries: int, outcome: Outcome) -> float:
    """Seconds: as the schedule says, or longer where the receiver asks for it."""
    own = RETRIES[retries] * random.uniform(1 - JITTER, 1 + JITTER)
    return max(own, min(outcome.retry_after or 0, LONGEST_WAIT_SECONDS))
