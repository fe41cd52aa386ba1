"""Serving pictures over real HTTP, asked for in ways that no client library would."""

from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from content.pictures.tests import corpus
from content.tests.site import served
from lsa_site.tests.processes import of_this_run

pytestmark = [pytest.mark.wire, pytest.mark.own_database]

SECRET = corpus.jpeg(comment=b"the secret")
ADDRESSES = ("/media/uploads/", "/static/uploads/")
# All of them lead to media/secret.jpg or to /etc/passwd where somebody is careless.
ESCAPES = [
    "../secret.jpg",
    "%2e%2e/secret.jpg",
    "..%2fsecret.jpg",
    "%2e%2e%2fsecret.jpg",
    "%252e%252e%252fsecret.jpg",
    "%25252e%25252e%25252fsecret.jpg",
    "..\\secret.jpg",
    "..%5csecret.jpg",
    "%2e%2e%5csecret.jpg",
    "..%255csecret.jpg",
    "%c0%ae%c0%ae%c0%afsecret.jpg",
    "%c0%ae%c0%ae/secret.jpg",
    "%e0%80%ae%e0%80%ae%e0%80%afsecret.jpg",
    "..%c1%9csecret.jpg",
    "%uff0e%uff0e%u2215secret.jpg",
    "%ef%bc%8e%ef%bc%8e%ef%bc%8fsecret.jpg",
    "....//secret.jpg",
    "..;/secret.jpg",
    "./../secret.jpg",
    "a.jpg/../../secret.jpg",
    "a.jpg%2f..%2f..%2fsecret.jpg",
    "%00../secret.jpg",
    "..%00/secret.jpg",
    "a.jpg%00",
    "%00a.jpg",
    "a.jpg%0a",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "?../secret.jpg",
    "%",
    "%zz",
    "%f",
]


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    var = tmp_path_factory.mktemp("site")
    (var / "media" / "uploads").mkdir(parents=True)
    (var / "media" / "uploads" / "a.jpg").write_bytes(corpus.jpeg())
    (var / "media" / "secret.jpg").write_bytes(SECRET)
    with served(var, **of_this_run()) as url:
        yield url


def ask(site: str, path: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    """Send the path exactly as it is."""
    connection = HTTPConnection(urlsplit(site).netloc, timeout=30)
    connection._validate_path = lambda path: None  # it means well
    connection.request(method, path)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_picture_is_there(site, address):
    response, content = ask(site, f"{address}a.jpg")
    assert response.status == 200
    assert content == corpus.jpeg()
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Length"] == str(len(content))
    assert "immutable" in response.headers["Cache-Control"]


def test_head_has_no_content(site):
    response, content = ask(site, "/media/uploads/a.jpg", "HEAD")
    assert response.status == 200
    assert response.headers["Content-Length"] == str(len(corpus.jpeg()))
    assert content == b""


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_spelling_leads_out_of_the_folder(site, address):
    for escape in ESCAPES:
        response, content = ask(site, address + escape)
        assert response.status in (400, 404), escape
        assert b"the secret" not in content, escape
        assert b"root:" not in content, escape


@pytest.mark.parametrize("path", ["/media", "/media/", "/media/uploads", "/media/uploads/"])
def test_no_folder_is_listed(site, path):
    response, content = ask(site, path)
    assert response.status == 404
    assert b"a.jpg" not in content


@pytest.mark.parametrize("path", ["/static/uploads", "/static/uploads/", "/static/", "/static"])
def test_no_earlier_folder_is_listed(site, path):
    response, content = ask(site, path)
    assert response.status == 404
    assert b"a.jpg" not in content
