"""How an endpoint stands: failures in a row, and what follows from too many of them."""

from datetime import timedelta
from typing import Final

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from core import events
from core.database.documents import Raw
from core.database.transactions import in_transaction
from core.errors import NotFound
from core.events import Actor
from core.times import now
from webhooks.delivery import alerts
from webhooks.delivery.transport import Outcome
from webhooks.documents import FAILING, REASONS, Webhook

# Failures in a row: after so many the admins are mailed, and the endpoint is asked less often.
ALERT_AFTER: Final = 5
REST_SECONDS: Final = 60
# Messages in a row that were given up.
MOST_GIVEN_UP: Final = 3
# However long a receiver wants to be left alone.
LONGEST_REST_SECONDS: Final = 3600
FRESH: Final = {"failures": 0, "given_up": 0}


def succeeded(webhook: Raw) -> None:
    if any(webhook.get(name) for name in (*FRESH, "is_alerted")):
        update = {"$set": FRESH, "$unset": {"is_alerted": 1}}
        Webhook.collection().update_one({"_id": webhook["_id"]}, update)


def failed(webhook: Raw, outcome: Outcome, *, is_given_up: bool) -> None:
    """Count it; tell the admins, leave the endpoint alone for a while or switch it off."""
    after = Webhook.collection().find_one_and_update(
        {"_id": webhook["_id"]},
        {"$inc": {"failures": 1, "given_up": int(is_given_up)}},
        return_document=ReturnDocument.AFTER,
    )
    if after is None:
        return
    if seconds := _rest_after(after, outcome):
        rest(webhook, seconds)
    if after["given_up"] >= MOST_GIVEN_UP:
        switch_off(after, FAILING)
    elif after["failures"] >= ALERT_AFTER and not after.get("is_alerted"):
        # Where no mail could be sent, the next failure is an occasion too.
        _update(webhook, is_alerted=alerts.tell_failing(after, outcome.detail or ""))


def _rest_after(webhook: Raw, outcome: Outcome) -> float:
    """Seconds: a dead endpoint with a long queue would keep a thread busy with waiting."""
    asked = outcome.retry_after or 0 if outcome.status_code in (429, 503) else 0
    own = REST_SECONDS if webhook["failures"] >= ALERT_AFTER else 0
    return min(max(asked, own), LONGEST_REST_SECONDS)


def rest(webhook: Raw, seconds: float) -> None:
    """Leave an endpoint alone for so long."""
    _update(webhook, resting_until=now() + timedelta(seconds=seconds))


def _update(webhook: Raw, **values: object) -> None:
    Webhook.collection().update_one({"_id": webhook["_id"]}, {"$set": values})


def switch_off(webhook: Raw, reason: str) -> None:
    """Send nothing more to an endpoint, until an admin switches it on, and tell the admins why."""

    def work(transaction: ClientSession | None) -> bool:
        values = {"is_active": False, "switched_off": reason}
        before, _after = Webhook.change(webhook["_id"], lambda raw: values, transaction=transaction)
        if before.get("is_active"):
            record("switched_off", before, None, transaction, reason=reason)
        return bool(before.get("is_active"))

    try:
        was_on = in_transaction(work)
    except NotFound:
        return
    if was_on:
        alerts.tell_switched_off(webhook, dict(REASONS)[reason])


def record(
    what: str,
    webhook: Raw,
    actor: Actor | None,
    transaction: ClientSession | None,
    **data: str,
) -> None:
    """Record what happened to an endpoint; its address may hold a token, so only its host."""
    happened = events.event(
        f"webhook.{what}",
        actor=actor,
        resource=Webhook.collection_name(),
        object_id=webhook["_id"],
        title=alerts.host_of(webhook),
        data=data,
    )
    events.record(happened, transaction=transaction)
