"""After a restore every documented route answers as before, to the byte."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.credentials import sessions
from accounts.documents import User
from conftest import Person
from content.pictures import storage
from content.pictures.tests.media import photograph
from content.tests.resources import FORM, RESOURCES
from core.api.tests import described
from core.database.documents import BaseDocument
from webhooks import outbox
from webhooks import services as webhooks
from webhooks.documents import Delivery, Webhook

pytestmark = pytest.mark.wire

# A session does not outlive a restore.
NOT_KEPT = ("/api/v1/auth/sessions", "/api/v1/auth/sessions/{id}")
ASKED_WITH = {
    "/api/v1/activity": ("", "?limit=1"),
    **{each.url: ("", "?state=all", "?state=trashed&count=false") for each in RESOURCES.values()},
}
Answers = dict[tuple[str, str], tuple[int, bytes, str | None]]


@pytest.fixture
def filled(admin: Person, owner: Person) -> None:
    """One of everything that a backup keeps: two items of each resource of which one has a history
    and a former slug and the other is in the trash, people, and an endpoint with messages."""
    webhooks.create({"url": "https://hooks.example/", "events": ["*"]}, actor=None)
    for resource in RESOURCES.values():
        kept = resource.create(owner.client, **{resource.picture: photograph()}, tags="data")
        changes = {
            resource.text: "Isi yang **lain**.",
            resource.picture: photograph(),
            "slug": "yang-lain",
        }
        path = resource.item(kept["id"])
        response = owner.client.patch(path, changes | {resource.picture: photograph()}, **FORM)
        assert response.status_code == 200, response.content
        gone = resource.create(owner.client, **{resource.picture: photograph()}, status="draft")
        assert owner.client.delete(resource.item(gone["id"])).status_code == 200
    while outbox.fan_out():
        pass


@pytest.fixture
def readable() -> list[str]:
    """The paths of all that can be read, by what the API says of itself."""
    return [each.path for each in described.fetch().operations if each.method == "get"]


def addresses(readable: list[str]) -> list[str]:
    """What the paths stand for, each once."""
    found = (each for path in readable if path not in NOT_KEPT for each in _filled_in(path))
    return list(dict.fromkeys(found))


def _filled_in(path: str) -> Iterator[str]:
    name = path.split("/")[3]
    if "{" not in path:
        yield from (path + query for query in ASKED_WITH.get(path, ("",)))
    elif "{webhook_id}" in path:
        for raw in Delivery.collection().find():
            yield path.format(webhook_id=raw["webhook_id"], id=raw["_id"])
    elif name == "users":
        yield from (path.format(id=raw["_id"]) for raw in User.collection().find())
    elif name == "webhooks":
        yield from (path.format(id=raw["_id"]) for raw in Webhook.collection().find())
    else:
        for raw in RESOURCES[name].collection().find():
            slugs = [raw.get("slug"), *raw.get("former_slugs", [])]
            for version in range(1, raw["version"] + 1):
                yield from (path.format(id=raw["_id"], version=version, slug=s) for s in slugs)


def answers(readable: list[str], *readers: APIClient) -> Answers:
    found = {}
    for (number, reader), path in product(enumerate(readers), addresses(readable)):
        answer = reader.get(path, HTTP_X_REQUEST_ID="the-same")
        found[f"{number}", path] = (answer.status_code, answer.content, answer.get("ETag"))
    return found


def pictures() -> dict[tuple[Any, str], bytes]:
    return {
        (place, name): storage.read(name, place)
        for place in storage.PLACES
        for name in storage.stored_files(place)
    }


def logged_in(person: Person) -> APIClient:
    client = APIClient()
    tokens = sessions.log_in(User.collection().find_one({"_id": person.raw["_id"]}))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.access_token}")
    return client


def test_every_route_answers_as_before(clock, filled, readable, admin, owner, tmp_path):
    before = answers(readable, APIClient(), logged_in(admin), logged_in(owner)), pictures()
    check_that_much_was_asked(readable, before[0])
    call_command("backup", str(tmp_path / "lsa.zip"))
    for document in BaseDocument.all_stored():
        document.collection().delete_many({})
    storage.clear()
    call_command("restore", str(tmp_path / "lsa.zip"))
    found = answers(readable, APIClient(), logged_in(admin), logged_in(owner))
    assert {key for key in before[0] if found[key] != before[0][key]} == set()
    assert (found, pictures()) == before


def check_that_much_was_asked(readable: list[str], found: Answers) -> None:
    assert len(found) > 3 * len(readable)
    good = {path for (_, path), (status, *_) in found.items() if status == 200}
    for part in ("/revisions/1", "/by-slug/yang-lain", "/deliveries/", "/health", "state=trashed"):
        assert any(part in path for path in good), part
