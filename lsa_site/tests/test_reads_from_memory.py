"""Unchanged reads are answered from memory, and nobody can tell the difference."""

import gc
import logging
import math
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pymongo.errors import ServerSelectionTimeoutError

from conftest import PASSWORD
from content.documents import Blog
from content.publishing import states
from content.tests.resources import RESOURCES, Resource
from core.database import rereading
from core.database.own_writes import own_writes
from core.front.application import Front
from core.front.freshness import Freshness
from core.front.reads import Reads
from core.front.store import Store
from core.front.tests.door import Received, ask
from core.times import now
from lsa_site.language import language_of
from lsa_site.wsgi import application as django

BLOGS = "/api/v1/blogs"
ROOM = 4 * 1024 * 1024


class Site:
    """The front before Django, which counts what it is asked."""

    def __init__(self, *, is_told: bool = True) -> None:
        self.asked = 0
        self.freshness: Freshness
        self.while_asked = lambda: None
        self.doubt = lambda: None
        self.reads = Reads(self.follow if is_told else None, language_of, ROOM)
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
    tag = Site().get().headers["etag"]
    with caplog.at_level(logging.INFO, "lsa_site.access"):
        assert site.get(if_none_match=tag).status == 304
    assert caplog.records[-1].status == 304
    assert site.get().status == 200
    assert site.asked == 1


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


def changed(site: Site) -> None:
    site.freshness.changed("blogs")


def unproved(site: Site) -> None:
    site.freshness.lost()


# What is read again is asked of a real server: the commands are sent as such.
@pytest.fixture(params=[pytest.param(each, marks=pytest.mark.wire) for each in (changed, unproved)])
def doubtful(request: pytest.FixtureRequest, site: Site) -> Site:
    """A site that has answers of which nobody knows whether they are right still."""
    item = blog()
    for path in (BLOGS, f"{BLOGS}?limit=1&fields=title", f"{BLOGS}/{item.id}"):
        site.get(path)
    site.asked = 0
    site.doubt = lambda: request.param(site)
    site.doubt()
    return site


def test_a_change_of_another_collection_does_not_matter(site, queries):
    site.get()
    site.freshness.changed("programs")
    queries.clear()
    site.get()
    assert site.asked == 1
    assert not queries


def test_a_doubtful_answer_is_right_if_the_database_has_the_same(doubtful, queries):
    for path in list_and_item():
        queries.clear()
        assert doubtful.get(path).status == 200
        assert queries
    assert doubtful.asked == 0


def test_to_ask_the_database_takes_none_of_django_s_threads(doubtful):
    doubtful.front.threads.places = 0
    assert [doubtful.get(path).status for path in list_and_item()] == [200, 200]
    assert doubtful.get("/health/live").status == 503


def test_what_is_asked_is_timed_with_all_other_commands(doubtful):
    labels = {"command": "find", "outcome": "ok"}
    before = REGISTRY.get_sample_value("lsa_database_seconds_count", labels)
    doubtful.get(BLOGS)
    assert REGISTRY.get_sample_value("lsa_database_seconds_count", labels) > before


def test_what_the_database_has_not_the_same_is_made_anew(doubtful):
    listed, item = list_and_item()
    Blog.collection().update_one({}, {"$set": {"title": "Baru"}})
    doubtful.doubt()
    for path in (listed, f"{listed}?limit=1&fields=title", item):
        assert b'"Baru"' in doubtful.get(path).body
    another = blog("Lain")
    doubtful.doubt()
    assert str(another.id).encode() in doubtful.get(listed).body
    Blog.collection().delete_many({})
    doubtful.doubt()
    assert doubtful.get(item).status == 404
    assert doubtful.get(listed).headers["x-total-count"] == "0"


def test_what_became_public_meanwhile_is_found_at_the_present_moment(doubtful):
    listed, _ = list_and_item()
    another = blog("Nanti")
    values = {"status": "published", "visible_from": now(), "published_at": now()}
    Blog.collection().update_one({"_id": another.id}, {"$set": values})
    doubtful.doubt()
    assert str(another.id).encode() in doubtful.get(listed).body


def test_what_is_no_more_public_is_not_confirmed(doubtful):
    listed, item = list_and_item()
    Blog.collection().update_many({}, {"$set": {"visible_from": states.DRAFT}})
    doubtful.doubt()
    assert doubtful.get(item).status == 404
    assert doubtful.get(listed).headers["x-total-count"] == "0"


def list_and_item() -> tuple[str, str]:
    return BLOGS, f"{BLOGS}/{Blog.objects.first().id}"


@pytest.mark.wire
def test_what_was_confirmed_needs_no_question_again(site, queries):
    site.get()
    site.freshness.changed("blogs")
    site.get()
    queries.clear()
    site.get()
    assert site.asked == 1
    assert not queries


@pytest.mark.wire
def test_what_changed_while_it_was_made_is_asked_about(site, queries):
    site.while_asked = lambda: site.freshness.changed("blogs")
    site.get()
    queries.clear()
    site.get()
    assert queries


def test_a_database_that_is_away_is_said_once_and_forgets_nothing(doubtful, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("core.database.rereading.ask", away)
        answer = doubtful.get()
    assert answer.status == 503
    assert b"database_unavailable" in answer.body
    assert doubtful.asked == 1  # for the words of the refusal
    assert doubtful.get().status == 200
    assert doubtful.asked == 1


@pytest.mark.wire
def test_so_is_one_that_is_away_when_asked_what_is_to_come(site, monkeypatch):
    site.get()
    site.freshness.changed("blogs")
    with monkeypatch.context() as patch:
        patch.setattr("core.database.rereading.documents", away)
        answer = site.get()
    assert answer.status == 503
    assert site.asked == 2  # for the words of the refusal
    assert site.get().status == 200
    assert site.asked == 2


def away(*_: Any) -> None:
    raise ServerSelectionTimeoutError


@pytest.mark.wire
def test_where_nobody_tells_of_changes_each_answer_is_the_database_s():
    site, other = Site(is_told=False), Site(is_told=False)
    for number in range(20):
        if number % 3 == 2:
            Blog.objects.first().delete()
        else:
            blog(f"Judul {number}")
        for _ in range(2):
            other.reads.store = Store(ROOM)
            assert same(site.get(), other.get())
    assert site.asked == 20


def test_what_cannot_be_read_again_for_another_reason_is_for_django(doubtful, monkeypatch):
    monkeypatch.setattr("core.api.conditional._state_of", lambda found: 1 / 0)
    assert doubtful.get().status == 500


def test_it_ends_at_the_time_that_its_mark_says(site, monkeypatch):
    monkeypatch.setattr("core.front.store.Entry.is_over", lambda entry: True)
    site.get()
    site.get()
    assert site.asked == 2


@pytest.fixture
def queries(monkeypatch) -> list[Any]:
    """What was asked of the database to make sure."""
    asked: list[Any] = []
    ask = rereading.ask

    def note(command: Any) -> bytes:
        asked.append(command)
        return ask(command)

    monkeypatch.setattr(rereading, "ask", note)
    return asked


@pytest.mark.wire  # mongomock has its documents in this very process
def test_what_is_kept_to_read_it_again_holds_no_document(site):
    item = blog("Panjang")
    for path in (BLOGS, f"{BLOGS}/{item.id}"):
        site.get(path)
    gc.collect()
    titles = [each["title"] for each in gc.get_objects() if is_raw_blog(each)]
    assert len(site.reads.store) == 2
    assert titles == []


def is_raw_blog(each: Any) -> bool:
    return type(each) is dict and each.get("title") == "Panjang" and "_id" in each


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
