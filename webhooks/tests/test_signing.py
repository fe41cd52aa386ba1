"""Signatures and secrets, as the specification's own library sees them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier

from content.tests.resources import RESOURCES
from webhooks import services
from webhooks.delivery import dispatch, sealing, signing
from webhooks.documents import Webhook

BLOGS = RESOURCES["blogs"]


@given(st.text(st.characters(codec="utf-8")), st.integers(1, 2**31))
def test_it_signs_as_the_library_does(text, seconds):
    secret, body = signing.new_secret(), text.encode()
    moment = datetime.fromtimestamp(seconds, UTC)
    ours = signing.headers("msg_1", moment, body, [secret])["webhook-signature"]
    assert ours == Verifier(secret).sign("msg_1", moment, text)


def test_secrets_are_long_and_differ():
    assert len({signing.new_secret() for _ in range(100)}) == 100
    assert signing.new_secret().startswith("whsec_")


def test_a_sealed_secret_opens_under_the_same_key_only(settings):
    sealed = sealing.seal("whsec_x")
    assert "whsec_x" not in sealed
    assert sealing.unseal(sealed) == "whsec_x"
    settings.SECRET_KEY = "another key"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed)


def test_both_secrets_sign_for_a_day_after_a_rotation(
    subscribe, receiver, owner, admin, work, clock
):
    webhook, old = subscribe(receiver.url, events=["blog.created"])
    new = admin.client.post(f"/webhooks/{webhook['_id']}/rotate-secret").json()["data"]["secret"]
    assert new != old
    BLOGS.create(owner.client)
    work()
    [request] = receiver.got
    assert request.verified(new) == request.verified(old)
    assert len(request.headers["webhook-signature"].split()) == 2
    Webhook.collection().update_one({}, {"$set": {"former_until": datetime(2020, 1, 1)}})
    BLOGS.create(owner.client)
    work()
    assert len(receiver.got[1].headers["webhook-signature"].split()) == 1
    receiver.got[1].verified(new)


def test_where_the_key_changed_the_endpoint_is_switched_off_until_it_has_a_new_secret(
    subscribe, receiver, owner, admin, work, settings, mailbox
):
    webhook, _ = subscribe(receiver.url, events=["blog.created"])
    BLOGS.create(owner.client)
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another key, quite as long as the first one"
    work()
    assert receiver.got == []
    stored = Webhook.collection().find_one()
    assert (stored["is_active"], stored["switched_off"]) == (False, "secret_unreadable")
    assert len(mailbox()) == 1
    with pytest.raises(services.SecretUnreadable):
        services.send_test(webhook["_id"])
    with pytest.raises(services.SecretUnreadable):
        services.change(webhook["_id"], {"is_active": True}, actor=None, check=lambda raw: None)
    _, secret = services.rotate_secret(webhook["_id"], actor=None)
    services.change(webhook["_id"], {"is_active": True}, actor=None, check=lambda raw: None)
    work()
    # What happened meanwhile has waited.
    receiver.got[0].verified(secret)
    settings.SECRET_KEY = key


def test_an_endpoint_that_is_idle_is_looked_at_too(subscribe, receiver, settings, admin):
    subscribe(receiver.url)
    assert not dispatch.look_at_secrets()
    dispatch.leases.Lease.collection().delete_many({})
    settings.SECRET_KEY = "another key, quite as long as the first one"
    assert dispatch.look_at_secrets()
    assert Webhook.collection().find_one()["switched_off"] == "secret_unreadable"


def test_the_secret_is_nowhere_to_be_read(subscribe, receiver, owner, admin, work, caplog):
    caplog.set_level("DEBUG")
    webhook, secret = subscribe(receiver.url)
    BLOGS.create(owner.client)
    work()
    path = f"/webhooks/{webhook['_id']}"
    paths = (path, "/webhooks", f"{path}/deliveries", f"{path}/health", "/activity")
    answers = [admin.client.get(each).content.decode() for each in paths]
    answers.append(admin.client.post(f"{path}/test").content.decode())
    plain = secret.removeprefix("whsec_")
    assert not any(plain in each or webhook["secret"] in each for each in answers)
    assert plain not in caplog.text
    assert plain not in str(list(Webhook.collection().find()))
