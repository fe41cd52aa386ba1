"""Clients that send slowly or not at all, or take nothing: others do not notice, and they end."""

from contextlib import ExitStack
from functools import partial
from socket import MSG_PEEK

import pytest
import requests

from conftest import PASSWORD
from lsa_site.tests import raw_clients as clients
from lsa_site.tests.processes import until

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
MANY = 300
# Of a site that is asked by many clients at once on a busy machine.
SECONDS = 10
FORM = "Content-Type: application/x-www-form-urlencoded"
LARGE = "/media/uploads/20260101_000000_0123456789abcdef.png"


def sends_nothing(url: str) -> clients.Client:
    return sending(url, clients.head(url, "POST", "/auth/login", FORM, "Content-Length: 10"))


def stops_halfway(url: str) -> clients.Client:
    start = clients.head(url, "POST", "/blogs", FORM, "Content-Length: 100000")
    return sending(url, start + b"title=" + b"x" * 70_000)


def stalls_in_a_chunk(url: str) -> clients.Client:
    start = clients.head(url, "POST", "/auth/login", FORM, "Transfer-Encoding: chunked")
    return sending(url, start + b"9\r\nuser")


def does_not_end_its_head(url: str) -> clients.Client:
    return sending(url, clients.head(url, "GET", "/blogs")[:-2])


def says_nothing(url: str) -> clients.Client:
    return sending(url, b"")


def is_idle_after_an_answer(url: str) -> clients.Client:
    client = sending(url, clients.head(url, "HEAD", "/health/live"))
    assert client.recv(65536).startswith(b"HTTP/1.1 200")
    return client


SLOW = [
    sends_nothing,
    stops_halfway,
    stalls_in_a_chunk,
    does_not_end_its_head,
    says_nothing,
    is_idle_after_an_answer,
]


def sending(url: str, data: bytes) -> clients.Client:
    client = clients.connected(url)
    client.sendall(data)
    return client


def check_that_others_are_served(url: str) -> None:
    login = {"username": "admin", "password": PASSWORD}
    answer = requests.post(f"{url}/auth/login", data=login, timeout=SECONDS)
    token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    blog = {"title": "Tetap dilayani", "content": "Juga ketika yang lain lambat."}
    created = requests.post(f"{url}/blogs", json=blog, headers=token, timeout=SECONDS)
    assert created.status_code == 201
    address = url + created.headers["Location"]
    assert requests.get(address, timeout=SECONDS).json()["data"]["title"] == blog["title"]
    assert requests.delete(address, headers=token, timeout=SECONDS).status_code == 200


@pytest.mark.parametrize("connect", SLOW)
def test_very_many_of_them_leave_others_alone(site, connect):
    with clients.many(MANY, lambda: connect(site)):
        check_that_others_are_served(site)


def test_they_end_by_themselves(hasty):
    with ExitStack() as stack:
        slow = {
            connect.__name__: stack.enter_context(clients.many(3, partial(connect, hasty)))
            for connect in SLOW
        }
        answers = [(kind, clients.everything(each)) for kind in slow for each in slow[kind]]
    for kind, answer in answers:
        assert not answer or b'"code":"body_incomplete"' in answer, kind


@pytest.mark.parametrize(
    "lines", [("Content-Length: 100000",), ("Transfer-Encoding: chunked",)], ids=["length", "chunk"]
)
def test_a_body_that_drips_ends_too(hasty, lines):
    start = clients.head(hasty, "POST", "/blogs", FORM, *lines)
    start += b"186A0\r\n" if "chunked" in lines[0] else b""
    with clients.many(3, lambda: sending(hasty, start)) as slow, clients.dripping(slow):
        for client in slow:
            assert b'"code":"body_incomplete"' in clients.everything(client)


def test_a_refused_body_is_not_dropped_for_ever(hasty):
    start = clients.head(hasty, "POST", "/blogs", FORM, "Content-Length: 9000000")
    with clients.many(3, lambda: sending(hasty, start)) as slow, clients.dripping(slow):
        for client in slow:
            assert b'"code":"body_too_large"' in clients.everything(client)


def test_a_head_that_drips_ends_too(hasty):
    start = clients.head(hasty, "GET", "/blogs")[:-2] + b"X-Drip: "
    with clients.many(3, lambda: sending(hasty, start)) as slow, clients.dripping(slow):
        for client in slow:
            assert b"HTTP/1.1 200" not in clients.everything(client)


def takes_nothing(url: str) -> clients.Client:
    client = clients.connected(url, buffer=4096)
    client.sendall(clients.head(url, "GET", LARGE))
    until(lambda: client.recv(1, MSG_PEEK))
    return client


def test_clients_that_take_nothing_leave_others_alone_and_end(hasty, hasty_folder):
    (hasty_folder / LARGE.removeprefix("/")).write_bytes(bytes(8_000_000))
    with clients.many(100, lambda: takes_nothing(hasty)) as slow:
        check_that_others_are_served(hasty)
        until(lambda: not any(clients.is_held(client) for client in slow))
