"""A served site whose database goes away and comes back, with real processes."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from content.tests.site import served
from core.database.embedded_server import Server
from lsa_site.tests.processes import freeze, until

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
# What the service promises to answer within, with a lost database too.
SECONDS = 5
REQUESTS = [
    ("GET", "/api/v1/blogs"),
    ("GET", "/api/v1/blogs/5f0000000000000000000000"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/register"),
]
BODY = {
    "username": "budi",
    "email": "budi@lsa.example",
    "password": "jalan-kenari-17",
}


@pytest.fixture(scope="module")
def site(seeded, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The URL of a served site and the log of its database."""
    var = seeded(tmp_path_factory.mktemp("site"))
    with served(var) as url:
        yield url, var / "mongo.log"


def ask(url: str, method: str, path: str) -> requests.Response:
    body = BODY if method == "POST" else None
    return requests.request(method, url + path, data=body, timeout=SECONDS)


def is_ready(url: str) -> bool:
    return ask(url, "GET", "/health/ready").status_code == 200


def check_refusals(url: str) -> None:
    with ThreadPoolExecutor() as pool:
        responses = list(pool.map(lambda request: ask(url, *request), REQUESTS))
    for response in responses:
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        body = response.json()
        assert body["status"] == "error"
        assert body["meta"]["code"] == "database_unavailable"
        assert body["meta"]["request_id"] == response.headers["X-Request-ID"]
        assert "mongo" not in response.text.lower()


def check_probes(url: str) -> None:
    ready = ask(url, "GET", "/health/ready")
    assert ready.status_code == 503
    said = {"status": "error", "database": "unavailable", "storage": "ok"}
    assert said.items() <= ready.json().items()
    assert ask(url, "GET", "/health/live").status_code == 200


def check_service(url: str) -> None:
    until(lambda: is_ready(url))
    assert ask(url, "GET", "/api/v1/blogs").status_code == 200


def test_a_killed_database_is_started_again_with_what_it_held(site):
    url, log = site
    check_service(url)
    assert ask(url, "POST", "/api/v1/auth/register").status_code == 201
    database = Server.recorded(log)
    os.kill(database.pid, signal.SIGKILL)
    until(lambda: (again := Server.recorded(log)) and again.port and again.pid != database.pid)
    assert Server.recorded(log).port == database.port
    until(lambda: ask(url, "POST", "/api/v1/auth/login").status_code == 200)


def test_a_frozen_database_is_told_and_found_again(site):
    url, log = site
    check_service(url)
    database = Server.recorded(log)
    freeze(database.pid)
    try:
        # What is kept in memory is shown until the database has been silent for two seconds.
        until(lambda: ask(url, "GET", "/api/v1/blogs").status_code == 503)
        check_refusals(url)
        until(lambda: not is_ready(url))
        check_probes(url)
    finally:
        os.kill(database.pid, signal.SIGCONT)
    check_service(url)
