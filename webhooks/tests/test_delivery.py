"""From a change to the receiver: what is sent, signed, tried again and given up."""

import threading
from datetime import timedelta

import pytest
from bson import ObjectId
from mongomock.collection import Collection as MockCollection
from pymongo.collection import Collection
from standardwebhooks import WebhookVerificationError

from accounts.tests.requests import register
from conftest import join, new_client
from content.publishing import journal
from content.tests.resources import RESOURCES
from core.events import Event, event
from core.times import now
from webhooks import outbox, services, watching
from webhooks.delivery import attempts, dispatch, standing
from webhooks.documents import Delivery, Webhook
from webhooks.tests.receivers import Receiver

BLOGS = RESOURCES["blogs"]


def types(receiver: Receiver, secret: str) -> list[str]:
    return [request.verified(secret)["type"] for request in receiver.got]


def stored(webhook) -> dict:
    return Webhook.collection().find_one({"_id": webhook["_id"]})


def only_delivery() -> dict:
    [delivery] = Delivery.collection().find()
    return delivery


def happen(number: int) -> list[str]:
    """Record that so many blogs were created, in one command; gives the ids."""
    told = [
        event("blog.created", actor=None, resource="blogs", object_id=ObjectId())
        for _ in range(number)
    ]
    Event.collection().insert_many(told)
    return [str(each["object_id"]) for each in told]


@pytest.fixture
def updates(subscribe, receiver):
    """An endpoint that is told of one kind of change, and its secret."""
    return subscribe(receiver.url, events=["blog.created"])


# --- What is told ------------------------------------------------------------------------


def test_a_change_reaches_the_receiver_signed(subscribe, receiver, owner, work):
    webhook, secret = subscribe(receiver.url)
    data = BLOGS.create(owner.client, title="Kopi dan kabut")
    work()
    created, published = (request.verified(secret) for request in receiver.got)
    assert created["type"] == "blog.created"
    assert published == {
        "type": "blog.published",
        "version": 1,
        "timestamp": published["timestamp"],
        "data": {
            "resource": "blogs",
            "id": data["id"],
            "slug": "kopi-dan-kabut",
            "version": 1,
            "status": "published",
            "url": "http://127.0.0.1:8000/blogs/kopi-dan-kabut",
        },
    }
    assert published["timestamp"].endswith("Z")
    assert receiver.got[1].id == str(Event.collection().find_one({"type": "blog.published"})["_id"])
    assert receiver.got[1].headers["content-type"] == "application/json"
    statuses = [
        each["status"] for each in Delivery.collection().find({"webhook_id": webhook["_id"]})
    ]
    assert statuses == ["delivered", "delivered"]


def test_a_body_that_was_changed_on_the_way_is_not_accepted(updates, receiver, owner, work):
    BLOGS.create(owner.client)
    work()
    [request] = receiver.got
    request.body = request.body.replace(b"blogs", b"bl0gs")
    with pytest.raises(WebhookVerificationError):
        request.verified(updates[1])


def test_every_change_of_every_resource_is_told(subscribe, receiver, owner, work, resource):
    _, secret = subscribe(receiver.url)
    data = resource.create(owner.client)
    path = f"/{resource.name}/{data['id']}"
    owner.client.patch(path, {"status": "draft"}, format="json")
    owner.client.delete(path)
    owner.client.post(f"{path}/restore")
    work()
    noun = resource.document.NOUN
    happened = ("created", "published", "unpublished", "deleted", "restored")
    assert types(receiver, secret) == [f"{noun}.{what}" for what in happened]


def test_of_somebody_who_registers_only_the_id_is_told(subscribe, receiver, work):
    _, secret = subscribe(receiver.url, events=["user.registered"])
    late = register(new_client()).json()["data"]
    work()
    [request] = receiver.got
    assert request.verified(secret)["data"] == {"resource": "users", "id": late["id"]}


def test_nobody_is_told_of_what_happened_before(owner, subscribe, receiver, work):
    BLOGS.create(owner.client)
    subscribe(receiver.url)
    work()
    assert receiver.got == []


def test_other_events_of_accounts_are_told_to_nobody(subscribe, receiver, admin, owner, work):
    _, secret = subscribe(receiver.url, events=["*"])
    admin.client.patch(f"/users/{owner.id}", {"role": "editor"}, format="json")
    work()
    assert types(receiver, secret) == []
    assert Event.collection().find_one({"type": "user.role_changed"})
    assert Event.collection().count_documents(outbox.WAITING) == 0


def test_who_does_not_want_an_event_is_not_told(updates, receiver, owner, work):
    data = BLOGS.create(owner.client)
    owner.client.patch(f"/blogs/{data['id']}", {"title": "Baru sekali"}, format="json")
    work()
    assert types(receiver, updates[1]) == ["blog.created"]


def test_a_webhook_that_is_off_is_told_nothing(subscribe, receiver, owner, work):
    subscribe(receiver.url, is_active=False)
    BLOGS.create(owner.client)
    work()
    assert receiver.got == []
    assert Delivery.collection().count_documents({}) == 0


def test_messages_come_in_the_order_in_which_things_happened(subscribe, receiver, owner, work):
    _, secret = subscribe(receiver.url, events=["blog.created"])
    ids = [BLOGS.create(owner.client)["id"] for _ in range(7)]
    work()
    assert [request.verified(secret)["data"]["id"] for request in receiver.got] == ids


def test_an_event_that_is_fanned_out_twice_makes_one_message(updates, receiver, owner, work):
    BLOGS.create(owner.client)
    work()
    Event.collection().update_many({}, {"$set": {"waiting_since": now()}})
    work()
    assert len(receiver.got) == 1


# --- Tries -------------------------------------------------------------------------------


def test_what_fails_is_tried_again_on_schedule_under_the_same_id(
    updates, receiver, owner, work, clock
):
    receiver.usual = (500, {}, b"broken")
    BLOGS.create(owner.client)
    work()
    for count, seconds in enumerate(attempts.RETRIES, start=1):
        assert len(receiver.got) == count
        assert only_delivery()["status"] == "pending"
        clock.move(seconds=seconds * (1 - attempts.JITTER) - 1)
        work()
        assert len(receiver.got) == count
        clock.move(seconds=seconds * attempts.JITTER * 2 + 2)
        work()
    delivery = only_delivery()
    assert len(receiver.got) == 10
    assert delivery["status"] == "failed"
    assert "due" not in delivery
    assert {request.id for request in receiver.got} == {delivery["message_id"]}
    assert {request.body for request in receiver.got} == {receiver.got[0].body}
    assert len({request.headers["webhook-signature"] for request in receiver.got}) == 10
    assert attempts.RETRIES == (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)


def test_tries_are_counted_by_what_became_of_them(updates, receiver, owner, work, clock):
    receiver.answers = [(500, {}, b"")]
    for _ in range(2):
        BLOGS.create(owner.client)
    work()
    clock.move(minutes=1)
    work()
    assert Webhook.collection().find_one()["outcomes"] == {"delivered": 2, "failed": 1}


def test_each_try_is_written_down(updates, receiver, owner, work, clock):
    receiver.answers = [(500, {}, b"broken \x00"), (200, {}, b"thanks")]
    BLOGS.create(owner.client)
    work()
    clock.move(seconds=6)
    work()
    first, second = only_delivery()["tries"]
    assert (first["status_code"], first["error"], first["detail"]) == (500, "refused", "HTTP 500")
    assert first["response"] == "broken \N{REPLACEMENT CHARACTER}"
    assert (second["status_code"], second["response"]) == (200, "thanks")
    assert "error" not in second
    assert second["at"] > first["at"]


@pytest.mark.parametrize("asked", ["100", "in a while"])
def test_retry_after_is_honoured(updates, receiver, owner, work, clock, asked):
    receiver.answer(500, Retry_After=asked)
    BLOGS.create(owner.client)
    work()
    wanted = 100 if asked == "100" else 4.5
    assert only_delivery()["due"] - now() > timedelta(seconds=wanted - 1)
    clock.move(seconds=wanted + 2)
    work()
    assert only_delivery()["status"] == "delivered"


def test_retry_after_may_be_a_date_and_is_bounded(updates, receiver, owner, work):
    receiver.answer(500, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT")
    BLOGS.create(owner.client)
    work()
    assert timedelta(hours=23) < only_delivery()["due"] - now() < timedelta(hours=25)


def test_who_asks_to_be_left_alone_is_left_alone_with_all_messages(updates, receiver, work, clock):
    receiver.answer(429, Retry_After="120")
    happen(3)
    work()
    assert len(receiver.got) == 1
    clock.move(seconds=121)
    work()
    assert len(receiver.got) == 4


def test_410_switches_the_endpoint_off(updates, receiver, owner, work, mailbox):
    receiver.answer(410)
    BLOGS.create(owner.client)
    work()
    webhook = stored(updates[0])
    assert (webhook["is_active"], webhook["switched_off"]) == (False, "gone")
    assert only_delivery()["status"] == "failed"
    assert len(mailbox()) == 1
    assert Event.collection().find_one({"type": "webhook.switched_off"})["data"]["reason"] == "gone"


def test_redirects_are_not_followed(updates, receiver, new_receiver, owner, work):
    elsewhere = new_receiver()
    receiver.answer(307, Location=elsewhere.url)
    BLOGS.create(owner.client)
    work()
    assert only_delivery()["tries"][0]["error"] == "redirected"
    assert elsewhere.got == []


def test_nobody_listening_is_a_failure_like_any_other(subscribe, owner, work):
    subscribe("http://127.0.0.1:1/hook", events=["blog.created"])
    BLOGS.create(owner.client)
    work()
    delivery = only_delivery()
    assert (delivery["status"], delivery["error"]) == ("pending", "unreachable")


# --- Failures in a row -------------------------------------------------------------------


def test_admins_are_mailed_once_at_the_fifth_failure_in_a_row(
    updates, receiver, owner, work, clock, mailbox
):
    receiver.usual = (503, {}, b"")
    BLOGS.create(owner.client)
    for failures in range(1, 7):
        work()
        assert stored(updates[0])["failures"] == failures
        assert len(mailbox()) == (failures >= 5)
        clock.move(days=1, hours=3)
    [mail] = mailbox()
    assert mail.to == ["admin@lsa.example"]
    assert "127.0.0.1" in mail.body
    receiver.usual = (204, {}, b"")
    work()
    assert stored(updates[0])["failures"] == 0
    assert "is_alerted" not in stored(updates[0])


def give_up(clock, work) -> None:
    for _ in range(len(attempts.RETRIES) + 1):
        work()
        clock.move(days=1, hours=3)


def test_an_endpoint_is_switched_off_when_three_messages_in_a_row_are_given_up(
    updates, receiver, work, clock, mailbox
):
    receiver.usual = (500, {}, b"")
    for given_up in range(1, 4):
        assert stored(updates[0])["is_active"]
        # As people write: from a session of today.
        BLOGS.create(join(f"writer{given_up}").client)
        give_up(clock, work)
        assert stored(updates[0])["given_up"] == given_up
    webhook = stored(updates[0])
    assert (webhook["is_active"], webhook["switched_off"]) == (False, "failing")
    assert len(mailbox()) == 2


def test_what_happens_while_an_endpoint_is_off_for_failing_waits_for_it(
    updates, receiver, owner, admin, work
):
    standing.switch_off(updates[0], "failing")
    BLOGS.create(owner.client)
    work()
    assert receiver.got == []
    assert watching.lag() == 0
    path = f"/webhooks/{updates[0]['_id']}"
    answer = admin.client.patch(path, {"is_active": True}, format="json").json()["data"]
    assert (answer["is_active"], answer["switched_off"]) == (True, None)
    work()
    assert len(receiver.got) == 1


def test_a_dead_endpoint_is_asked_less_often(updates, receiver, work, clock):
    receiver.usual = (500, {}, b"")
    happen(20)
    work()
    assert len(receiver.got) == standing.ALERT_AFTER
    clock.move(seconds=standing.REST_SECONDS + 1)
    work()
    assert len(receiver.got) == standing.ALERT_AFTER + 1


# --- Together and not too often ----------------------------------------------------------


def test_events_of_one_type_go_together(subscribe, receiver, owner, work, clock):
    _, secret = subscribe(receiver.url, events=["blog.created", "blog.deleted"], batch_seconds=60)
    ids = [BLOGS.create(owner.client)["id"] for _ in range(3)]
    owner.client.delete(f"/blogs/{ids[0]}")
    work()
    assert receiver.got == []
    clock.move(seconds=61)
    receiver.answer(500)
    work()
    clock.move(seconds=6)
    BLOGS.create(owner.client)
    work()
    created, deleted, again = receiver.got
    assert [item["id"] for item in created.verified(secret)["data"]] == ids
    assert [item["id"] for item in deleted.verified(secret)["data"]] == ids[:1]
    assert (again.id, again.body) == (created.id, created.body)
    assert created.id not in {str(each["_id"]) for each in Event.collection().find()}
    clock.move(seconds=61)
    work()
    assert len(receiver.got[-1].verified(secret)["data"]) == 1
    assert receiver.got[-1].id != created.id


def test_a_batch_has_a_bound(subscribe, receiver, work, clock, monkeypatch):
    monkeypatch.setattr(attempts, "MOST_IN_BATCH", 2)
    _, secret = subscribe(receiver.url, events=["blog.created"], batch_seconds=1)
    ids = happen(5)
    clock.move(seconds=2)
    work()
    told = [[item["id"] for item in request.verified(secret)["data"]] for request in receiver.got]
    assert told == [ids[:2], ids[2:4], ids[4:]]


def test_an_endpoint_gets_no_more_than_its_rate(subscribe, receiver, work, clock):
    subscribe(receiver.url, events=["blog.created"], rate_per_minute=2)
    happen(5)
    for sent in (2, 4, 5):
        work()
        work()
        assert len(receiver.got) == sent
        clock.move(seconds=61)


def test_a_slow_endpoint_delays_no_other(subscribe, new_receiver):
    slow, quick = new_receiver(), new_receiver()
    released, told = threading.Event(), threading.Event()
    slow.before = lambda request: released.wait(30)
    quick.before = lambda request: told.set() if len(quick.got) == 3 else None
    for each in (slow, quick):
        subscribe(each.url, events=["blog.created"])
    happen(3)
    while outbox.fan_out():
        pass
    dispatcher = dispatch.Dispatcher(threads=2)
    dispatcher.deliver()
    assert told.wait(30)
    assert len(slow.got) == 1
    released.set()
    dispatcher.finish()
    assert len(slow.got) == 3


def test_endpoints_beyond_the_number_of_threads_have_their_turn(subscribe, new_receiver, owner):
    receivers = [new_receiver() for _ in range(5)]
    for each in receivers:
        subscribe(each.url, events=["blog.created"])
    BLOGS.create(owner.client)
    outbox.fan_out()
    dispatcher = dispatch.Dispatcher(threads=1)
    dispatcher.deliver()
    dispatcher.finish()
    assert [len(each.got) for each in receivers] == [1] * 5


# --- Who was killed ----------------------------------------------------------------------


def killed(*_args, **_options):
    """Where the process comes to its end."""
    raise SystemExit


def test_a_message_in_the_air_when_its_worker_is_killed_is_sent_again(
    updates, receiver, owner, work, clock, monkeypatch
):
    BLOGS.create(owner.client)
    outbox.fan_out()
    with monkeypatch.context() as patch:
        patch.setattr(attempts, "_note", killed)
        # A killed process lets go of nothing.
        patch.setattr(dispatch.leases, "release", lambda *_args: None)
        with pytest.raises(SystemExit):
            dispatch.deliver_to(updates[0]["_id"], threading.Event())
    work()
    assert len(receiver.got) == 1
    clock.move(seconds=dispatch.LEASE_SECONDS + 1)
    work()
    assert [request.id for request in receiver.got] == [receiver.got[0].id] * 2
    assert receiver.got[0].body == receiver.got[1].body
    assert only_delivery()["status"] == "delivered"


@pytest.mark.parametrize("step", ["_insert_new", "_messages"])
def test_a_fan_out_that_is_killed_is_done_again(updates, receiver, owner, work, monkeypatch, step):
    BLOGS.create(owner.client)
    original = getattr(outbox, step)

    def killed_after(*args):
        original(*args)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(outbox, step, killed_after)
        with pytest.raises(SystemExit):
            outbox.fan_out()
    work()
    assert len(receiver.got) == 1


def test_a_fan_out_whose_holder_was_killed_is_taken_over(
    updates, receiver, owner, work, clock, monkeypatch
):
    BLOGS.create(owner.client)
    assert dispatch.leases.take("fan_out", seconds=outbox.LEASE_SECONDS)
    work()
    assert receiver.got == []
    clock.move(seconds=outbox.LEASE_SECONDS + 1)
    work()
    assert len(receiver.got) == 1


def test_a_batch_that_is_killed_while_it_is_put_together_loses_nothing(
    subscribe, receiver, owner, work, clock, monkeypatch
):
    _, secret = subscribe(receiver.url, events=["blog.created"], batch_seconds=5)
    ids = {BLOGS.create(owner.client)["id"] for _ in range(3)}
    outbox.fan_out()
    clock.move(seconds=6)
    with monkeypatch.context() as patch:
        patch.setattr(Collection, "delete_many", killed)
        patch.setattr(MockCollection, "delete_many", killed)
        with pytest.raises(SystemExit):
            attempts._gather(dispatch.next_due(Webhook.collection().find_one()["_id"]))
    work()
    told = [item["id"] for request in receiver.got for item in request.verified(secret)["data"]]
    assert set(told) == ids


@pytest.mark.wire
def test_an_event_and_its_change_are_there_together_or_not_at_all(updates, owner, monkeypatch):
    monkeypatch.setattr(journal.events, "record", killed)
    with pytest.raises(SystemExit):
        BLOGS.post(owner.client)
    assert BLOGS.collection().count_documents({}) == 0


def test_redelivery_has_the_last_word_over_a_try_that_is_on_its_way(
    updates, receiver, owner, admin, work, clock
):
    BLOGS.create(owner.client)

    def again(request):
        receiver.before = lambda request: None
        clock.move(seconds=1)
        services.redeliver(updates[0]["_id"], only_delivery()["_id"])

    receiver.before = again
    work()
    assert len(receiver.got) == 2
    assert len({request.id for request in receiver.got}) == 1
    assert len(only_delivery()["tries"]) == 2


def test_lag_is_the_age_of_what_waits_longest(updates, owner, clock, work):
    assert watching.lag() < 1 or not work()
    work()
    assert watching.lag() == 0
    BLOGS.create(owner.client)
    clock.move(seconds=30)
    assert 30 <= watching.lag() < 40
    outbox.fan_out()
    assert 30 <= watching.lag() < 40
    work()
    assert watching.lag() == 0


def test_messages_for_an_endpoint_that_is_deleted_go_with_it(updates, receiver, owner, admin, work):
    receiver.usual = (500, {}, b"")
    BLOGS.create(owner.client)
    work()
    assert admin.client.delete(f"/webhooks/{updates[0]['_id']}").status_code == 200
    assert Delivery.collection().count_documents({}) == 0
    work()
    assert not Delivery.collection().find_one({"_id": ObjectId()})
