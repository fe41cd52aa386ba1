"""Lists walked by `cursor`: nothing comes twice and nothing is left out, whatever happens."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.core.signing import Signer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.documents import User
from conftest import new_client
from content.publishing.states import DRAFT, TRASHED
from content.tests.resources import RESOURCES, START, ids
from core.api import cursors, pagination
from core.database.positions import Position

PROGRAMS = RESOURCES["programs"]
BLOGS = RESOURCES["blogs"]


def pages(client: Any, url: str) -> Iterator[dict[str, Any]]:
    """The pages of a list, each read when it is asked for."""
    while url:
        page = client.get(url).json()
        assert page["status"] == "success", page
        yield page
        url = page["meta"]["next"]


def walk(client: Any, url: str) -> list[str]:
    return [key for page in pages(client, url) for key in ids(page["data"])]


def cursor_of(client: Any, url: str) -> str:
    link = client.get(url).json()["meta"]["next"]
    [cursor] = parse_qs(link.partition("?")[2])["cursor"]
    return cursor


TIMES = ("visible_from", "created_at", "updated_at", "start_date", "end_date")


def put(*days: list[int | None], **fields: Any) -> list[str]:
    """Programs with these days after the first as their `TIMES`, None for none, and some with the
    same title; gives their ids."""
    raws = []
    for number, each in enumerate(days):
        times = dict(zip(TIMES, each, strict=True))
        given = {n: START + timedelta(days=day) for n, day in times.items() if day is not None}
        raw = PROGRAMS.raw(title=f"Judul {number % 3}")
        rest = {name: value for name, value in raw.items() if name not in (*TIMES, "published_at")}
        raws.append(rest | given | fields)
    return list(map(str, PROGRAMS.collection().insert_many(raws).inserted_ids)) if raws else []


# --- What it promises ------------------------------------------------------------------

days = st.lists(st.none() | st.integers(0, 3), min_size=5, max_size=5)
# What happens to one of the thirty others, after which page.
happenings = st.tuples(
    st.integers(0, 6), st.sampled_from(["publish", "unpublish", "trash", "remove"]), days
)


# A time that every item has, a text, and what may be missing; the deep run takes every order.
TELLING = ("-published_at", "title", "start_date")


@pytest.mark.parametrize(
    "ordering",
    [
        pytest.param(each, marks=[] if each in TELLING else pytest.mark.deep)
        for each in PROGRAMS.listing.orderings
    ],
)
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stayers=st.lists(days, max_size=12),
    others=st.lists(happenings, min_size=30, max_size=30),
    limit=st.integers(1, 5),
    query=st.sampled_from(
        ["", "search=judul", "author=owner@lsa.example", "program_type=workshop"]
    ),
)
def test_what_is_there_all_the_time_comes_once_whatever_happens_to_others(
    database, ordering, stayers, others, limit, query
):
    PROGRAMS.collection().delete_many({})
    there = set(put(*stayers))
    hidden = put(*(when for _at, what, when in others if what == "publish"), visible_from=DRAFT)
    public = put(*(when for _at, what, when in others if what != "publish"), visible_from=START)
    waiting = [
        (at, what, (hidden if what == "publish" else public).pop()) for at, what, _when in others
    ]
    seen: list[str] = []
    url = f"{PROGRAMS.url}?ordering={ordering}&limit={limit}&{query}"
    for number, page in enumerate(pages(new_client(), url)):
        seen += ids(page["data"])
        for at, what, key in waiting:
            if at == number:
                happen(what, key)
    assert sorted(key for key in seen if key in there) == sorted(there)
    assert len(seen) == len(set(seen))


def happen(what: str, key: str) -> None:
    one = {"_id": PROGRAMS.document.id.to_python(key)}
    if what == "remove":
        PROGRAMS.collection().delete_one(one)
        return
    then = {"publish": START, "unpublish": DRAFT, "trash": TRASHED}[what]
    PROGRAMS.collection().update_one(one, {"$set": {"visible_from": then}})


def test_it_goes_in_the_order_of_one_long_page(anyone):
    put(*([day] * 5 for day in (None, 0, None, 1, 0, 2)))
    for ordering in PROGRAMS.listing.orderings:
        url = f"{PROGRAMS.url}?ordering={ordering}&fields=id"
        whole = walk(anyone, url)
        assert len(whole) == 6
        assert [walk(anyone, f"{url}&limit={n}") for n in (1, 4)] == [whole] * 2, ordering


def test_missing_values_are_lowest(anyone):
    keys = put(*([1, 1, 1, day, None] for day in (None, 0, 1, None)))
    up = walk(anyone, f"{PROGRAMS.url}?ordering=start_date&limit=1")
    assert up == [keys[0], keys[3], keys[1], keys[2]]
    assert walk(anyone, f"{PROGRAMS.url}?ordering=-start_date&limit=1") == up[::-1]


def test_values_of_a_kind_that_nobody_of_us_wrote_keep_their_place(anyone):
    """The earlier service may have kept a time as text, or as a number."""
    for value in (None, 3, 2.5, "2024", "2023", START, START + timedelta(days=1)):
        put([1, 1, 1, None, None], start_date=value)
    for ordering in ("start_date", "-start_date"):
        url = f"{PROGRAMS.url}?ordering={ordering}&fields=id"
        whole = walk(anyone, url)
        assert len(whole) == 7
        assert walk(anyone, f"{url}&limit=1") == whole


def test_a_walk_without_an_ordering_is_in_the_default_one(resource, anyone):
    stored = [str(key) for key in resource.store(5)][::-1]
    assert walk(anyone, f"{resource.url}?limit=2") == stored


def test_a_page_that_ends_early_goes_on_where_it_ended(anyone, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_TEXT", 5_000)
    stored = [str(key) for key in BLOGS.store(7, content="a" * 2_000)][::-1]
    sizes = [len(page["data"]) for page in pages(anyone, f"{BLOGS.url}?limit=6&fields=content")]
    assert sizes == [3, 3, 1]
    assert walk(anyone, f"{BLOGS.url}?limit=6&fields=content") == stored


def test_a_walk_has_no_last_place(anyone, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_SKIP", 2)
    BLOGS.store(5)
    assert len(walk(anyone, f"{BLOGS.url}?limit=1")) == 5
    assert len(walk(anyone, f"{BLOGS.url}?limit=1&skip=0")) == 3


def test_any_state_is_walked_alike(owner):
    draft = {"status": "draft", "visible_from": DRAFT, "author_id": owner.raw["_id"]}
    drafts = set(put(*([None, 1, day, None, None] for day in (0, 0, 1)), **draft))
    dated = set(put([None, 1, 2, None, None], **draft, published_at=START))
    put([None, 1, 1, None, None], **draft | {"author_id": None})
    for state in ("draft", "all"):
        for ordering in ("", *PROGRAMS.listing.orderings):
            url = f"{PROGRAMS.url}?state={state}&limit=1&ordering={ordering}"
            seen = walk(owner.client, url)
            assert (set(seen), len(seen)) == (drafts | dated, 4), (state, ordering)


def test_users_are_walked_alike(admin):
    for number in range(4):
        User.collection().insert_one({"email": f"{number}@lsa.example", "created_at": START})
    assert len(set(walk(admin.client, "/api/v1/users?limit=2"))) == 5


# --- What stands beside a page ---------------------------------------------------------


def test_the_total_is_that_of_the_list(resource, anyone):
    resource.store(5)
    found = list(pages(anyone, f"{resource.url}?limit=2"))
    assert [page["meta"]["total"] for page in found] == [5, 5, 5]
    assert [page["meta"]["count"] for page in found] == [2, 2, 1]
    assert {page["meta"]["previous"] for page in found} == {None}
    assert {page["meta"]["skip"] for page in found} == {0}
    uncounted = pages(anyone, f"{resource.url}?limit=2&count=false")
    assert [page["meta"]["total"] for page in uncounted] == [None] * 3


def test_next_goes_on_with_skip_where_that_was_given(resource, anyone):
    resource.store(3)
    link = anyone.get(f"{resource.url}?skip=0&limit=1").json()["meta"]["next"]
    assert link == f"{resource.url}?skip=1&limit=1"


def test_a_cursor_is_safe_in_an_address(anyone):
    for title in ("Ðéjà 😀 vu", "a+b/c=d&e", "x" * 200):
        BLOGS.store(title=title, visible_from=START)
    for number in range(2):
        link = f"{BLOGS.url}?ordering=title&limit={number + 1}"
        cursor = cursor_of(anyone, link)
        assert urlencode({"cursor": cursor}) == f"cursor={cursor}"
        assert len(cursor) < 1000


def test_the_same_list_has_the_same_cursor(anyone):
    """So that what was not changed is answered with 304."""
    BLOGS.store(2)
    first = anyone.get(f"{BLOGS.url}?limit=1")
    again = anyone.get(f"{BLOGS.url}?limit=1", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304


# --- What is refused -------------------------------------------------------------------


def refused(client: Any, url: str, **params: Any) -> dict[str, list[str]]:
    response = client.get(url, params)
    assert response.status_code == 422, response.content
    return response.json()["meta"]["errors"]


def test_one_that_was_cut_or_changed_is_refused_by_name(anyone):
    BLOGS.store(2)
    cursor = cursor_of(anyone, f"{BLOGS.url}?limit=1")
    cut = [cursor[:end] for end in range(1, len(cursor))]
    more = [f"{cursor}x", f"x{cursor}", f"{cursor}.", cursor.upper(), cursor.replace(".", ":")]
    for wrong in cut[::7] + cut[-3:] + more:
        assert list(refused(anyone, BLOGS.url, cursor=wrong)) == ["cursor"], wrong


def test_that_of_another_list_is_refused(anyone):
    BLOGS.store(2)
    RESOURCES["gallery"].store(2)
    cursor = cursor_of(anyone, f"{BLOGS.url}?limit=1")
    assert list(refused(anyone, "/api/v1/gallery", cursor=cursor)) == ["cursor"]


@pytest.mark.parametrize("signer", [Signer(sep="."), Signer(key="x", sep=".")])
@pytest.mark.parametrize("value", [{"$gt": ""}, ["-created_at", {"$ne": None}, "x"], "x" * 10_000])
def test_one_that_somebody_else_made_is_refused(anyone, signer, value):
    assert list(refused(anyone, BLOGS.url, cursor=signer.sign_object(value))) == ["cursor"]


def test_one_of_another_form_of_ours_is_refused(anyone):
    """Signed, but with other contents: as an earlier or later version of the service has it."""
    signer = cursors._signer("blogs")
    for value in ({}, {"ordering": "-title"}, {"place": 1, "id": 2, "value": 3}):
        cursor = signer.sign_object(value, serializer=cursors._Bson)
        assert list(refused(anyone, BLOGS.url, cursor=cursor)) == ["cursor"]
    [key] = BLOGS.store()
    for ordering in ("password", "-author_id", "--title", ""):
        cursor = cursors.written(Position(ordering, START, key), "blogs")
        assert list(refused(anyone, BLOGS.url, cursor=cursor)) == ["cursor"]


def test_it_excludes_skip(anyone):
    BLOGS.store(2)
    cursor = cursor_of(anyone, f"{BLOGS.url}?limit=1")
    for skip in ("0", "1"):
        assert refused(anyone, BLOGS.url, cursor=cursor, skip=skip).keys() == {"cursor", "skip"}
    assert anyone.get(BLOGS.url, {"cursor": cursor, "skip": ""}).status_code == 200


def test_it_goes_on_in_its_own_order(anyone):
    BLOGS.store(3)
    cursor = cursor_of(anyone, f"{BLOGS.url}?limit=1&ordering=title")
    assert list(refused(anyone, BLOGS.url, cursor=cursor, ordering="-title")) == ["cursor"]
    alone = anyone.get(BLOGS.url, {"cursor": cursor}).json()["data"]
    assert alone == anyone.get(BLOGS.url, {"cursor": cursor, "ordering": "title"}).json()["data"]
    assert len(alone) == 2
