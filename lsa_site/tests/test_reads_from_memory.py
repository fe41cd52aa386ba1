"""Unchanged reads are answered from memory, and nobody can tell the difference."""

import logging
import math
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import PASSWORD
from content.documents import Blog
from content.tests.resources import RESOURCES, Resource
from core.database.own_writes import own_writes
from core.front.application import Front
from core.front.freshness import Freshness
from core.front.reads import Reads
from core.front.tests.door import Received, ask
from core.times import now
from lsa_site.language import language_of
from lsa_site.wsgi import application as django

BLOGS = "/api/v1/blogs"
ROOM = 4 * 1024 * 1024


class Site:
    """The front before Django, which counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.freshness: Freshness
        self.while_asked = lambda: None
        self.reads = Reads(self.follow, language_of, ROOM)
        limits = {"threads": 1, "waiting": 10, "wait": 5, "patience": 5}
        self.front = Front(self.django, reads=self.reads, **limits)

    def follow(self, freshness: Freshness) -> None:
        self.freshness = freshness
        freshness.proved(math.inf)

    def django(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked += 1
        response = django(environ, start_response)
        self.while_asked()
        return response

    def get(self, path: str = BLOGS, method: str = "GET", **headers: str) -> Received:
        return ask(self.front, path, method, **({"host": "127.0.0.1"} | headers))


@pytest.fixture
def site() -> Site:
    return Site()


def blog(title: str = "Judul") -> Blog:
    return Blog(title=title, content="Isi " * 100, author="a@lsa.example").save()


def same(first: Received, second: Received) -> bool:
    """Whether they differ in nothing but the id."""
    ids = [each.headers.pop("x-request-id") for each in (first, second)]
    return first == second and ids[0] != ids[1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept_encoding": "gzip"},
        {"accept_language": "en"},
        {"origin": "https://a.example"},
        {"accept": "application/json, text/plain, */*"},
    ],
    ids=str,
)
def test_the_second_answer_is_the_first_but_for_its_id(site, settings, headers):
    settings.CORS_ALLOWED_ORIGINS = ["https://a.example"]
    item = blog()
    for path in (BLOGS, f"/blogs/{item.id}", "/openapi.json"):
        site.asked = 0
        first, second = site.get(path, **headers), site.get(path, **headers)
        assert first.status == 200
        assert ("access-control-allow-origin" in first.headers) == ("origin" in headers)
        assert same(first, second)
        assert site.asked == 1


def test_every_resource_is_kept(site, resource: Resource):
    path = f"/api/v1/{resource.name}"
    site.get(path)
    site.get(path)
    assert site.asked == 1


def test_the_mark_never_leaves_the_service(site):
    assert not any("mark" in name or "front" in name for name in site.get().headers)


def test_an_encoded_answer_is_made_once_and_its_tag_is_weak(site):
    blog()
    plain, encoded = site.get(), site.get(accept_encoding="gzip")
    assert encoded.headers["content-encoding"] == "gzip"
    assert encoded.headers["etag"] == "W/" + plain.headers["etag"]
    assert site.get(accept_encoding="gzip").body == encoded.body
    assert site.asked == 2


def test_a_304_is_answered_from_memory_and_is_like_django_s(site, client):
    blog()
    tag = site.get().headers["etag"]
    from_django = client.get(BLOGS, headers={"If-None-Match": tag})
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*", tag[:-1] + '-gzip"'):
        answer = site.get(if_none_match=given)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers.keys() == {name.lower() for name in from_django.headers}
        assert answer.headers["etag"] == tag
    assert site.get(if_none_match='"other"').status == 200
    assert site.asked == 1


def test_who_has_the_answer_already_teaches_it_to_others(site, caplog):
    blog()
    tag = site.get().headers["etag"]
    site.freshness.changed(None)
    with caplog.at_level(logging.INFO, "lsa_site.access"):
        assert site.get(if_none_match=tag).status == 304
    assert caplog.records[-1].status == 304
    assert site.get().status == 200
    assert site.asked == 2


def test_a_head_is_that_of_the_get(site):
    blog()
    assert site.get(method="HEAD").status == 200
    whole, head = site.get(), site.get(method="HEAD")
    assert head.body == b""
    assert head.headers.keys() == whole.headers.keys()
    assert head.headers["content-length"] == str(len(whole.body))
    assert site.asked == 2


@pytest.mark.parametrize(
    "headers",
    [{"authorization": "Bearer x"}, {"cookie": "sessionid=x"}, {"cookie": "csrftoken=x; a=b"}],
    ids=str,
)
def test_whoever_may_be_known_is_answered_by_django(site, headers):
    site.get()
    site.get(**headers)
    site.get(**headers)
    assert site.asked == 3


def test_other_people_s_cookies_do_not_matter(site):
    site.get()
    site.get(cookie="_ga=GA1.2.3; consent=yes")
    assert site.asked == 1


def test_what_no_view_marks_is_never_kept(site):
    for path in ("/health/live", "/api/v1", f"{BLOGS}/no-id", f"{BLOGS}?unknown=1", "/nothing"):
        site.asked = 0
        site.get(path)
        site.get(path)
        assert site.asked == 2, path
    assert len(site.reads.store) == 0


def test_a_client_s_id_is_kept_if_it_is_well_formed(site):
    site.get()
    assert site.get(x_request_id="abc-1").headers["x-request-id"] == "abc-1"
    assert len(site.get(x_request_id="a b").headers["x-request-id"]) == 36
    assert site.asked == 1


def test_each_answer_has_its_line_in_the_log(site, caplog, settings, monkeypatch):
    monkeypatch.setattr("rest_framework.throttling.api_settings.NUM_PROXIES", 1)
    with caplog.at_level(logging.INFO, "lsa_site.access"):
        for _ in range(2):
            site.get(f"{BLOGS}/?limit=3", x_request_id="abc", x_forwarded_for="203.0.113.9")
    lines = [
        (r.method, r.path, r.status, r.address, r.user)
        for r in caplog.records
        if r.name == "lsa_site.access"
    ]
    assert lines == [("GET", BLOGS, 200, "203.0.113.9", "-")] * 2
    assert site.asked == 1


def test_a_change_of_its_collection_ends_it(site):
    site.get()
    site.freshness.changed("programs")
    site.get()
    assert site.asked == 1
    site.freshness.changed("blogs")
    site.get()
    assert site.asked == 2


def test_what_changed_while_it_was_made_is_not_kept(site):
    blog()
    site.get()
    site.while_asked = lambda: site.freshness.changed("blogs")
    site.freshness.changed("blogs")
    site.get()
    site.while_asked = lambda: None
    site.get()
    assert site.asked == 3


def test_without_proof_nothing_is_kept_or_answered(site):
    site.get()
    site.freshness.lost()
    site.get()
    site.get()
    assert site.asked == 3


def test_it_ends_at_the_time_that_its_mark_says(site, monkeypatch):
    monkeypatch.setattr("core.front.marks.Mark.__new__", ending_now)
    site.get()
    site.get()
    assert site.asked == 2


def ending_now(cls: type, collections: Any, until: Any, *rest: Any) -> Any:
    return tuple.__new__(cls, (collections, now().timestamp(), *rest))


def test_thousands_of_spellings_make_few_entries(site):
    for number in range(200):
        weight = f"q=0.{number:03}1"
        site.get(accept_language=f"en;{weight}, x-{number}", accept_encoding=f"br;{weight}")
    assert site.asked == len(site.reads.store) == 1


@pytest.fixture
def own(site: Site) -> Iterator[Site]:
    """A site that is told of what this process writes."""
    site.get()
    own_writes.watchers.append(site.freshness)
    yield site
    own_writes.watchers.remove(site.freshness)


@pytest.mark.wire
def test_what_this_process_writes_is_seen_at_once(own, owner):
    for title in ("Satu", "Dua"):
        created = RESOURCES["blogs"].create(owner.client, title=title)
        assert created["id"].encode() in own.get().body
    address = f"{BLOGS}/{created['id']}"
    assert own.get(address).status == 200
    assert owner.client.patch(address, {"title": "Baru"}).status_code == 200
    assert b'"Baru"' in own.get(address).body
    assert b'"Baru"' in own.get().body
    assert (
        owner.client.patch(
            "/auth/me", {"email": "baru@lsa.example", "current_password": PASSWORD}
        ).status_code
        == 200
    )
    assert b"baru@lsa.example" in own.get().body
    assert owner.client.delete(address).status_code == 200
    assert own.get(address).status == 404
    assert created["id"].encode() not in own.get().body
