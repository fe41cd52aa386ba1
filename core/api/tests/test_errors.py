"""One shape for every refusal, wherever in the stack it arises."""

import logging
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from content import services
from content.documents import Blog
from content.tests.resources import picture
from core.api.exception_handler import respond
from core.errors import Busy, StorageUnavailable
from core.request_id import RequestIdFilter

PREFIXES = ("/api/v1", "")
BLOGS = "/api/v1/blogs"
WHOLE = (
    b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nKabar kota\r\n'
    b'--x\r\nContent-Disposition: form-data; name="content"\r\n\r\nHari ini hujan.\r\n--x--\r\n'
)
UNKNOWN_ID = "5f0000000000000000000000"
BLOG = {"title": "Kabar kota", "content": "Hari ini hujan."}


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """The `meta` of a refusal that has the one shape, this status and this code."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    # Where tokens are given, clients also find the words of RFC 6749.
    more = {"error", "error_description"} if "error" in body else set()
    assert set(body) == {"status", "message", "data", "meta"} | more
    assert body["status"] == "error"
    assert body["data"] is None
    assert body["message"]
    meta = body["meta"]
    assert set(meta) == {"code", "errors", "request_id"}
    assert meta["code"] == code
    assert meta["request_id"] == response["X-Request-ID"]
    for messages in meta["errors"].values():
        assert messages
        assert all(isinstance(message, str) for message in messages)
    return meta


def post(client: Any, body: bytes | str, content_type: str = "application/json") -> Any:
    return client.post(BLOGS, body, content_type=content_type)


# --- Where nothing is, and what cannot be done there ---------------------------------------


@pytest.fixture
def bearer(owner) -> APIClient:
    """The owner's client, whose writes Django checks for forged forms as a server would."""
    client = APIClient(enforce_csrf_checks=True, raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {owner.tokens.access_token}")
    return client


@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/png"])
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("path", ["/nothing", "/blogs/a/b", "/%00", "/../etc/passwd", "/ébène"])
def test_an_unknown_route_is_not_found(anyone, prefix, path, accept):
    meta = refused(anyone.get(f"{prefix}{path}", HTTP_ACCEPT=accept), 404, "not_found")
    assert meta["errors"] == {}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_an_unknown_route_is_not_found_by_any_method(anyone, method):
    refused(getattr(anyone, method)("/nothing"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("put", "/blogs", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("post", f"/blogs/{UNKNOWN_ID}", {"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}),
        ("get", "/auth/login", {"POST", "OPTIONS"}),
        ("post", "/openapi.json", {"GET", "HEAD"}),
        ("post", "/docs", {"GET", "HEAD"}),
        ("post", "/health/live", {"GET", "HEAD"}),
        ("delete", "/health/ready", {"GET", "HEAD"}),
    ],
)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_method_that_is_not_allowed_names_those_that_are(bearer, prefix, method, path, allowed):
    response = getattr(bearer, method)(f"{prefix}{path}")
    refused(response, 405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/media/uploads/a.png",
        "/static/uploads/a.png",
        "/static/drf_spectacular_sidecar/redoc/LICENSE",
    ],
)
def test_files_cannot_be_written_by_address(bearer, path):
    response = bearer.post(path)
    refused(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
@pytest.mark.parametrize("id", ["123", "x" * 24, UNKNOWN_ID + "0", "%24ne", "null"])
def test_a_malformed_id_is_not_readable(admin, method, id):
    refused(getattr(admin.client, method)(f"{BLOGS}/{id}"), 400, "invalid_id")


# --- Bodies that cannot be read -------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/octet-stream", "nonsense", "text/json"],
)
def test_a_media_type_that_nobody_reads_is_unsupported(owner, content_type):
    refused(post(owner.client, "{}", content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"title": "Kabar',
        b'{"title": }',
        b"{'title': 'Kabar'}",
        b'{"title": "Kabar",}',
        b'{"a": 1} {"b": 2}',
        b'{"title": NaN}',
        b'{"title": Infinity}',
        b'{"title": "\xff\xfe"}',
        b'{"title": "\\ud800"}',
        b'{"title": "\\udc00\\ud800"}',
        b'{"title": "a\x00b"}',
        b"\xef\xbb\xbf{}",
        '{"title": "Kabar"}'.encode("utf-16"),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"title": ' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"title": ' + b"[" * 1_000 + b"]" * 1_000 + b"}",
    ],
    ids=repr,
)
def test_json_that_cannot_be_read_is_malformed(owner, body):
    refused(post(owner.client, body), 400, "malformed_request")


@pytest.mark.parametrize("body", [b"[]", b'["a"]', b'"text"', b"7", b"null", b"true"])
def test_json_that_is_no_object_is_refused(owner, body):
    refused(post(owner.client, body), 422, "validation_error")


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
def test_an_empty_body_lacks_what_is_required(owner, content_type):
    meta = refused(post(owner.client, b"", content_type), 422, "validation_error")
    assert set(meta["errors"]) == {"title", "content"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\n", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary="),
        (b"--x\r\n", "multipart/form-data; boundary=\u00e9"),
        (b"neither here nor there", "multipart/form-data; boundary=x"),
        (WHOLE.removesuffix(b"--x--\r\n"), "multipart/form-data; boundary=x"),
        (WHOLE.removesuffix(b"--\r\n"), "multipart/form-data; boundary=x"),
        (WHOLE.partition(b"kota")[0], "multipart/form-data; boundary=x"),
    ],
)
def test_multipart_that_cannot_be_read_is_malformed(owner, body, content_type):
    meta = refused(post(owner.client, body, content_type), 400, "malformed_request")
    assert meta["errors"] == {}
    assert Blog.collection().count_documents({}) == 0


@pytest.mark.parametrize("end", [b"", b"\r\n"])
def test_a_whole_form_may_end_with_or_without_a_line_end(owner, end):
    form = WHOLE.removesuffix(b"\r\n") + end
    assert post(owner.client, form, 'multipart/form-data; boundary="x"').status_code == 201


def test_a_form_that_breaks_off_changes_nothing(owner):
    blog = owner.client.post(BLOGS, BLOG, format="json").json()["data"]
    url = f"{BLOGS}/{blog['id']}"
    half = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nTerpo'
    answer = owner.client.patch(url, half, content_type="multipart/form-data; boundary=x")
    refused(answer, 400, "malformed_request")
    assert owner.client.get(url).json()["data"] == blog


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_an_item_takes_no_parameters(owner, method):
    blog = owner.client.post(BLOGS, BLOG, format="json").json()["data"]
    url = f"{BLOGS}/{blog['id']}"
    answer = owner.client.generic(method.upper(), f"{url}?fields=id&x=1")
    meta = refused(answer, 422, "validation_error")
    assert set(meta["errors"]) == {"fields", "x"}
    assert owner.client.get(url).json()["data"] == blog


@pytest.mark.parametrize("path", ["/blogs", "/auth/login", "/auth/register", "/auth/logout"])
def test_what_is_posted_takes_no_parameters(owner, path):
    answer = owner.client.post(f"/api/v1{path}?fields=id", BLOG, format="json")
    assert set(refused(answer, 422, "validation_error")["errors"]) == {"fields"}


def test_an_account_takes_no_parameters(owner):
    answer = owner.client.get("/api/v1/auth/me?x=1")
    assert set(refused(answer, 422, "validation_error")["errors"]) == {"x"}


def test_too_many_fields_are_refused(owner):
    form = "&".join(f"field{number}=1" for number in range(1001))
    refused(post(owner.client, form, "application/x-www-form-urlencoded"), 400, "bad_request")


def test_too_many_files_are_refused(owner):
    files = {f"file{number}": SimpleUploadedFile("a", b"a") for number in range(101)}
    refused(owner.client.post(BLOGS, files, format="multipart"), 400, "bad_request")


class Unread:
    """A body that fails the test when it is read."""

    def read(self, *args: Any) -> bytes:
        pytest.fail("the body was read")

    readline = read


@pytest.mark.parametrize("path", [BLOGS, "/auth/login", "/nothing", "/login"])
def test_a_body_that_is_too_large_is_refused_unread(owner, settings, path):
    too_much = settings.MAX_FILE_SIZE + 1024 * 1024 + 1
    extra = {"CONTENT_LENGTH": str(too_much), "wsgi.input": Unread()}
    refused(owner.client.post(path, **extra), 400, "body_too_large")


def test_a_body_of_just_the_largest_size_is_read(owner, settings):
    settings.MAX_BODY_SIZE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert post(owner.client, b"{}".ljust(1000)).status_code == 422
    refused(post(owner.client, b"{}".ljust(1001)), 400, "body_too_large")


def test_a_host_that_is_not_ours_is_refused(anyone):
    refused(anyone.get(BLOGS, HTTP_HOST="evil.example"), 400, "bad_request")


# --- 400 or 422 -----------------------------------------------------------------------------


def not_a_picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("foto.png", b"not a picture", content_type="image/png")


def test_a_file_alone_makes_a_body_unreadable(owner):
    body = BLOG | {"image": not_a_picture()}
    meta = refused(owner.client.post(BLOGS, body, format="multipart"), 400, "invalid_file")
    assert set(meta["errors"]) == {"image"}


def test_a_file_beside_another_complaint_is_one_of_several(owner):
    body = {"title": "x", "content": "y", "image": not_a_picture()}
    meta = refused(owner.client.post(BLOGS, body, format="multipart"), 422, "validation_error")
    assert set(meta["errors"]) == {"title", "image"}


# --- Who may, and who asks --------------------------------------------------------------------


@pytest.mark.parametrize(("error", "lines"), [(Busy(), 0), (StorageUnavailable(), 1)])
def test_what_is_away_is_logged_and_a_busy_moment_is_not(caplog, error, lines):
    assert respond(error).status_code == 503
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == lines


def test_without_credentials_one_is_asked_for_them(anyone):
    response = anyone.post(BLOGS, BLOG, format="json")
    refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_somebody_elses_item_is_not_yours_to_change(owner, stranger):
    blog = owner.client.post(BLOGS, BLOG, format="json").json()["data"]
    refused(stranger.client.delete(f"{BLOGS}/{blog['id']}"), 403, "permission_denied")
    assert Blog.collection().count_documents({}) == 1


# --- Faults of ours ---------------------------------------------------------------------------


@pytest.fixture
def bug(monkeypatch) -> str:
    """Creating content fails as nobody foresaw; the text of the error."""
    secret = "mongodb://user:hunter2@10.0.0.7/"

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr(services, "create", fail)
    return secret


@pytest.mark.parametrize("format", ["json", "multipart"])
def test_a_bug_shows_nothing_internal(owner, bug, format):
    body = BLOG | ({"image": picture()} if format == "multipart" else {})
    response = owner.client.post(BLOGS, body, format=format)
    meta = refused(response, 500, "internal_error")
    assert meta["errors"] == {}
    shown = response.content.decode() + str(response.headers)
    for internal in (bug, "RuntimeError", "Traceback", "services", ".py"):
        assert internal not in shown


def test_a_bug_shows_nothing_internal_on_the_page_for_people(owner, bug):
    response = owner.client.post(BLOGS, BLOG, HTTP_ACCEPT="text/html")
    assert response.status_code == 500
    for internal in (bug, "RuntimeError", "Traceback"):
        assert internal not in response.content.decode()


def test_a_bug_is_logged_once_with_its_traceback_and_the_request_id(owner, bug, caplog):
    with caplog.filtering(RequestIdFilter()):
        owner.client.post(BLOGS, BLOG, format="json", HTTP_X_REQUEST_ID="find-me")
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert bug in caplog.text
    assert "Traceback" in caplog.text
    assert record.request_id == "find-me"


def test_a_bug_outside_of_any_view_has_the_same_shape(anyone, monkeypatch, caplog):
    def fail(*args: Any) -> None:
        raise RuntimeError("hunter2")

    monkeypatch.setattr("lsa_site.middleware.TrailingSlashMiddleware.__call__", fail)
    response = anyone.get(BLOGS)
    refused(response, 500, "internal_error")
    assert "hunter2" not in response.content.decode()
    assert "hunter2" in caplog.text


@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/auth/password/reset"])
def test_deep_json_is_refused_where_nobody_is_logged_in(anyone, path):
    deep = b'{"username": ' + b"[" * 1_000 + b"]" * 1_000 + b"}"
    refused(anyone.post(path, deep, content_type="application/json"), 400, "malformed_request")


@pytest.mark.parametrize(
    ("method", "path"),
    [("delete", "/blogs"), ("put", "/blogs"), ("post", "/blogs/5f0000000000000000000000")],
)
def test_a_method_that_is_not_allowed_is_said_before_its_parameters(owner, method, path):
    answer = getattr(owner.client, method)(f"/api/v1{path}?fields=id&x=1")
    refused(answer, 405, "method_not_allowed")
