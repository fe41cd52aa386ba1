"""`Idempotency-Key`: what is sent again is made once."""

from collections import Counter

import pytest
from bson import ObjectId

from accounts.credentials import sessions
from accounts.credentials.sessions import Principal
from conftest import new_client
from content import services
from content.documents import Blog
from content.pictures.documents import FileCheck
from content.pictures.tests import rule
from content.publishing.revisions import Revision
from content.tests.resources import FORM, JSON, RESOURCES, picture
from content.tests.test_concurrency import editor as own_client
from content.tests.test_concurrency import together
from core.api.idempotency import MAX_LENGTH
from core.api.tests.described import fetch
from core.database import first_answers, transactions
from core.database.first_answers import FirstAnswer, Kept
from core.events import Event

BLOGS = RESOURCES["blogs"]
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


def post(client, *, key=KEY, url=BLOGS.url, **changes):
    return client.post(url, BLOGS.body | changes, HTTP_IDEMPOTENCY_KEY=key, **JSON)


def new_session(person):
    """A client that has just logged in."""
    client = new_client()
    token = sessions.log_in(person.raw).access_token
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def code_of(response):
    return response.json()["meta"]["code"]


def test_the_same_key_gets_the_first_answer_again(resource, owner):
    def send():
        # A form has another boundary each time.
        return owner.client.post(resource.url, resource.form(), HTTP_IDEMPOTENCY_KEY=KEY, **FORM)

    first, second = send(), send()
    assert first.status_code == second.status_code == 201
    assert second.json() == first.json()
    assert second["ETag"] == first["ETag"]
    assert second["Location"] == first["Location"]
    assert second["Content-Type"] == first["Content-Type"] == "application/json"
    assert resource.collection().count_documents({}) == 1


def test_what_is_repeated_is_recorded_once(owner):
    for _ in range(2):
        post(owner.client)
    told = [each["type"] for each in Event.collection().find({"resource": BLOGS.name})]
    assert told == ["blog.created", "blog.published"]
    assert Revision.collection().count_documents({}) == 1


def test_the_first_answer_stays_what_it_was_whatever_happened_since(owner):
    first = post(owner.client)
    url = first["Location"]
    owner.client.patch(url, {"title": "Judul lain"}, **JSON)
    assert post(owner.client).json() == first.json()
    owner.client.delete(url, query_params={"permanently": "true"})
    assert post(owner.client).json() == first.json()
    assert Blog.collection().find_one() is None


def test_it_is_the_same_route_with_and_without_prefix(owner):
    first = post(owner.client)
    assert post(owner.client, url="/blogs/").json() == first.json()


def test_the_same_key_for_another_resource_is_another(owner):
    first = post(owner.client)
    programs = RESOURCES["programs"]
    second = owner.client.post(programs.url, programs.body, HTTP_IDEMPOTENCY_KEY=KEY, **JSON)
    assert second.status_code == 201
    assert second.json()["data"]["id"] != first.json()["data"]["id"]


def test_the_same_key_of_another_person_is_another(owner, stranger, anyone):
    first = post(owner.client)
    second = post(stranger.client)
    assert second.status_code == 201
    assert second.json()["data"]["author"] == stranger.email
    assert second.json()["data"]["id"] != first.json()["data"]["id"]
    assert post(anyone).status_code == 401


def test_another_session_of_the_same_person_gets_the_answer(owner):
    first = post(owner.client)
    assert post(new_session(owner)).json() == first.json()


def test_without_a_key_each_request_makes_its_own(owner):
    for _ in range(2):
        assert owner.client.post(BLOGS.url, BLOGS.body, **JSON).status_code == 201
    assert Blog.collection().count_documents({}) == 2
    assert FirstAnswer.collection().find_one() is None


@pytest.mark.parametrize("change", [{"title": "Judul lain"}, {"tags": ["a"]}, {"status": "draft"}])
def test_the_same_key_with_another_body_is_refused(owner, change):
    post(owner.client)
    response = post(owner.client, **change)
    assert response.status_code == 422
    assert code_of(response) == "idempotency_key_reused"
    assert Blog.collection().count_documents({}) == 1


def test_the_same_fields_in_another_order_are_the_same(owner):
    first = post(owner.client)
    turned = dict(reversed(BLOGS.body.items()))
    again = owner.client.post(BLOGS.url, turned, HTTP_IDEMPOTENCY_KEY=KEY, **JSON)
    assert again.json() == first.json()


def test_another_picture_is_another_body_and_its_name_says_nothing(owner):
    def send(file):
        body = BLOGS.form(image=file)
        return owner.client.post(BLOGS.url, body, HTTP_IDEMPOTENCY_KEY=KEY, **FORM)

    first, renamed, other = picture(), picture(), picture()
    renamed.name = "lain.png"
    other.seek(0, 2)
    other.write(b"\0")
    assert send(first).status_code == 201
    assert send(renamed).status_code == 201
    assert code_of(send(other)) == "idempotency_key_reused"
    assert Blog.collection().count_documents({}) == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "kunci\t", "kunci\x7f", "clé", "k" * 256])
def test_a_key_that_is_none_is_refused(owner, key):
    response = post(owner.client, key=key)
    assert response.status_code == 400
    assert code_of(response) == "idempotency_key_invalid"
    assert Blog.collection().find_one() is None


@pytest.mark.parametrize("key", ["!", "~" * MAX_LENGTH, f'"{KEY}"'])
def test_every_visible_character_may_be_in_a_key(owner, key):
    first = post(owner.client, key=key)
    assert first.status_code == 201
    assert post(owner.client, key=key).json() == first.json()


def test_what_was_refused_can_be_mended_and_sent_with_the_same_key(owner):
    assert post(owner.client, title="x").status_code == 422
    assert FirstAnswer.collection().find_one() is None
    assert post(owner.client).status_code == 201


def test_what_failed_can_be_sent_again(owner, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(services, "_owner", lambda author: 1 / 0)
        assert post(owner.client).status_code == 500
    assert FirstAnswer.collection().find_one() is None
    assert post(owner.client).status_code == 201
    assert Blog.collection().count_documents({}) == 1


def test_a_key_is_good_for_a_day(owner, clock):
    first = post(owner.client)
    clock.advance(hours=23, minutes=59)
    assert post(new_session(owner)).json() == first.json()
    clock.advance(minutes=2)
    # The database has not swept it away yet.
    assert FirstAnswer.collection().count_documents({}) == 1
    later = new_session(owner)
    second = post(later, title="Judul lain")
    assert second.status_code == 201
    assert post(later, title="Judul lain").json() == second.json()
    assert FirstAnswer.collection().count_documents({}) == 1


def test_neither_the_key_nor_the_text_is_kept_in_clear(owner):
    post(owner.client, key="kunci-rahasia")
    assert "kunci-rahasia" not in str(FirstAnswer.collection().find_one())


def test_the_longest_text_is_answered_again(owner):
    content = "<&>" * 33_333
    first = post(owner.client, content=content)
    assert first.status_code == 201
    assert post(owner.client, content=content).json() == first.json()
    assert len(FirstAnswer.collection().find_one()["body"]) < 100_000


def test_on_a_server_without_transactions_too_the_repeated_gets_the_first(owner, monkeypatch):
    monkeypatch.setattr(transactions, "has_transactions", lambda client: False)
    first = post(owner.client)
    assert post(owner.client).json() == first.json()
    assert Blog.collection().count_documents({}) == 1


def test_the_documentation_names_the_header_where_it_is_taken():
    operations = fetch().operations
    taken = {(o.method, o.path) for o in operations if "Idempotency-Key" in o.headers()}
    assert taken == {("post", each.url) for each in RESOURCES.values()}


# --- At the same moment, and killed ------------------------------------------------------


@pytest.mark.wire
@pytest.mark.parametrize("change", [{}, {"slug": "kabar"}], ids=["plain", "slug"])
def test_of_requests_at_the_same_moment_all_get_the_answer_of_one(owner, change):
    for number in range(3):
        key, slug = f"key-{number}", {name: f"{value}-{number}" for name, value in change.items()}
        calls = [lambda k=key, s=slug: post(own_client(owner), key=k, **s) for _ in range(6)]
        answers = together(*calls)
        assert Counter(each.status_code for each in answers) == {201: 6}
        assert len({each.json()["data"]["id"] for each in answers}) == 1
        assert Blog.collection().count_documents({}) == number + 1


@pytest.mark.wire
def test_of_different_bodies_at_the_same_moment_one_is_made(owner):
    calls = [lambda n=n: post(own_client(owner), title=f"Judul {n}") for n in range(4)]
    answers = together(*calls)
    assert Counter(each.status_code for each in answers) == {201: 1, 422: 3}
    assert Blog.collection().count_documents({}) == 1


@pytest.mark.wire
def test_a_picture_that_came_twice_at_once_is_stored_once(owner, settings):
    def send():
        body = BLOGS.form(image=picture())
        return own_client(owner).post(BLOGS.url, body, HTTP_IDEMPOTENCY_KEY=KEY, **FORM)

    answers = together(send, send, send)
    assert len({each.json()["data"]["image"] for each in answers}) == 1
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


@pytest.mark.wire  # mongomock has no transactions
def test_whoever_is_killed_leaves_the_item_with_its_answer_or_neither(owner):
    actor = Principal(owner.raw, owner.raw["_id"])
    answer = Kept("request", 201, {}, b"body")

    def keep(raw, transaction):
        first_answers.keep("key", answer, transaction=transaction)

    def begin_anew():
        for document in (Blog, Revision, Event, FileCheck, FirstAnswer):
            document.collection().delete_many({})
        values = {"title": "Judul", "content": "Isi."}
        return lambda: services.create(Blog, values, author=actor, beside=keep)

    outcomes = Counter(
        (Blog.collection().count_documents({}), FirstAnswer.collection().count_documents({}))
        for _ in rule.kills(begin_anew)
    )
    assert outcomes.keys() == {(0, 0), (1, 1)}
    assert sum(outcomes.values()) > 5


def test_a_key_that_somebody_was_faster_with_is_in_use(owner):
    answer = Kept("request", 201, {}, b"body")
    first_answers.keep("key", answer, transaction=None)
    with pytest.raises(first_answers.KeyInUse):
        first_answers.keep("key", answer, transaction=None)
    assert first_answers.find("key") == answer
    assert first_answers.find(str(ObjectId())) is None
