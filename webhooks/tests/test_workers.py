"""Worker processes: what one that is killed leaves, another brings to its end."""

from contextlib import ExitStack

import pytest
from mongoengine.connection import get_connection

from content.tests.resources import RESOURCES
from core.database.tests.failing import end_transactions
from lsa_site.tests.processes import manage_py, of_this_run, started, until
from webhooks.documents import Delivery, Webhook

BLOGS = RESOURCES["blogs"]
ENDPOINTS, EVENTS = 3, 8


@pytest.fixture
def worker(tmp_path):
    """A function that starts a worker on this test's own database; gives its process."""
    own = of_this_run() | {"WEBHOOK_ALLOW_PRIVATE": "true"}
    with ExitStack() as stack:
        yield lambda: stack.enter_context(started(tmp_path, *manage_py("worker"), **own))


@pytest.mark.wire
def test_nothing_is_lost_where_a_worker_is_killed_half_way(subscribe, new_receiver, owner, worker):
    receivers = [new_receiver() for _ in range(ENDPOINTS)]
    for each in receivers:
        subscribe(each.url, events=["blog.created"])
    ids = [BLOGS.create(owner.client)["id"] for _ in range(EVENTS)]
    first = worker()

    def kill_at_the_fifth(receiver):
        def look(request):
            if len(receiver.got) == 5:
                first.kill()

        return look

    receivers[0].before = kill_at_the_fifth(receivers[0])
    first.wait(60)
    end_transactions(get_connection())
    assert any(len(each.got) < EVENTS for each in receivers)
    # As if the time of its leases had passed.
    Webhook.collection().update_many({}, {"$unset": {"leased_until": 1}})
    worker()
    pending = {"status": {"$ne": "delivered"}}
    until(lambda: not Delivery.collection().find_one(pending))
    for each in receivers:
        got = [
            Delivery.collection().find_one({"message_id": r.id})["items"][0]["id"] for r in each.got
        ]
        assert list(dict.fromkeys(got)) == ids
        assert len(got) - len(ids) <= 1
