"""What Django is told of a request."""

from io import BytesIO
from typing import Any

import pytest

from core.front.environ import environ_of, headers_of

SCOPE = {
    "method": "GET",
    "raw_path": b"/blogs",
    "query_string": b"",
    "server": ("127.0.0.1", "8000"),
    "client": ("192.0.2.7", "51000"),
    "http_version": "1.1",
    "scheme": "http",
}


def told(*headers: tuple[bytes, bytes], **scope: Any) -> dict[str, Any]:
    return environ_of(SCOPE | scope, headers_of(headers), BytesIO(), 0)


def test_a_name_with_an_underscore_is_not_taken_for_one_with_a_dash():
    environ = told((b"x_forwarded_for", b"198.51.100.1"), (b"x-forwarded-for", b"203.0.113.9"))
    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"
    assert "HTTP_X_FORWARDED_FOR" not in told((b"x_forwarded_for", b"198.51.100.1"))
    assert told((b"content_length", b"5"))["CONTENT_LENGTH"] == "0"


def test_repeated_fields_are_joined_as_each_is_meant():
    environ = told(
        (b"accept", b"a/b"), (b"accept", b"c/d"), (b"cookie", b"a=1"), (b"cookie", b"b=2")
    )
    assert environ["HTTP_ACCEPT"] == "a/b,c/d"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize(
    ("raw", "path"),
    [(b"/a%20b", "/a b"), (b"/%C3%A9", "/\xc3\xa9"), (b"/%ff%00", "/\xff\0"), (b"*", "*")],
)
def test_the_path_is_decoded_to_its_bytes(raw, path):
    assert told(raw_path=raw)["PATH_INFO"] == path


def test_the_bytes_of_a_value_and_of_the_query_are_kept():
    environ = told((b"cookie", b"name=\xc3\xa9"), query_string=b"search=%ff&a=\xe9")
    assert environ["HTTP_COOKIE"].encode("latin-1") == b"name=\xc3\xa9"
    assert environ["QUERY_STRING"].encode("latin-1") == b"search=%ff&a=\xe9"


def test_the_address_and_the_scheme_are_those_of_the_connection():
    environ = told(client=("2001:db8::1", "5"), scheme="https")
    assert environ["REMOTE_ADDR"] == "2001:db8::1"
    assert environ["wsgi.url_scheme"] == "https"


def test_the_body_has_the_length_that_was_received():
    headers = headers_of([(b"content-type", b"text/plain"), (b"transfer-encoding", b"chunked")])
    environ = environ_of(SCOPE, headers, BytesIO(b"abc"), 3)
    assert environ["CONTENT_LENGTH"] == "3"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert "HTTP_TRANSFER_ENCODING" not in environ


def test_http_1_0_needs_no_host():
    assert "HTTP_HOST" not in told((b"host", b""), http_version="1")
    assert told((b"host", b""))["HTTP_HOST"] == ""
    assert told((b"host", b"lsa.example"), http_version="1")["HTTP_HOST"] == "lsa.example"
