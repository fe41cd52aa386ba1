"""The messages that are due, endpoint by endpoint: each has a thread, so none waits for another.

An endpoint is sent to by who holds its lease, one message after another, in the order in which
things happened. Whoever is killed leaves one message in the air at most, which is sent again.
"""

import logging
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event, Lock
from typing import Final

from bson import ObjectId

from core.database import counters, leases
from core.database.documents import Raw
from core.environment import Rate
from core.times import now
from webhooks.delivery import attempts, sealing, standing
from webhooks.documents import DELIVERED, FAILED, UNREADABLE, Delivery, Webhook

logger = logging.getLogger(__name__)

THREADS: Final = 16
# How long one endpoint has a thread while others wait for one. The lease outlasts it by far more
# than the last message may take.
TURN_SECONDS: Final = 5.0
LEASE_SECONDS: Final = 60
LOOK_SECONDS: Final = 60


class Dispatcher:
    """Gives each endpoint that has something to be sent a thread, of a bounded number."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhooks")
        self._lock = Lock()
        self._at_work: dict[ObjectId, Future[None]] = {}
        self._stopping = Event()
        self._failure: Exception | None = None

    def deliver(self) -> bool:
        """Begin with what is due and not yet begun; says whether there was something. Raises what
        went wrong since it was called last."""
        self._raise_failure()
        with self._lock:
            busy = set(self._at_work)
        begun = [endpoint for endpoint in endpoints_due() if endpoint not in busy]
        for endpoint in begun:
            self._begin(endpoint)
        return bool(begun)

    def stop(self) -> None:
        """Have each thread end with the message that it is at."""
        self._stopping.set()

    def finish(self) -> bool:
        """Wait until nothing is due, or after `stop` until the threads have ended. Raises what went
        wrong in them."""
        while futures := self._futures():
            wait(futures)
        self._stopping.clear()
        self._raise_failure()
        return False

    def _futures(self) -> list[Future[None]]:
        with self._lock:
            return list(self._at_work.values())

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure:
            raise failure

    def _begin(self, id: ObjectId) -> None:
        with self._lock:
            if id not in self._at_work:
                self._at_work[id] = self._pool.submit(self._work, id)

    def _work(self, id: ObjectId) -> None:
        has_more = False
        try:
            has_more = deliver_to(id, self._stopping)
        except Exception as error:
            self._failure = error
        with self._lock:
            # Behind those that wait for a thread.
            if has_more and not self._stopping.is_set():
                self._at_work[id] = self._pool.submit(self._work, id)
            else:
                del self._at_work[id]


dispatcher = Dispatcher()


def endpoints_due() -> list[ObjectId]:
    """The endpoints that something can be sent to now."""
    moment = now()
    # These first: what waits for one that is off may be a lot, and is not walked over.
    free = ready() | {"leased_until": {"$not": {"$gt": moment}}}
    ids = [each["_id"] for each in Webhook.collection().find(free, {"_id": 1})]
    due = {"webhook_id": {"$in": ids}, "due": {"$lte": moment}}
    return Delivery.collection().distinct("webhook_id", due) if ids else []


def ready() -> Raw:
    """The clause for endpoints that are on and need not be left alone."""
    return Webhook.ACTIVE | {"resting_until": {"$not": {"$gt": now()}}}


def deliver_to(id: ObjectId, stopping: Event) -> bool:
    """Send what is due to an endpoint for a while, if nobody else does; says whether to go on."""
    endpoints = Webhook.collection()
    claimed = leases.claim(endpoints, {"_id": id} | ready(), seconds=LEASE_SECONDS)
    if claimed is None:
        return False
    try:
        return _take_turn(claimed, stopping)
    finally:
        leases.release(endpoints, claimed)


def _take_turn(claimed: Raw, stopping: Event) -> bool:
    outcomes: Counter[str] = Counter()
    try:
        return _send_some(claimed, stopping, outcomes)
    finally:
        if outcomes:
            counted = {f"outcomes.{name}": number for name, number in outcomes.items()}
            Webhook.collection().update_one({"_id": claimed["_id"]}, {"$inc": counted})


def _send_some(claimed: Raw, stopping: Event, outcomes: Counter[str]) -> bool:
    ours = {key: claimed[key] for key in ("_id", "leased_by")}
    end = time.monotonic() + TURN_SECONDS
    while not stopping.is_set():
        # As it is now: an admin may have changed or switched it off.
        webhook = Webhook.collection().find_one(ours | ready())
        delivery = next_due(claimed["_id"]) if webhook else None
        if delivery is None or not _may_send(webhook):
            return False
        if outcome := attempts.attempt(webhook, delivery):
            outcomes[DELIVERED if outcome.is_success else FAILED] += 1
        if time.monotonic() > end:
            return True
    return False


def next_due(webhook_id: ObjectId) -> Raw | None:
    """The message that is due first; of one moment the earlier event."""
    return Delivery.collection().find_one(
        {"webhook_id": webhook_id, "due": {"$lte": now()}}, sort=[("due", 1), ("event_id", 1)]
    )


def _may_send(webhook: Raw) -> bool:
    """Count a message against the endpoint's rate; above it, leave it alone until it may go on."""
    usage = counters.count(f"webhook:{webhook['_id']}", Rate(webhook["rate_per_minute"], 60))
    if usage.exceeded:
        standing.rest(webhook, usage.reset)
    return not usage.exceeded


def look_at_secrets() -> bool:
    """Switch off what could not be signed for, also where nothing is to be sent."""
    if not leases.take("webhook_secrets", seconds=LOOK_SECONDS):
        return False
    unreadable = [
        each for each in Webhook.collection().find(Webhook.ACTIVE) if not is_readable(each)
    ]
    for webhook in unreadable:
        standing.switch_off(webhook, UNREADABLE)
    return bool(unreadable)


def is_readable(webhook: Raw) -> bool:
    try:
        sealing.unseal(webhook["secret"])
    except sealing.Unreadable:
        return False
    return True
