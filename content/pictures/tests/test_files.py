"""Serving pictures: with our own type, safely, and nothing but pictures."""

import pytest
from django.core.files.storage import FileSystemStorage

from content.pictures.tests import corpus
from content.pictures.tests.media import put
from content.tests.resources import RESOURCES

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
ADDRESSES = ("/media/uploads/", "/static/uploads/")


class UnreachableStorage(FileSystemStorage):
    def _open(self, name, mode="rb"):
        raise ConnectionError("nobody there")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("a.jpg", corpus.jpeg(), "image/jpeg"),
        ("b.JPEG", corpus.jpeg(), "image/jpeg"),
        ("c.png", corpus.png(), "image/png"),
        ("d.gif", corpus.gif(), "image/gif"),
        ("e.jpg.0a1b2c3d.320.webp", b"RIFF", "image/webp"),
        ("f.jpg", b"<script>", "image/jpeg"),
        ("nama dengan spasi é.png", corpus.png(), "image/png"),
    ],
)
def test_it_serves_pictures_with_a_type_of_ours(anyone, address, name, content, content_type):
    put(name, content)
    response = anyone.get(address + name)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == content_type
    assert response["Content-Length"] == str(len(content))
    assert {header: response[header] for header in HEADERS} == HEADERS


def test_head_tells_the_same_without_the_content(anyone):
    put("a.jpg")
    got, head = anyone.get("/media/uploads/a.jpg"), anyone.head("/media/uploads/a.jpg")
    assert head.status_code == 200
    assert head["Content-Length"] == got["Content-Length"]
    assert head["Content-Type"] == got["Content-Type"]
    assert b"".join(head) == b""


def test_a_browser_that_has_it_is_told_so(anyone):
    put("a.jpg")
    tag = anyone.get("/media/uploads/a.jpg")["ETag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = anyone.get("/media/uploads/a.jpg", HTTP_IF_NONE_MATCH=given)
        assert response.status_code == 304
        assert response["ETag"] == tag
        assert response["Cache-Control"] == HEADERS["Cache-Control"]
    assert anyone.get("/media/uploads/a.jpg", HTTP_IF_NONE_MATCH='"other"').status_code == 200
    (put("b.jpg")).unlink()
    assert anyone.get("/media/uploads/b.jpg", HTTP_IF_NONE_MATCH="*").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused(anyone, method):
    path = put("a.jpg")
    response = getattr(anyone, method)("/media/uploads/a.jpg")
    assert response.status_code == 405
    assert response.json()["meta"]["code"] == "method_not_allowed"
    assert response["Allow"] == "GET, HEAD"
    assert path.exists()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "name",
    [
        "missing.jpg",
        "",
        ".",
        "notes.txt",
        "page.html",
        "script.svg",
        "no-extension",
        ".hidden.jpg",
        "folder.jpg",
        "folder.jpg/inner.jpg",
        "a" * 300 + ".jpg",
        "é" * 200 + ".jpg",
    ],
)
def test_what_is_no_picture_of_ours_is_404(anyone, address, name):
    for other in ("notes.txt", "page.html", "script.svg", "no-extension", ".hidden.jpg"):
        put(other)
    (put("x.jpg").parent / "folder.jpg").mkdir()
    put("folder.jpg/inner.jpg")
    response = anyone.get(address + name)
    assert response.status_code == 404
    assert response.json()["meta"]["code"] == "not_found"


def test_a_storage_that_is_away_is_503(anyone, settings):
    backend = f"{__name__}.{UnreachableStorage.__name__}"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend}}
    response = anyone.get("/media/uploads/a.jpg")
    assert response.status_code == 503
    assert response.json()["meta"]["code"] == "storage_unavailable"


def test_the_earlier_services_addresses_lead_to_its_files(anyone):
    put("20230101_120000_foto.jpg")
    RESOURCES["gallery"].store(image="/static/uploads/20230101_120000_foto.jpg")
    [photo] = anyone.get("/gallery").json()["data"]
    assert photo["image"] == "/static/uploads/20230101_120000_foto.jpg"
    assert anyone.get(photo["image"]).status_code == 200
