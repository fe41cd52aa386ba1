"""Bodies that break off, that come in chunks, and that cost too much."""

import socket
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from conftest import PASSWORD
from content.tests.resources import listed
from lsa_site.tests.raw_clients import connected, everything

FORM = "application/x-www-form-urlencoded"

pytestmark = [pytest.mark.wire, pytest.mark.own_database]


def sent(url: str, head: str, body: bytes) -> bytes:
    """The answer to a request whose client stops sending after `body`."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def answered(url: str, head: str, body: bytes) -> bytes:
    """The answer to a request whose client waits for it."""
    with connected(url) as client:
        client.sendall(head.encode() + b"\r\n\r\n" + body)
        return everything(client)


def bearer(url: str) -> dict[str, str]:
    login = {"username": "admin", "password": PASSWORD}
    token = requests.post(f"{url}/auth/login", data=login, timeout=10).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def head(url: str, method: str, path: str, *lines: str) -> str:
    token = bearer(url)["Authorization"]
    fixed = (f"Host: {urlsplit(url).netloc}", f"Authorization: {token}", "Connection: close")
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
    assert listed(requests.get(site + path, timeout=10).json()["data"]) == blog


def test_what_breaks_off_in_chunks_changes_nothing(site):
    blog = requests.get(f"{site}/blogs", timeout=10).json()["data"][0]
    path = f"/blogs/{blog['id']}"
    start = head(site, "PATCH", path, f"Content-Type: {FORM}", "Transfer-Encoding: chunked")
    for rest in (b"", b"4\r\nha", b"zz\r\n"):
        answer = sent(site, start, b"c\r\ncontent=half\r\n" + rest)
        assert b" 400 " in answer.splitlines()[0]
        assert b'"code":"body_incomplete"' in answer
        assert listed(requests.get(site + path, timeout=10).json()["data"]) == blog


def test_a_body_in_chunks_is_read_to_its_end(site):
    in_chunks = iter([b"username=admin&", b"password=", PASSWORD.encode()])
    kind = {"Content-Type": FORM}
    response = requests.post(f"{site}/auth/login", data=in_chunks, headers=kind, timeout=10)
    assert response.status_code == 200
    assert response.json()["token_type"] == "bearer"


@pytest.mark.parametrize("coding", ["gzip, chunked", "gzip,chunked", "deflate, chunked"])
def test_a_body_in_a_coding_that_nobody_reads_is_refused(site, coding):
    start = head(site, "POST", "/blogs", "Content-Type: application/json")
    body = b"2\r\n{}\r\n0\r\n\r\n"
    answer = answered(site, f"{start}\r\nTransfer-Encoding: {coding}", body)
    assert b" 501 " in answer.splitlines()[0]
    assert b'"code":"unknown_coding"' in answer


def test_a_coding_is_read_in_any_case(site):
    start = head(site, "POST", "/blogs", "Content-Type: application/json")
    body = b"2\r\n{}\r\n0\r\n\r\n"
    answer = answered(site, f"{start}\r\nTransfer-Encoding: Chunked", body)
    assert b" 422 " in answer.splitlines()[0]


def test_a_body_of_very_many_pieces_is_refused_shortly(site):
    start = head(site, "POST", "/blogs", "Content-Type: application/json")
    body = b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n"
    answer = answered(site, f"{start}\r\nTransfer-Encoding: chunked", body)
    assert b'"code":"body_in_pieces"' in answer


def test_a_picture_in_chunks_is_stored(site):
    picture = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    form = requests.Request("POST", site, files={"image": ("a.png", picture.getvalue())}).prepare()
    kind = {"Content-Type": form.headers["Content-Type"]} | bearer(site)
    response = requests.post(f"{site}/gallery", data=iter([form.body]), headers=kind, timeout=10)
    assert response.status_code == 201
    made = response.json()["data"]
    assert made["image_meta"]["width"] == 40
    requests.delete(f"{site}/gallery/{made['id']}", headers=bearer(site), timeout=10)


def test_a_body_of_very_many_fields_is_refused_shortly(site):
    body = {f"field{number}": 0 for number in range(100_000)}
    response = requests.post(f"{site}/blogs", json=body, headers=bearer(site), timeout=10)
    assert response.status_code == 400
    assert response.json()["meta"]["code"] == "malformed_request"
    assert len(response.content) < 1000


def test_a_long_unknown_name_is_not_told_back_whole(site):
    response = requests.post(f"{site}/auth/register", json={"x" * 60_000: 0}, timeout=10)
    assert response.status_code == 422
    assert len(response.content) < 2000


def test_a_name_that_grows_when_it_is_compared_is_refused(site):
    body = {"username": "\ufdfa" * 10_000, "password": PASSWORD}
    response = requests.post(f"{site}/auth/login", json=body, timeout=10)
    assert response.status_code == 422
    assert response.json()["meta"]["errors"].keys() == {"username"}
