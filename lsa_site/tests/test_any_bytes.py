"""Whatever bytes stand in a request, it is answered: never by a failure, and in one shape.

Asked is all that reads a request, from the raw head to the database, without a socket.
"""

import io
import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conftest import Person
from content.tests.resources import RESOURCES
from core.front.answers import Answer, make_answer
from core.front.environ import environ_of, headers_of
from core.front.keys import Keys
from lsa_site.language import language_of
from lsa_site.wsgi import application

TIMES = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
KEYS = Keys(language_of)
PARTNERS, PROGRAMS = RESOURCES["partners"], RESOURCES["programs"]
HEADERS = [
    *("accept", "accept-encoding", "accept-language", "authorization", "content-type", "cookie"),
    *("host", "idempotency-key", "if-match", "if-modified-since", "if-none-match"),
    *("if-unmodified-since", "origin", "range", "referer", "user-agent", "x-csrftoken"),
    *("x-forwarded-for", "x-forwarded-proto", "x-request-id"),
]
PARAMETERS = [
    *("author", "created_after", "created_before", "cursor", "fields", "ids", "is_active"),
    *("limit", "ordering", "page", "preview", "program_type", "search", "skip", "slug", "state"),
    *("status", "tag", "updated_after", "no_such_parameter", ""),
]
# What parsers trip over, and anything else. A server lets no line ends and no zero through.
PIECES = [
    *("bytes=", "0-", "-0", "-1", "9" * 5000, ",", ";", "q=", "q=2", "*/*", "*", "text/html"),
    *(
        '"',
        'W/"',
        "\\",
        "%",
        "%00",
        "%ff",
        "[]",
        "$where",
        "{",
        "é",
        "\ud800",
        "🙂",
        " ",
        "\t",
        "=",
    ),
    *("1e999", "NaN", "Infinity", "-0.0", "2026-02-30", "9999-12-31T23:59:59+14:00", "Bearer "),
    *("0001-01-01T00:00:00-23:59", "e" * 5000, "a.b.c", "0" * 24, "true", "null", "&", "?", "="),
]
pieces = st.sampled_from([each.encode(errors="surrogatepass") for each in PIECES])
anything = st.lists(st.binary(max_size=20) | pieces, max_size=8).map(b"".join)
values = anything.map(lambda raw: raw.translate(None, b"\0\r\n"))


def ask(
    path: bytes,
    *,
    method: str = "GET",
    query: bytes = b"",
    headers: dict[str, bytes] | None = None,
    body: bytes = b"",
) -> Answer:
    pairs = [(b"host", b"testserver")] if "host" not in (headers or {}) else []
    pairs += [(name.encode(), value) for name, value in (headers or {}).items()]
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "raw_path": path,
        "path": path.decode("latin-1"),
        "query_string": query,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", "8000"),
        "client": ("127.0.0.1", 50000),
        "headers": pairs,
    }
    read = headers_of(pairs)
    # What it may be kept under is made of the same bytes.
    KEYS.of(scope, read)
    answer = make_answer(application, environ_of(scope, read, io.BytesIO(body), len(body)))
    check(answer)
    return answer


def check(answer: Answer) -> None:
    assert answer.start["status"] < 500
    headers = dict(answer.start["headers"])
    assert not any(b"\r" in value or b"\n" in value for value in headers.values())
    if answer.body and headers.get(b"content-type") == b"application/json":
        body = json.loads(answer.body)
        refused = answer.start["status"] >= 400
        assert body.get("status") == ("error" if refused else "success")


@pytest.fixture
def token(admin: Person) -> bytes:
    """Of somebody who is let in everywhere, so that everything is read."""
    PARTNERS.store(2)
    PROGRAMS.store(2)
    return f"Bearer {admin.tokens.access_token}".encode()


@pytest.mark.parametrize("name", HEADERS)
@TIMES
@given(value=values)
@example(value=b"")
def test_any_value_of_a_header(token, name, value):
    for method, path in (("GET", b"/api/v1/partners"), ("GET", b"/login"), ("POST", b"/blogs")):
        headers = {"authorization": token, "content-type": b"application/json"} | {name: value}
        ask(path, method=method, headers=headers, body=b"{}" if method == "POST" else b"")
    ask(b"/static/editors/editors.css", headers={name: value})


@pytest.mark.parametrize("name", PARAMETERS)
@TIMES
@given(value=anything)
@example(value=b"")
@example(value=b"a.b.c")
def test_any_value_of_a_parameter(token, name, value):
    query = name.encode() + b"=" + value
    for path in (b"/programs", b"/api/v1/users", b"/activity", b"/blogs.atom"):
        ask(path, query=query, headers={"authorization": token})


@TIMES
@given(part=values)
@example(part=b"")
@example(part=b"%e0%80%80")
def test_any_part_of_a_path(token, part):
    for path in (b"/programs/%s", b"/partners/by-slug/%s", b"/partners/%s/revisions/%s", b"/%s"):
        ask(path.replace(b"%s", part), headers={"authorization": token})
    ask(b"/media/uploads/" + part)


BOUNDARY = b"multipart/form-data; boundary=b"
KINDS = [b"application/json", b"application/x-www-form-urlencoded", BOUNDARY]


@pytest.mark.parametrize("kind", KINDS)
@TIMES
@given(body=anything)
@example(body=b'{"name": "\\ud800"}')
@example(
    body=b"--b\r\nContent-Disposition: form-data; name=\"logo\"; filename*=x''%ff\r\n\r\n\r\n--b--"
)
@example(body=b"--b\r\nContent-Disposition: form-data; name\r\n\r\n\r\n--b--")
def test_any_body(token, kind, body):
    headers = {"authorization": token, "content-type": kind}
    before = PARTNERS.collection().count_documents({})
    for path in (b"/partners", b"/auth/login", b"/auth/register", b"/login"):
        assert ask(path, method="POST", headers=headers, body=body).start["status"] >= 400
    assert PARTNERS.collection().count_documents({}) == before


FIELDS = {
    "auth/login": ["username", "email", "password"],
    "auth/logout": ["refresh_token", "all"],
    "auth/password/reset": ["email"],
    "auth/password/reset/confirm": ["token", "new_password"],
    "auth/refresh": ["refresh_token"],
    "auth/register": ["email", "username", "password", "full_name"],
    "blogs": ["title", "content", "status", "published_at", "slug", "tags", "image_alt", "image"],
    "partners": ["name", "website_url", "description"],
    "programs": ["title", "program_type", "start_date", "end_date", "is_active"],
    "text/preview": ["text"],
    "users": ["email", "role"],
    "webhooks": ["url", "description", "events", "is_active", "batch_seconds", "rate_per_minute"],
}
addresses = st.builds("https://{}/{}".format, st.text(max_size=20), st.text(max_size=9))
texts = st.text(max_size=20) | st.sampled_from(PIECES) | addresses
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
# Small: to make up large ones takes longer than to ask.
things = st.recursive(
    scalars, lambda some: st.lists(some) | st.dictionaries(texts, some), max_leaves=5
)


@pytest.mark.parametrize("path", FIELDS)
@TIMES
@given(data=st.data())
def test_any_value_of_a_field(token, mailbox, path, data):
    """Also lone surrogates, which JSON can write and UTF-8 cannot, and numbers that are none."""
    fields = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS[path], things))
    headers = {"authorization": token, "content-type": b"application/json"}
    body = json.dumps(data.draw(fields)).encode()
    ask(f"/{path}".encode(), method="POST", headers=headers, body=body)


@TIMES
@given(
    name=anything,
    filename=anything,
    value=anything,
    kind=st.sampled_from([b"image/png", b"?", b""]),
)
def test_any_part_of_a_form(token, name, filename, value, kind):
    head = b'Content-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s' % (
        *(name, filename),
        kind,
    )
    body = b"--b\r\n%s\r\n\r\n%s\r\n--b--\r\n" % (head, value)
    headers = {"authorization": token, "content-type": BOUNDARY}
    ask(b"/partners", method="POST", headers=headers, body=body)
    assert PARTNERS.collection().count_documents({}) == 2
    assert not list((django_settings.MEDIA_ROOT).rglob("*.*"))
