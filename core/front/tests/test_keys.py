"""Which requests are one, and which are for Django."""

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from core.front.environ import headers_of
from core.front.keys import ACCEPTED, Key, Keys
from core.front.tests.door import scope
from lsa_site.language import LanguageMiddleware, language_of

PATH = "/api/v1/blogs"


def key(path: str = PATH, method: str = "GET", **headers: str) -> Key | None:
    asked = scope(path, method, **headers)
    return Keys(language_of).of(asked, headers_of(asked["headers"]))


@given(st.text("idenjv-;q=0.159*, ", max_size=40))
def test_the_language_is_the_one_that_django_chooses(header):
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = header
    LanguageMiddleware(lambda _: HttpResponse())(request)
    assert key(accept_language=header).language == request.LANGUAGE_CODE


@given(st.lists(st.text(min_size=1, max_size=30, alphabet=st.characters(max_codepoint=255))))
def test_any_number_of_spellings_makes_few_keys(spellings):
    keys = {key(accept_language=text, accept_encoding=text, accept=text) for text in spellings}
    assert len(keys - {None}) <= 2 * 2 * len(ACCEPTED)


def test_the_language_that_is_remembered_is_bounded():
    keys = Keys(language_of)
    for number in range(3000):
        keys.language_of(f"id,x{number};q=0.1")
    assert keys.language_of.cache_info().currsize <= 1000


@pytest.mark.parametrize(
    "different",
    [
        key("/api/v1/programs"),
        key(PATH + "?limit=2"),
        key(host="lsa.example"),
        key(accept_language="en"),
        key(accept="application/json"),
        key(accept_encoding="br, gzip"),
        key(authorization="Bearer x"),
    ],
)
def test_what_gets_another_answer_has_another_key(different):
    assert different is not None
    assert different != key()


def test_what_gets_the_same_answer_has_the_same_key():
    assert key(accept="*/*", accept_encoding="br", accept_language="id-ID, en;q=0.1") == key()
    assert key(method="HEAD") == key()
    assert key(cookie="_ga=GA1.2; theme=dark") == key()
    assert key(user_agent="curl", x_request_id="a", cache_control="no-cache") == key()


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": ""},
        {"authorization": "Basic x"},
        {"authorization": "bearer x"},
        {"authorization": "Bearer  x"},
        {"authorization": "Bearer x, Bearer y"},
        {"authorization": "Bearer " + "x" * 2000},
        {"cookie": "sessionid=x"},
        {"cookie": "a=b; csrftoken=x"},
        {"cookie": 'a=b;messages="x"'},
        {"cookie": "\xa0sessionid\xa0=x"},
        {"cookie": "django_language=en"},
        {"cookie": "a=" + "b" * 5000},
        {"range": "bytes=0-1"},
        {"if_match": '"a"'},
        {"if_unmodified_since": "Wed, 25 Nov 2026 10:00:00 GMT"},
        {"content_type": "text/plain; charset=latin-1"},
        {"accept": "text/html"},
        {"accept": "application/json;indent=4"},
        {"accept_language": "id" + ",en" * 1000},
        {"host": ""},
    ],
    ids=str,
)
def test_others_are_for_django(headers):
    assert key(**headers) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", "TRACE"])
def test_only_reads_have_one(method):
    assert key(method=method) is None


def test_a_long_address_has_none():
    assert key(PATH + "?search=" + "x" * 3000) is None


def test_an_origin_counts_as_far_as_it_is_expected(settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://a.example"]
    assert key(origin="https://a.example").origin == b"https://a.example"
    assert key(origin="https://b.example") is None
    settings.CORS_ALLOW_ALL_ORIGINS = True
    assert key(origin="https://a.example") == key(origin="https://b.example") != key()
    assert key(origin="http://[") is None


def test_credentials_are_told_apart_and_not_kept():
    first, second = key(authorization="Bearer xyz"), key(authorization="Bearer xyw")
    assert first != second
    assert first == key(authorization="Bearer xyz")
    assert b"xyz" not in b"".join(part for part in first if isinstance(part, bytes))


def test_the_scheme_is_the_one_that_the_proxy_says(settings):
    assert not key(x_forwarded_proto="https").is_secure
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert key(x_forwarded_proto="https").is_secure
    assert key(x_forwarded_proto="https, http").is_secure
    assert not key(x_forwarded_proto="http, https").is_secure
    assert not key().is_secure


def test_cookies_of_other_names_are_own_ones_too(settings):
    assert django_settings.SESSION_COOKIE_NAME == "sessionid"
    settings.SESSION_COOKIE_NAME = "lsa"
    assert key(cookie="lsa=x") is None
