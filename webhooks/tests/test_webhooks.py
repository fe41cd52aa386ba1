"""`/webhooks`: endpoints, their deliveries and their health, for admins."""

from datetime import timedelta

import pytest

from content.tests.resources import RESOURCES
from core.events import Event
from core.times import now
from webhooks import services
from webhooks.documents import Delivery, Webhook

BLOGS = RESOURCES["blogs"]
URL = "http://127.0.0.1:8765/hook"
BODY = {"url": URL, "events": ["blog.published"]}


def create(admin, **changes):
    return admin.client.post("/webhooks", BODY | changes, format="json")


def test_one_is_created_with_a_secret_that_is_shown_once(admin):
    answer = create(admin, description="Front end")
    data = answer.json()["data"]
    assert answer.status_code == 201
    assert answer["Location"] == f"/webhooks/{data['id']}"
    assert answer["Cache-Control"] == "private, no-store"
    assert data["secret"].startswith("whsec_")
    shown = admin.client.get(answer["Location"]).json()["data"]
    assert shown == {name: value for name, value in data.items() if name != "secret"}
    assert {
        name: shown[name] for name in ("url", "events", "batch_seconds", "rate_per_minute")
    } == {
        **BODY,
        "batch_seconds": 0,
        "rate_per_minute": 60,
    }
    assert (shown["is_active"], shown["switched_off"]) == (True, None)
    stored = Webhook.collection().find_one()
    assert data["secret"] not in str(stored)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"events": []}, "events"),
        ({"events": ["blog.read"]}, "events"),
        ({"events": None}, "events"),
        ({"events": ["user.password_changed"]}, "events"),
        ({"url": None}, "url"),
        ({"batch_seconds": -1}, "batch_seconds"),
        ({"batch_seconds": 3601}, "batch_seconds"),
        ({"batch_seconds": "soon"}, "batch_seconds"),
        ({"rate_per_minute": 0}, "rate_per_minute"),
        ({"rate_per_minute": 6001}, "rate_per_minute"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"failures": 3}, "failures"),
    ],
)
def test_what_is_not_acceptable_is_named(admin, changes, field):
    answer = create(admin, **changes)
    assert answer.status_code == 422
    assert answer.json()["meta"]["errors"].keys() == {field}
    assert Webhook.collection().count_documents({}) == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("post", ""),
        ("get", "/{id}"),
        ("patch", "/{id}"),
        ("delete", "/{id}"),
        ("post", "/{id}/rotate-secret"),
        ("post", "/{id}/test"),
        ("post", "/{id}/redeliver"),
        ("get", "/{id}/health"),
        ("get", "/{id}/deliveries"),
        ("get", "/{id}/deliveries/{id}"),
        ("post", "/{id}/deliveries/{id}/redeliver"),
    ],
)
def test_all_of_it_is_for_admins(admin, editor, anyone, method, path):
    path = f"/webhooks{path.format(id=create(admin).json()['data']['id'])}"
    assert getattr(anyone, method)(path, {}, format="json").status_code == 401
    assert getattr(editor.client, method)(path, {}, format="json").status_code == 403


@pytest.mark.parametrize("id", ["nonsense", "0" * 24])
def test_what_is_not_there_is_said(admin, id):
    known = create(admin).json()["data"]["id"]
    status = 400 if id == "nonsense" else 404
    for path in (id, f"{id}/health", f"{id}/deliveries", f"{known}/deliveries/{id}"):
        assert admin.client.get(f"/webhooks/{path}").status_code == status, path
    for path in (f"{id}/test", f"{id}/rotate-secret", f"{known}/deliveries/{id}/redeliver"):
        assert admin.client.post(f"/webhooks/{path}").status_code == status, path
    answer = admin.client.post(f"/webhooks/{id}/redeliver", {"since": "2026-01-01"}, format="json")
    assert answer.status_code == status


def test_one_is_changed_conditionally_and_each_change_is_recorded(admin):
    answer = create(admin)
    path, tag = answer["Location"], answer.json()["data"]["etag"]
    changed = admin.client.patch(path, {"batch_seconds": 30}, format="json", HTTP_IF_MATCH=tag)
    assert changed.status_code == 200
    assert changed.json()["data"]["batch_seconds"] == 30
    stale = admin.client.patch(path, {"batch_seconds": 60}, format="json", HTTP_IF_MATCH=tag)
    assert stale.status_code == 412
    assert admin.client.delete(path, HTTP_IF_MATCH=tag).status_code == 412
    admin.client.post(f"{path}/rotate-secret")
    assert admin.client.delete(path).status_code == 200
    assert admin.client.get(path).status_code == 404
    happened = Event.collection().find({"resource": "webhooks"}, sort=[("_id", 1)])
    events = [(each["type"], each["actor"]["id"], each["title"]) for each in happened]
    kinds = ("created", "updated", "secret_rotated", "deleted")
    assert events == [(f"webhook.{kind}", admin.raw["_id"], "127.0.0.1") for kind in kinds]


def test_a_client_may_send_back_what_it_read(admin):
    answer = create(admin)
    shown = admin.client.get(answer["Location"]).json()["data"]
    again = admin.client.patch(answer["Location"], shown, format="json")
    assert again.status_code == 200, again.content
    assert again.json()["data"] == shown


def test_forms_bring_the_events_with_commas(admin):
    form = {"url": URL, "events": "blog.published, blog.updated", "description": ""}
    answer = admin.client.post("/webhooks", form)
    assert answer.status_code == 201, answer.content
    assert answer.json()["data"]["events"] == ["blog.published", "blog.updated"]


def test_there_is_a_bound(admin, monkeypatch):
    monkeypatch.setattr(services, "MOST_ENDPOINTS", 1)
    assert create(admin).status_code == 201
    answer = create(admin)
    assert (answer.status_code, answer.json()["meta"]["code"]) == (409, "too_many_webhooks")


# --- Testing -----------------------------------------------------------------------------


def test_a_test_sends_a_ping_and_shows_the_result(subscribe, receiver, admin):
    webhook, secret = subscribe(receiver.url, is_active=False)
    receiver.usual = (202, {}, b"welcome")
    answer = admin.client.post(f"/webhooks/{webhook['_id']}/test")
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert (data["status"], data["status_code"], data["type"]) == ("delivered", 202, "ping")
    assert data["tries"][0]["response"] == "welcome"
    [request] = receiver.got
    assert request.verified(secret) == data["payload"]
    assert data["payload"]["data"] == {"resource": "webhooks", "id": str(webhook["_id"])}
    assert data["due"] is None
    assert admin.client.get(answer["Location"]).json()["data"] == data


def test_a_test_that_fails_says_why_and_is_not_tried_again(subscribe, receiver, admin, work):
    webhook, _ = subscribe(receiver.url, batch_seconds=5)
    receiver.usual = (500, {}, b"")
    answer = admin.client.post(f"/webhooks/{webhook['_id']}/test")
    assert answer.status_code == 200
    assert answer.json()["data"]["status"] == "failed"
    assert "HTTP 500" in answer.json()["message"]
    work()
    assert len(receiver.got) == 1
    assert isinstance(answer.json()["data"]["payload"]["data"], list)


# --- Deliveries --------------------------------------------------------------------------


@pytest.fixture
def deliveries(subscribe, receiver, owner, work):
    """The path of an endpoint's log that has three messages, one of them not delivered."""
    webhook, _ = subscribe(receiver.url, events=["blog.created"])
    subscribe(receiver.url, events=["blog.created"])
    receiver.answer(500)
    for _ in range(3):
        BLOGS.create(owner.client)
    Delivery.collection().delete_many({"webhook_id": {"$ne": webhook["_id"]}})
    Webhook.collection().delete_many({"_id": {"$ne": webhook["_id"]}})
    work()
    return f"/webhooks/{webhook['_id']}/deliveries"


def test_the_log_is_a_list_as_any_other(deliveries, receiver, admin, work):
    work()
    assert len(receiver.got) == 3
    data = admin.client.get(deliveries).json()["data"]
    assert sorted(each["status"] for each in data) == ["delivered", "delivered", "pending"]
    [failed] = admin.client.get(f"{deliveries}?status=pending").json()["data"]
    assert (failed["status_code"], failed["error"], failed["tried"]) == (500, "refused", 1)
    assert failed["due"]
    assert failed["duration_ms"] >= 0
    assert "payload" not in failed
    page = admin.client.get(f"{deliveries}?limit=1").json()
    assert page["meta"]["has_more"]
    following = admin.client.get(page["meta"]["next"]).json()["data"]
    assert following != page["data"]
    assert admin.client.get(f"{deliveries}?type=blog.deleted").json()["data"] == []
    assert admin.client.get(f"{deliveries}?webhook_id=1").status_code == 422


def test_one_message_shows_what_was_sent_and_what_came_back(deliveries, receiver, admin, work):
    work()
    [summary] = admin.client.get(f"{deliveries}?status=pending").json()["data"]
    data = admin.client.get(f"{deliveries}/{summary['id']}").json()["data"]
    assert summary.items() <= data.items()
    assert data["payload"]["type"] == "blog.created"
    [tried] = data["tries"]
    assert tried["error"] == "refused"
    assert tried["detail"] == "HTTP 500"


def test_one_message_is_sent_again(deliveries, receiver, admin, work):
    [summary] = admin.client.get(f"{deliveries}?status=pending").json()["data"]
    answer = admin.client.post(f"{deliveries}/{summary['id']}/redeliver")
    assert answer.status_code == 200
    assert answer.json()["data"]["status"] == "pending"
    work()
    data = admin.client.get(f"{deliveries}/{summary['id']}").json()["data"]
    assert data["status"] == "delivered"
    assert [each["error"] for each in data["tries"]] == [None, "refused"]
    ids = [request.id for request in receiver.got]
    assert ids.count(summary["message_id"]) == 2


def test_all_that_was_given_up_since_then_is_sent_again(deliveries, receiver, admin, work):
    given_up = {"$set": {"status": "failed", "tried": 10}, "$unset": {"due": 1}}
    Delivery.collection().update_many({}, given_up)
    before = len(receiver.got)
    path = deliveries.replace("deliveries", "redeliver")
    late = admin.client.post(path, {"since": now().isoformat()}, format="json")
    assert late.json()["data"] == {"count": 0}
    answer = admin.client.post(path, {"since": "2026-01-01"}, format="json")
    assert answer.json()["data"] == {"count": 3}
    work()
    assert len(receiver.got) == before + 3
    assert admin.client.post(path, {}, format="json").status_code == 422


# --- Health ------------------------------------------------------------------------------


def test_health_tells_of_the_last_day(deliveries, admin, clock, work):
    path = deliveries.replace("deliveries", "health")
    data = admin.client.get(path).json()["data"]
    assert data["success_rate"] == round(2 / 3, 4)
    assert 0 <= data["p50_ms"] <= data["p95_ms"]
    assert data["consecutive_failures"] == 0
    assert (data["last_error"]["status_code"], data["last_error"]["error"]) == (500, "refused")


def test_health_knows_nothing_where_nothing_was_sent(admin, clock):
    answer = create(admin)
    data = admin.client.get(f"{answer['Location']}/health").json()["data"]
    assert data == {
        "id": answer.json()["data"]["id"],
        "success_rate": None,
        "p50_ms": None,
        "p95_ms": None,
        "consecutive_failures": 0,
        "last_error": None,
    }


@pytest.mark.parametrize("days", [0, 2])
def test_health_forgets_what_is_older(deliveries, admin, days):
    Delivery.collection().update_many({}, {"$set": {"tried_at": now() - timedelta(days=days)}})
    path = deliveries.replace("deliveries", "health")
    assert (admin.client.get(path).json()["data"]["success_rate"] is None) == bool(days)
