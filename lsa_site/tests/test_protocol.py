"""HTTP/1.1 as the served site speaks it, over real sockets."""

import re
import socket
from urllib.parse import urlsplit

import pytest
import requests

from lsa_site.tests import raw_clients as clients

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
LIVE = b'{"status": "ok"}'


def exchange(url: str, *requests: bytes) -> bytes:
    """All that comes back for requests that are sent at once."""
    with clients.connected(url) as client:
        client.sendall(b"".join(requests))
        return clients.everything(client)


def last(url: str, method: str, path: str, *lines: str) -> bytes:
    return clients.head(url, method, path, *lines, "Connection: close")


def test_requests_that_come_at_once_are_answered_in_order(site):
    first = clients.head(site, "GET", "/api/v1")
    answers = exchange(site, first, first, last(site, "GET", "/health/live"))
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"200"] * 3
    assert answers.endswith(LIVE)


def test_head_is_get_without_the_body(site):
    picture = requests.get(f"{site}/gallery", timeout=10).json()["data"][0]["image"]
    # Compressed it is a little longer or shorter each time.
    plain = {"Accept-Encoding": "identity"}
    for path in ("/api/v1/blogs", "/health/live", picture):
        get = requests.get(site + path, headers=plain, timeout=10)
        with requests.Session() as session:  # on one connection, so a body would be noticed
            for _ in range(2):
                head = session.head(site + path, headers=plain, timeout=10)
                assert head.status_code == 200
                assert head.headers["Content-Length"] == str(len(get.content))


def test_304_and_204_have_no_body(site):
    tag = requests.get(f"{site}/api/v1/blogs", timeout=10).headers["ETag"]
    unchanged = clients.head(site, "GET", "/api/v1/blogs", f"If-None-Match: {tag}")
    answers = exchange(site, unchanged, last(site, "GET", "/health/live"))
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"304", b"200"]
    assert answers.endswith(LIVE)


def test_http_1_0_is_answered_and_closed(site):
    answer = exchange(site, b"GET /health/live HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 200 OK\r\n")
    assert answer.endswith(LIVE)


def test_a_request_of_http_1_1_names_its_host(site):
    assert exchange(site, b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(
        b"HTTP/1.1 400"
    )


def test_a_large_file_comes_whole(site, folder):
    name, content = "uploads/20260101_000000_00000000.png", bytes(range(256)) * 40_000
    (folder / "media" / name).write_bytes(content)
    answer = requests.get(f"{site}/media/{name}", timeout=20)
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.content == content


def test_a_client_that_leaves_in_the_middle_of_a_file_stops_nobody(site, folder):
    name = "uploads/20260101_000000_00000001.png"
    (folder / "media" / name).write_bytes(bytes(20_000_000))
    for _ in range(20):
        with clients.connected(site, buffer=4096) as client:
            client.sendall(clients.head(site, "GET", f"/media/{name}"))
            assert client.recv(100)
    assert requests.get(f"{site}/health/live", timeout=10).ok


def test_a_body_that_nobody_asked_for_is_not_taken_for_a_request(site):
    hidden = clients.head(site, "GET", "/nothing")
    start = clients.head(site, "GET", "/health/live", f"Content-Length: {len(hidden)}")
    answers = exchange(site, start + hidden, last(site, "GET", "/health/live"))
    assert re.findall(rb"HTTP/1.1 (\d+)", answers) == [b"200", b"200"]


def test_a_forged_address_with_underscores_does_not_get_round_a_limit(site):
    remaining = []
    for number in range(3):
        headers = {"X_Forwarded_For": f"198.51.100.{number}", "X-Forwarded-For": "203.0.113.9"}
        answer = requests.post(f"{site}/auth/login", headers=headers, timeout=10)
        assert answer.status_code == 422
        remaining.append(int(answer.headers["RateLimit-Remaining"]))
    assert remaining == [remaining[0] - number for number in range(3)]


def test_http_2_is_not_spoken(site):
    address = urlsplit(site)
    settings_frame = b"\0\0\0\x04\0\0\0\0\0"
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings_frame)
        assert not connection.recv(9).startswith(b"\0\0")
