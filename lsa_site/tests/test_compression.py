"""Answers are compressed for those who can read it; pictures and parts of files are not."""

import gzip

import pytest

from content.tests.resources import JSON, RESOURCES, picture

BLOGS = RESOURCES["blogs"]
GZIP = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


@pytest.fixture
def blog(owner) -> dict:
    return BLOGS.create(owner.client, content="Data terbuka. " * 100, image=picture())


def test_data_and_documents_are_compressed(anyone, blog):
    for path in (BLOGS.url, BLOGS.item(blog["id"]), "/api/v1/openapi.json"):
        plain, packed = anyone.get(path), anyone.get(path, **GZIP)
        assert "Content-Encoding" not in plain
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.getvalue()) == plain.getvalue()
        assert int(packed["Content-Length"]) == len(packed.getvalue()) < len(plain.getvalue())
        for response in (plain, packed):
            assert "accept-encoding" in response["Vary"].lower()


def test_the_tag_of_a_compressed_answer_is_as_good_as_the_other(anyone, owner, blog):
    path = BLOGS.item(blog["id"])
    tag = anyone.get(path, **GZIP)["ETag"]
    assert tag == f"W/{blog['etag']}"
    assert anyone.get(path, HTTP_IF_NONE_MATCH=tag, **GZIP).status_code == 304
    assert anyone.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 304
    change = {"title": "Judul baru"}
    assert owner.client.patch(path, change, HTTP_IF_MATCH=tag, **JSON).status_code == 200
    assert owner.client.patch(path, change, HTTP_IF_MATCH=tag, **JSON).status_code == 412


def test_a_picture_stays_as_it_is(anyone, blog):
    response = anyone.get(blog["image"], **GZIP)
    assert response.status_code == 200
    assert "Content-Encoding" not in response
    assert "Content-Language" not in response
    assert "language" not in response.get("Vary", "").lower()


@pytest.mark.parametrize("asked", ["bytes=-0", "bytes=-00", "bytes=0-0", "bytes=7-07", "bytes=-1"])
def test_a_range_that_would_be_misread_gives_the_whole_file(anyone, asked):
    whole = anyone.get("/static/lsa.css")
    response = anyone.get("/static/lsa.css", HTTP_RANGE=asked)
    assert response.status_code == 200
    assert response.getvalue() == whole.getvalue()


def test_a_part_of_a_file_stays_as_it_is(anyone):
    response = anyone.get("/static/lsa.css", HTTP_RANGE="bytes=0-999", **GZIP)
    assert response.status_code == 206
    assert "Content-Encoding" not in response
    assert len(response.getvalue()) == 1000
