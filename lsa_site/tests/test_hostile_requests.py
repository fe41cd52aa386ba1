"""Requests that no honest client sends, over real sockets: each ends soon, and in a refusal."""

import re
from collections.abc import Iterator

import pytest
import requests

from lsa_site.tests import raw_clients as clients

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
CLOSE = "Connection: close"
JSON = "Content-Type: application/json"
LOGIN = "/api/v1/auth/login"
# The headers that something of ours reads.
READ = (
    *("Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Cookie", "If-Match"),
    *("If-None-Match", "Origin", "Range", "User-Agent", "X-Request-ID", "X-Forwarded-For"),
)
ANSWERED = re.compile(rb"HTTP/1\.[01] (\d+)")


@pytest.fixture
def site(hasty: str) -> str:
    """With little patience for a body that does not come."""
    return hasty


@pytest.fixture(autouse=True)
def others_are_served(site) -> Iterator[None]:
    """Afterwards as before."""
    yield
    assert requests.get(f"{site}/api/v1/blogs", timeout=20).status_code == 200


def statuses(site: str, *pieces: bytes) -> list[int]:
    """Of all answers that come before the connection is closed."""
    with clients.connected(site) as client:
        for piece in pieces:
            client.sendall(piece)
        return [int(status) for status in ANSWERED.findall(clients.everything(client))]


def head(site: str, line: str, *lines: str) -> bytes:
    method, _, path = line.partition(" ")
    return clients.head(site, method, path, *lines)


@pytest.mark.parametrize("lines", [10_000, 300])
def test_very_many_headers_are_refused(site, lines):
    many = [f"X-{number}: 1" for number in range(lines)]
    assert statuses(site, head(site, "GET /api/v1/blogs", *many, CLOSE)) == [431]


def test_one_very_long_header_is_refused(site):
    assert statuses(site, head(site, "GET /api/v1/blogs", f"X-Long: {'x' * 1_000_000}")) == [431]


@pytest.mark.parametrize("size", [70_000, 1_000_000])
def test_a_very_long_address_is_refused(site, size):
    found = statuses(site, head(site, f"GET /api/v1/blogs?search={'x' * size}", CLOSE))
    assert found in ([414], [431], [422])


@pytest.mark.parametrize("method", ["BREW", "TRACE", "CONNECT", "PROPFIND", "X" * 100])
def test_a_method_that_does_not_exist_is_refused(site, method):
    [status] = statuses(site, head(site, f"{method} /api/v1/blogs", CLOSE))
    assert status in (400, 405, 501)


@pytest.mark.parametrize(
    "path", ["%ff", "%c3%28", "%ed%a0%80", "%00", "%f4%90%80%80", "%", "%zz", "..%2f..%2fetc"]
)
def test_a_path_of_any_bytes_is_not_found(site, path):
    [status] = statuses(site, head(site, f"GET /api/v1/blogs/{path}", CLOSE))
    assert status in (400, 404)


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80"])
def test_raw_bytes_in_a_path_or_query_are_refused(site, raw):
    for path in (b"/api/v1/blogs/" + raw, b"/api/v1/blogs?search=" + raw):
        request = b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        [status] = statuses(site, request)
        assert status in (400, 404, 422)


@pytest.mark.parametrize("name", READ)
def test_a_header_of_any_bytes_breaks_nothing(site, name):
    for raw in (b"\xff\xfe\xc3\x28", b"\xed\xa0\x80", b"\x80" * 5000):
        start = head(site, "GET /api/v1/blogs", CLOSE)[:-2]
        [status] = statuses(site, start + name.encode() + b": " + raw + b"\r\n\r\n")
        assert status < 500


def test_json_that_is_very_deep_is_refused(site):
    for body in (b"[" * 900_000, b'{"a":' * 180_000, b"[" * 400_000 + b"]" * 400_000):
        start = head(site, f"POST {LOGIN}", JSON, f"Content-Length: {len(body)}", CLOSE)
        [status] = statuses(site, start, body)
        assert status in (400, 413, 422)


LYING = {
    "negative": ["Content-Length: -1"],
    "no number": ["Content-Length: ten"],
    "signed": ["Content-Length: +2"],
    "in hexadecimal": ["Content-Length: 0x2"],
    "endless": ["Content-Length: 99999999999999999999999999"],
    "two that differ": ["Content-Length: 2", "Content-Length: 3"],
    "a list": ["Content-Length: 2, 3"],
    "hidden chunks": ["Transfer-Encoding : chunked"],
    "a coding within": ["Transfer-Encoding: chunked, identity"],
    "a folded line": ["X-Folded: a", " b"],
    "a name with a space": ["Bad Name: a"],
    "a bare line feed": ["X-Bare: a\nX-Other: b\0"],
}


@pytest.mark.parametrize("lines", LYING.values(), ids=LYING)
def test_a_head_that_can_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(site, lines):
    hidden = head(site, "GET /health/live")
    found = statuses(site, head(site, f"POST {LOGIN}", JSON, *lines) + b"{}" + hidden)
    assert len(found) == 1
    assert 400 <= found[0] < 502


def test_of_a_length_and_chunks_together_no_second_request_is_made(site):
    """RFC 9112, 6.3: the chunks decide, and the connection ends after the answer."""
    hidden = head(site, "GET /health/live", CLOSE)
    body = b"0\r\n\r\n" + hidden
    lines = (JSON, f"Content-Length: {len(body)}", "Transfer-Encoding: chunked")
    found = statuses(site, head(site, f"POST {LOGIN}", *lines) + body)
    assert len(found) == 1
    assert found[0] in (400, 422)


def test_a_chunk_size_that_is_none_is_refused(site):
    for size in (b"-1", b"0x5", b"fffffffffffffffff", b"5;" + b"x" * 100_000, b"zz"):
        start = head(site, f"POST {LOGIN}", JSON, "Transfer-Encoding: chunked")
        found = statuses(site, start + size + b"\r\nhello\r\n0\r\n\r\n")
        assert len(found) <= 1
        assert not found or 400 <= found[0] < 500


def test_what_is_no_http_is_refused(site):
    for junk in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), b"\0" * 1000):
        assert statuses(site, junk) in ([], [400])


def test_a_body_shorter_than_it_said_is_incomplete(site):
    start = head(site, f"POST {LOGIN}", JSON, "Content-Length: 1000")
    assert statuses(site, start + b'{"username": "admin"}') == [400]


def test_a_hundred_megabytes_are_refused_before_they_are_read(site):
    size = 100 * 1024 * 1024
    with clients.connected(site) as client:
        client.sendall(head(site, "POST /api/v1/blogs", JSON, f"Content-Length: {size}"))
        assert b'"code":"body_too_large"' in clients.everything(client)
