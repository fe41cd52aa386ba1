"""Bodies that are larger than allowed: refused with an answer that real clients can read."""

import json
import shutil
import subprocess

import pytest
import requests

from lsa_site.tests import raw_clients as clients
from lsa_site.tests.conftest import ORIGIN

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
MEBIBYTE = 1024 * 1024
URLENCODED, JSON = "application/x-www-form-urlencoded", "application/json"
MULTIPART = "multipart/form-data; boundary=x"
LIMITS = [
    ("/api/v1/blogs", MULTIPART, 6 * MEBIBYTE),
    ("/blogs", MULTIPART.replace("multipart", "Multipart"), 6 * MEBIBYTE),
    ("/blogs", JSON, 2 * MEBIBYTE),
    ("/blogs", f"{JSON}; charset=utf-8", 2 * MEBIBYTE),
    ("/blogs", URLENCODED, 2 * MEBIBYTE),
    ("/blogs", "text/plain", 2 * MEBIBYTE),
    ("/nothing/here", "", 2 * MEBIBYTE),
    ("/auth/login", URLENCODED, 64 * 1024),
    ("/api/v1/auth/refresh", JSON, 64 * 1024),
    ("/api/v1/%61uth/refresh/", JSON, 64 * 1024),
    ("/auth/register", MULTIPART, 64 * 1024),
]


def check_refusal(answer: requests.Response) -> None:
    assert answer.status_code == 400
    assert answer.json()["status"] == "error"
    assert answer.json()["meta"]["code"] == "body_too_large"


@pytest.mark.parametrize(("path", "kind", "limit"), LIMITS)
def test_a_body_above_the_limit_is_refused(site, path, kind, limit):
    for chunked in (False, True):
        body = bytes(limit + 1)
        headers = {"Content-Type": kind}
        data = iter([body[: limit // 2], body[limit // 2 :]]) if chunked else body
        check_refusal(requests.post(site + path, data=data, headers=headers, timeout=20))


@pytest.mark.parametrize(("path", "kind", "limit"), LIMITS)
def test_a_body_at_the_limit_is_not_too_large(site, path, kind, limit):
    for chunked in (False, True):
        data = iter([bytes(limit)]) if chunked else bytes(limit)
        answer = requests.post(site + path, data=data, headers={"Content-Type": kind}, timeout=20)
        assert answer.status_code >= 400
        assert answer.json()["meta"]["code"] != "body_too_large"


def test_the_refusal_is_as_other_answers_are(site):
    headers = {
        "Content-Type": JSON,
        "Accept-Language": "en",
        "Origin": ORIGIN,
        "X-Request-ID": "too-large-1",
    }
    answer = requests.post(f"{site}/blogs", data=bytes(3 * MEBIBYTE), headers=headers, timeout=20)
    check_refusal(answer)
    assert answer.json()["message"] == "The request body is larger than 2.0\N{NO-BREAK SPACE}MB."
    assert answer.json()["meta"]["request_id"] == answer.headers["X-Request-ID"] == "too-large-1"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Content-Language"] == "en"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_connection_can_be_used_after_a_refusal(site):
    next_one = clients.head(site, "GET", "/health/live", "Connection: close")
    for line, body in (
        ("Content-Length: 100000", b"x" * 100_000),
        ("Transfer-Encoding: chunked", b"186A0\r\n" + b"x" * 100_000 + b"\r\n0\r\n\r\n"),
    ):
        refused = clients.head(site, "POST", "/auth/login", f"Content-Type: {JSON}", line) + body
        with clients.connected(site) as client:
            client.sendall(refused + next_one)
            answers = clients.everything(client)
        assert b'"code":"body_too_large"' in answers
        assert answers.endswith(b'{"status": "ok"}')


def test_who_asks_for_leave_first_is_refused_before_sending(site):
    lines = (f"Content-Type: {JSON}", "Content-Length: 100000", "Expect: 100-continue")
    with clients.connected(site) as client:
        client.sendall(clients.head(site, "POST", "/auth/login", *lines))
        answer = clients.everything(client)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"code":"body_too_large"' in answer


def test_who_asks_for_leave_gets_it_where_the_body_is_allowed(site):
    lines = (f"Content-Type: {JSON}", "Content-Length: 2", "Expect: 100-continue")
    start = clients.head(site, "POST", "/auth/login", *lines, "Connection: close")
    with clients.connected(site) as client:
        client.sendall(start)
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"{}")
        assert b" 422 " in clients.everything(client).splitlines()[0]


def test_a_body_without_end_is_cut_off(site):
    lines = (f"Content-Type: {JSON}", "Content-Length: 10000000000")
    with clients.connected(site) as client:
        client.sendall(clients.head(site, "POST", "/blogs", *lines))
        answer = clients.everything(client)
    assert b'"code":"body_too_large"' in answer


NODE = """
const answers = [];
for (let round = 0; round < 8; round++) {
  const form = new FormData();
  form.append("image", new Blob([new Uint8Array(7e6)]), "photo.jpg");
  const answer = await fetch(process.argv[1], { method: "POST", body: form });
  answers.push((await answer.json()).meta.code);
}
console.log(JSON.stringify(answers));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node.js")
def test_fetch_reads_the_refusal(site):
    command = ["node", "--input-type=module", "-e", NODE, f"{site}/api/v1/gallery"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == ["body_too_large"] * 8


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_curl_reads_the_refusal(site, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(bytes(7_000_000))
    command = ["curl", "-sS", "-F", f"image=@{tmp_path}/photo.jpg", f"{site}/api/v1/gallery"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["meta"]["code"] == "body_too_large"
