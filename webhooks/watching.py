"""How well messages get through: of one endpoint lately, and of all together now."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from core.database.documents import Raw
from core.events import Event
from core.times import now
from webhooks.delivery import dispatch
from webhooks.documents import DELIVERED, FAILED, Delivery, Webhook
from webhooks.outbox import WAITING

PERIOD: Final = timedelta(hours=24)
# Of a busier endpoint, the last of them.
MOST_LOOKED_AT: Final = 10_000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def health(webhook: Raw) -> dict[str, Any]:
    """How the tries of the last day went; null where there were none."""
    tries = sorted(_tries(webhook, now() - PERIOD), key=lambda each: each["at"])
    failures = [each for each in tries if "error" in each]
    durations = sorted(each["duration_ms"] for each in tries)
    return {
        "id": webhook["_id"],
        "success_rate": round(1 - len(failures) / len(tries), 4) if tries else None,
        "p50_ms": _percentile(durations, 50),
        "p95_ms": _percentile(durations, 95),
        "consecutive_failures": webhook.get("failures", 0),
        "last_error": failures[-1] if failures else None,
    }


def _tries(webhook: Raw, since: datetime) -> list[Raw]:
    found = Delivery.collection().find(
        {"webhook_id": webhook["_id"], "tried_at": {"$gte": since}},
        {"tries.response": 0},
        sort=[("tried_at", -1)],
        limit=MOST_LOOKED_AT,
    )
    return [each for raw in found for each in raw["tries"] if each["at"] >= since]


def _percentile(ordered: list[int], percent: int) -> int | None:
    """The nearest rank: the smallest value that so many per cent do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


class Standing(NamedTuple):
    """Of one endpoint: its tries ever since, and how many messages wait for it."""

    id: str
    delivered: int
    failed: int
    waiting: int


def standings() -> Iterator[Standing]:
    for raw in Webhook.collection().find({}, {"outcomes": 1}):
        outcomes = raw.get("outcomes", {})
        # On the index of what is to be sent, so that what was sent is not walked over.
        waiting = {"webhook_id": raw["_id"], "due": {"$gte": EPOCH}}
        yield Standing(
            str(raw["_id"]),
            outcomes.get(DELIVERED, 0),
            outcomes.get(FAILED, 0),
            Delivery.collection().count_documents(waiting),
        )


def lag() -> float:
    """For how many seconds the oldest event has waited to be looked at, or the oldest message that
    could be sent, to be sent. What waits for an endpoint that is off, is to be left alone or has
    had its share of the minute does not count."""
    moment = now()
    event = Event.collection().find_one(WAITING, {"waiting_since": 1}, sort=[("waiting_since", 1)])
    ids = [each["_id"] for each in Webhook.collection().find(dispatch.ready(), {"_id": 1})]
    overdue = {"webhook_id": {"$in": ids}, "due": {"$lte": moment}}
    message = Delivery.collection().find_one(overdue, {"due": 1}, sort=[("due", 1)])
    since = [found[key] for found, key in ((event, "waiting_since"), (message, "due")) if found]
    return max(0.0, (moment - min(since)).total_seconds()) if since else 0.0
