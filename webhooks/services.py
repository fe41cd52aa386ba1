"""What admins do with webhooks. Knows nothing of requests."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bson import ObjectId
from pymongo.client_session import ClientSession

from core import events
from core.database.documents import Check, Raw, with_values
from core.database.transactions import in_transaction
from core.errors import NotFound
from core.events import Actor
from core.times import now
from webhooks import outbox
from webhooks.delivery import attempts, sealing, signing, standing
from webhooks.delivery.dispatch import is_readable
from webhooks.documents import (
    DELIVERED,
    FAILED,
    MOST_ENDPOINTS,
    PENDING,
    Delivery,
    Webhook,
)
from webhooks.errors import (
    DeliveryNotFound,
    SecretUnreadable,
    TooManyWebhooks,
    WebhookNotFound,
)

BOTH_SECRETS: Final = timedelta(hours=24)
# How an endpoint stands when somebody has put it right.
AFRESH: Final = {
    **standing.FRESH,
    "is_alerted": None,
    "resting_until": None,
    "switched_off": None,
}


def get(id: ObjectId) -> Raw:
    """Raises `WebhookNotFound`."""
    webhook = Webhook.collection().find_one({"_id": id})
    if webhook is None:
        raise WebhookNotFound
    return webhook


def create(values: Raw, *, actor: Actor) -> tuple[Raw, str]:
    """A new endpoint, and its secret, which nobody is told again. Raises `TooManyWebhooks`."""
    secret = signing.new_secret()
    webhook = Webhook(**values, id=ObjectId(), secret=sealing.seal(secret))
    webhook.validate()
    raw = webhook.to_mongo().to_dict()

    def work(transaction: ClientSession | None) -> None:
        if Webhook.collection().count_documents({}, session=transaction) >= MOST_ENDPOINTS:
            raise TooManyWebhooks
        Webhook.collection().insert_one(raw, session=transaction)
        standing.record("created", raw, actor, transaction)

    in_transaction(work)
    return raw, secret


def change(id: ObjectId, changes: Raw, *, actor: Actor, check: Check) -> Raw:
    """Change an endpoint; one that is switched on, or leads elsewhere, starts afresh.

    `check` sees the state before and may raise. Raises `WebhookNotFound`, `SecretUnreadable`.
    """

    def plan(before: Raw) -> Raw:
        check(before)
        if changes.get("is_active") and not is_readable(before):
            raise SecretUnreadable
        is_afresh = "is_active" in changes or changes.get("url", before["url"]) != before["url"]
        return changes | (AFRESH if is_afresh else {})

    def work(transaction: ClientSession | None) -> Raw:
        before, after = Webhook.change(id, plan, transaction=transaction)
        if after is not before:
            standing.record("updated", after, actor, transaction)
        return after

    return _found(lambda: in_transaction(work))


def delete(id: ObjectId, *, actor: Actor, check: Check) -> None:
    """Remove an endpoint with all that was or would be sent to it. Raises `WebhookNotFound`."""

    def work(transaction: ClientSession | None) -> None:
        webhook = Webhook.collection().find_one({"_id": id}, session=transaction)
        if webhook is None:
            raise WebhookNotFound
        check(webhook)
        Webhook.collection().delete_one({"_id": id}, session=transaction)
        standing.record("deleted", webhook, actor, transaction)

    in_transaction(work)
    # May be more than a transaction holds; what is left of it ends by itself.
    Delivery.collection().delete_many({"webhook_id": id})


def rotate_secret(id: ObjectId, *, actor: Actor) -> tuple[Raw, str]:
    """A new secret, beside which the former one signs for a day. Raises `WebhookNotFound`."""
    secret = signing.new_secret()

    def plan(before: Raw) -> Raw:
        is_good = is_readable(before)
        return {
            "secret": sealing.seal(secret),
            "former_secret": before["secret"] if is_good else None,
            "former_until": now() + BOTH_SECRETS if is_good else None,
        }

    def work(transaction: ClientSession | None) -> Raw:
        _before, after = Webhook.change(id, plan, transaction=transaction)
        standing.record("secret_rotated", after, actor, transaction)
        return after

    return _found(lambda: in_transaction(work)), secret


def _found(work: Callable[[], Raw]) -> Raw:
    try:
        return work()
    except NotFound as error:
        raise WebhookNotFound from error


# --- Deliveries ------------------------------------------------------------------------


def get_delivery(webhook_id: ObjectId, id: ObjectId) -> Raw:
    """Raises `DeliveryNotFound`."""
    delivery = Delivery.collection().find_one({"_id": id, "webhook_id": webhook_id})
    if delivery is None:
        raise DeliveryNotFound
    return delivery


def send_test(id: ObjectId) -> Raw:
    """Send a ping now, also to an endpoint that is off, and give what was sent and came back; it
    is not tried again. Raises `WebhookNotFound`, `SecretUnreadable`."""
    webhook = get(id)
    happened = events.event(
        outbox.PING, actor=None, resource=Webhook.collection_name(), object_id=id
    )
    ping = outbox.message(happened, webhook)
    try:
        outcome = attempts.send(webhook, ping | {"is_closed": True})
    except sealing.Unreadable as error:
        raise SecretUnreadable from error
    entry, last = attempts.tried(outcome, now())
    status = DELIVERED if outcome.is_success else FAILED
    more = {"status": status, "due": None, "is_closed": True, "tried": 1, "tries": [entry]}
    ping = with_values(ping, last | more)
    Delivery.collection().insert_one(ping)
    return ping


def redeliver(webhook_id: ObjectId, id: ObjectId) -> Raw:
    """Have a message sent again, as if it had never been. Raises `DeliveryNotFound`."""
    delivery = get_delivery(webhook_id, id)
    again = _again()
    Delivery.collection().update_one({"_id": id}, {"$set": again})
    _wake(webhook_id)
    return delivery | again


def redeliver_failed(webhook_id: ObjectId, *, since: datetime) -> int:
    """Have all messages sent again that were given up, of those made since then; says how many.
    Raises `WebhookNotFound`."""
    get(webhook_id)
    given_up = {
        "webhook_id": webhook_id,
        "status": FAILED,
        "created_at": {"$gte": since},
        "type": {"$ne": outbox.PING},
    }
    count = Delivery.collection().update_many(given_up, {"$set": _again()}).modified_count
    _wake(webhook_id)
    return count


def _again() -> Raw:
    return {"status": PENDING, "due": now(), "tried": 0}


def _wake(webhook_id: ObjectId) -> None:
    """Somebody waits for it now."""
    Webhook.collection().update_one({"_id": webhook_id}, {"$unset": {"resting_until": 1}})
