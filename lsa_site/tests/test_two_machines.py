"""Two machines that share a database and an object store are one site: whichever is asked."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import boto3
import pytest
import requests
from django.conf import settings
from moto.server import ThreadedMotoServer
from pymongo import MongoClient
from standardwebhooks import Webhook

from conftest import PASSWORD, add_admin
from content.pictures.tests import corpus
from content.tests.site import served
from core.database.embedded_server import Server
from lsa_site.tests.processes import until
from webhooks.tests.receivers import receiving

pytestmark = [pytest.mark.wire, pytest.mark.own_database]

PUBLIC, KEPT = "public", "kept"
TRIES = 10
_addresses = (f"192.0.2.{number}" for number in itertools.count(1))


class Machine:
    """One of them, as somebody asks it from an address that the proxy names."""

    def __init__(self, url: str, address: str, token: str = "") -> None:
        self.url = f"{url}/api/v1"
        self.headers = {"X-Forwarded-For": address}
        self.headers |= {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, **body: Any) -> requests.Response:
        return requests.request(method, self.url + path, headers=self.headers, timeout=30, **body)

    def log_in(self, name: str, password: str = PASSWORD) -> requests.Response:
        return self.ask("POST", "/auth/login", data={"username": name, "password": password})


@pytest.fixture(scope="module")
def store() -> Iterator[Any]:
    """An object store with a public and a kept bucket, as boto3 sees it."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    client = boto3.resource(
        "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1", **keys
    )
    for name in (PUBLIC, KEPT):
        client.create_bucket(Bucket=name)
    yield client
    server.stop()


@pytest.fixture(scope="module")
def urls(store: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("machines")
    database = Server.start(":memory:", folder / "mongo.log")
    shared = {
        "SECRET_KEY": settings.SECRET_KEY,
        "MONGODB_URL": database.url,
        "MONGODB_DATABASE": settings.MONGODB_DATABASE,
        "TRUSTED_PROXY_COUNT": "1",
        "RATE_LIMIT_AUTH": f"{TRIES}/minute",
        "WEBHOOK_ALLOW_PRIVATE": "true",
        "MEDIA_S3_ENDPOINT_URL": store.meta.client.meta.endpoint_url,
        "MEDIA_S3_BUCKET": PUBLIC,
        "MEDIA_S3_KEPT_BUCKET": KEPT,
        "MEDIA_S3_ACCESS_KEY": "key",
        "MEDIA_S3_SECRET_KEY": "secret",
        "LOG_LEVEL": "ERROR",
    }
    try:
        with ExitStack() as stack:
            names = ("first", "second")
            found = [
                stack.enter_context(served(folder / name, has_worker=True, **shared))
                for name in names
            ]
            with MongoClient(database.url) as client:
                add_admin(client[settings.MONGODB_DATABASE])
            yield found
    finally:
        database.stop()


@pytest.fixture
def strangers(urls: list[str]) -> list[Machine]:
    """Both, as asked by somebody from an address of their own."""
    address = next(_addresses)
    return [Machine(url, address) for url in urls]


@pytest.fixture
def both(strangers: list[Machine], urls: list[str]) -> list[Machine]:
    """Both, as asked by the admin, who logged in at the first."""
    token = strangers[0].log_in("admin").json()["access_token"]
    address = next(_addresses)
    return [Machine(url, address, token) for url in urls]


def items(machine: Machine, query: str = "") -> dict[str, str]:
    data = machine.ask("GET", f"/blogs?limit=100{query}").json()["data"]
    return {item["id"]: item["title"] for item in data}


def create(machine: Machine, title: str, **files: Any) -> dict[str, Any]:
    fields = {"title": title, "content": "Kabar dari lapangan."}
    response = machine.ask("POST", "/blogs", data=fields, files=files)
    assert response.status_code == 201, response.text
    return response.json()["data"]


def test_who_logs_in_at_one_is_known_at_the_other_until_they_log_out_at_either(both):
    first, second = both
    assert first.ask("GET", "/auth/me").json() == second.ask("GET", "/auth/me").json()
    assert second.ask("POST", "/auth/logout", json={"all": True}).status_code == 200
    assert [each.ask("GET", "/auth/me").status_code for each in both] == [401, 401]


def test_a_limit_per_address_counts_what_both_were_asked(strangers):
    asked = itertools.cycle(strangers)
    statuses = [next(asked).log_in(f"nobody-{number}").status_code for number in range(TRIES + 2)]
    assert statuses == [401] * TRIES + [429] * 2


def test_failed_logins_of_an_account_count_at_both(urls, strangers):
    asked = itertools.cycle(strangers)
    for _ in range(TRIES):
        assert next(asked).log_in("somebody", "wrong").status_code == 401
    assert [each.log_in("somebody", "wrong").status_code for each in strangers] == [429, 429]


def test_what_one_writes_the_other_shows_though_it_had_it_in_memory(both, strangers):
    """As soon as it hears of it; how old it may be is asked in test_never_stale."""

    def shows(reader: Machine, item: dict[str, Any], title: str) -> bool:
        return items(reader).get(item["id"]) == title

    for writer, reader in zip(both, reversed(strangers), strict=True):
        for _ in range(3):
            items(reader)
        item = create(writer, "Kabar baru")
        until(partial(shows, reader, item, "Kabar baru"))
        change = {"title": "Kabar lain"}
        assert writer.ask("PATCH", f"/blogs/{item['id']}", json=change).status_code == 200
        until(partial(shows, reader, item, "Kabar lain"))


def test_what_one_throws_away_the_other_brings_back_with_its_picture(both, strangers, store):
    def names(bucket: str) -> set[str]:
        return {each.key for each in store.Bucket(bucket).objects.all()}

    before = names(PUBLIC)
    picture = ("foto.jpg", corpus.jpeg(700, 400), "image/jpeg")
    item = create(both[0], "Ke tempat sampah dan kembali", image=picture)
    pictures = names(PUBLIC) - before
    assert len(pictures) > 1
    assert both[1].ask("DELETE", f"/blogs/{item['id']}").status_code == 200
    assert strangers[0].ask("GET", f"/blogs/{item['id']}").status_code == 404
    assert item["id"] in items(both[0], "&state=trashed")
    # Where a worker is at these files already, it is the one who moves them, a moment later.
    until(lambda: not names(PUBLIC) & pictures and pictures <= names(KEPT))
    assert both[0].ask("POST", f"/blogs/{item['id']}/restore").status_code == 200
    until(lambda: item["id"] in items(strangers[1]))
    until(lambda: pictures <= names(PUBLIC))


@pytest.fixture
def endpoint(both: list[Machine]) -> Iterator[tuple[Any, Callable[[], list[dict[str, Any]]]]]:
    """A receiver that the first machine was told of, and what it got, as its secret opens it."""
    with receiving() as receiver:
        asked = {"url": receiver.url, "events": ["blog.created"]}
        made = both[0].ask("POST", "/webhooks", json=asked)
        assert made.status_code == 201, made.text
        verifier = Webhook(made.json()["data"]["secret"])
        yield (
            made.json()["data"]["id"],
            lambda: [
                verifier.verify(request.body, request.headers) for request in list(receiver.got)
            ],
        )
        both[0].ask("DELETE", f"/webhooks/{made.json()['data']['id']}")


def test_what_either_writes_is_delivered_once_and_both_know_of_it(both, endpoint):
    key, received = endpoint
    written = [create(machine, "Untuk semua")["id"] for machine in both * 3]
    until(lambda: len(received()) >= len(written))
    assert [message["data"]["id"] for message in received()] == written

    def deliveries(machine: Machine) -> list[str]:
        found = machine.ask("GET", f"/webhooks/{key}/deliveries").json()["data"]
        return [each["status"] for each in found]

    until(lambda: deliveries(both[0]) == deliveries(both[1]) == ["delivered"] * len(written))
    assert len(received()) == len(written)
