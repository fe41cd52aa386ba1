"""Bodies that break off, that do not say their length, and that cost too much."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from conftest import PASSWORD
from content.tests.site import served
from lsa_site.tests.processes import until

FORM = "application/x-www-form-urlencoded"
SLOW_CLIENTS = 8

pytestmark = [pytest.mark.wire, pytest.mark.own_database]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("bodies")
    with served(folder, "--seed", ADMIN_PASSWORD=PASSWORD) as url:
        yield url


def sent(url: str, head: str, body: bytes) -> bytes:
    """The answer to a request whose client stops sending after `body`."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def head(url: str, method: str, path: str, *lines: str) -> str:
    login = {"username": "admin", "password": PASSWORD}
    token = requests.post(f"{url}/auth/login", data=login, timeout=10).json()["access_token"]
    fixed = (f"Host: {urlsplit(url).netloc}", f"Authorization: Bearer {token}", "Connection: close")
    return "\r\n".join((f"{method} {path} HTTP/1.1", *fixed, *lines))


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "application/json"])
def test_what_breaks_off_changes_nothing(site, kind):
    blog = requests.get(f"{site}/blogs", timeout=10).json()["data"][0]
    path = f"/blogs/{blog['id']}"
    start = head(site, "PATCH", path, f"Content-Type: {kind}", "Content-Length: 5000")
    body = b'content=half&--x\r\nContent-Disposition: form-data; name="content"\r\n\r\nhalf'
    answer = sent(site, start, body)
    # The server may close the connection of a client that broke off without an answer.
    assert not answer or b" 400 " in answer.splitlines()[0]
    assert requests.get(site + path, timeout=10).json()["data"] == blog


def test_a_body_must_say_its_length(site):
    in_chunks = iter([b"username=owner&", b"password=x"])
    kind = {"Content-Type": FORM}
    response = requests.post(f"{site}/auth/login", data=in_chunks, headers=kind, timeout=10)
    assert response.status_code == 411
    assert response.json()["meta"]["code"] == "length_required"


def test_http_2_is_not_spoken(site):
    """Its bodies need not say their length either, and none could be told from an empty one."""
    address = urlsplit(site)
    settings_frame = b"\0\0\0\x04\0\0\0\0\0"
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings_frame)
        assert not connection.recv(9).startswith(b"\0\0")


def test_slow_clients_do_not_stop_the_others(site):
    address = urlsplit(site)
    start = f"POST /auth/login HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 100\r\n\r\nx"
    slow = []
    try:
        for _ in range(SLOW_CLIENTS):
            slow.append(socket.create_connection((address.hostname, address.port)))
            slow[-1].sendall(start.encode())
        until(lambda: requests.get(f"{site}/health/live", timeout=5).ok)
    finally:
        for connection in slow:
            connection.close()


def test_a_body_of_very_many_fields_is_refused_shortly(site):
    body = {f"field{number}": 0 for number in range(100_000)}
    response = requests.post(f"{site}/auth/register", json=body, timeout=10)
    assert response.status_code == 400
    assert response.json()["meta"]["code"] == "malformed_request"
    assert len(response.content) < 1000


def test_a_long_unknown_name_is_not_told_back_whole(site):
    response = requests.post(f"{site}/auth/register", json={"x" * 1_000_000: 0}, timeout=10)
    assert response.status_code == 422
    assert len(response.content) < 2000


def test_a_name_that_grows_when_it_is_compared_is_refused(site):
    body = {"username": "\ufdfa" * 100_000, "password": PASSWORD}
    response = requests.post(f"{site}/auth/login", json=body, timeout=10)
    assert response.status_code == 422
    assert response.json()["meta"]["errors"].keys() == {"username"}
