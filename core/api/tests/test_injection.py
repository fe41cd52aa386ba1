"""No operator and no private field reaches the database, through any list.

Every list's parameters, as they are declared, meet every hostile value. For `search`, a tag or
a slug hostile text may be legal text: there it must be harmless, and find what its words say.
"""

import pytest
from bson import ObjectId
from django.http import QueryDict

from content.tests.resources import RESOURCES
from core.api import cursors
from core.api.tests.lists import LISTS, parameters_of, texts_of
from core.database.positions import Position

VALUES = [
    '{"$ne": null}',
    '{"$gt": ""}',
    "$where",
    "[$ne]",
    "[]",
    "author.email",
    "__class__",
    "id__gt",
    "password",
    "author_id",
    "search_words",
    "(x+)+$",
    "^.*$",
    "\x00",
    "title\x00",
    "-1",
    "1e999",
    "9" * 400,
    "0x10",
    "true\n",
    "None",
    "undefined",
    "'; drop table",
    "ObjectId('5f0000000000000000000000')",
    "\u202e",
    "\ufeff1",
]
NAMES = [
    "$where",
    "$or",
    "filter",
    "where",
    "password",
    "password__startswith",
    "author_id",
    "search_words",
    "email_key",
    "__class__",
    "title[$ne]",
    "title__regex",
    "author.password",
    "author[]",
    "limit[]",
    "skip ",
    "Skip",
    "_id",
    "id",
    "page",
    "format",
    "_method",
    "title",
    "\x00",
    "",
    "a" * 500,
]


@pytest.fixture(
    params=[
        # The one with the most filters; the deep run asks the others too.
        pytest.param(name, marks=pytest.mark.deep if name in {*RESOURCES} - {"programs"} else [])
        for name in LISTS
    ]
)
def name(request):
    return request.param


@pytest.fixture
def ask(name, admin):
    """Asks a list; gives status and answer, less what differs between any two requests."""

    def get(query):
        response = admin.client.get(f"/api/v1/{name}?{query}")
        body = response.json()
        if response.status_code == 422:
            assert body["meta"].pop("request_id")
        return response.status_code, body

    return get


def encoded(*pairs):
    params = QueryDict(mutable=True)
    for key, value in pairs:
        params.appendlist(key, value)
    return params.urlencode()


def fill(name):
    """Documents of which a hostile value might hit one."""
    if name in RESOURCES:
        hostile = {"title": "password", "name": "password", "author": "owner@lsa.example"}
        RESOURCES[name].store(2, **hostile)


def cursor(name):
    """One that the service would make."""
    listing, collection = LISTS[name], "events" if name == "activity" else name
    return cursors.written(Position(listing.orderings[0], None, ObjectId()), collection)


def test_a_hostile_value_is_refused_alike_whether_it_hits_or_misses(name, ask):
    parameters = set(parameters_of(LISTS[name])) - set(texts_of(LISTS[name]))
    queries = [encoded((each, value)) for each in parameters for value in VALUES]
    missed = {query: ask(query) for query in queries}
    assert [query for query, (status, _) in missed.items() if status != 422] == []
    if name in RESOURCES:
        fill(name)
        assert [query for query in queries if ask(query) != missed[query]] == []


def test_a_refusal_names_the_parameter_and_nothing_else(name, ask):
    for each in set(parameters_of(LISTS[name])) - {"search", "tag"}:
        _, body = ask(encoded((each, "$ne")))
        assert list(body["meta"]["errors"]) == [each]


def test_hostile_text_to_search_for_is_harmless(name, ask):
    if "search" not in parameters_of(LISTS[name]):
        assert ask("search=kopi")[0] == 422
        return
    fill(name)
    for value in VALUES:
        status, body = ask(encoded(("search", value)))
        refused = "\x00" in value or "\n" in value or len(value) > 200
        assert status == (422 if refused else 200), value
        expected = name in RESOURCES and value == "password"
        assert refused or bool(body["data"]) == expected, value


def test_any_other_text_is_harmless_too(name, ask):
    fill(name)
    for each in set(texts_of(LISTS[name])) - {"search"}:
        for value in VALUES:
            status, body = ask(encoded((each, value)))
            assert (status, body["data"]) in ((200, []), (422, None)), value


def test_an_unknown_name_is_refused_with_what_is_allowed(name, ask):
    missed = {each: ask(encoded((each, "1"))) for each in NAMES}
    for each, (status, body) in missed.items():
        assert status == 422, each
        [(told, messages)] = body["meta"]["errors"].items()
        assert told == each[:100]
        assert LISTS[name].filters[-1].name in messages[0]
    if name in RESOURCES:
        fill(name)
        assert {each: ask(encoded((each, "1"))) for each in NAMES} == missed


def test_a_repeated_parameter_is_refused(name, ask):
    good = {"skip": "0", "limit": "1", "count": "true", "fields": "id", "search": "a"}
    good |= {
        "ordering": LISTS[name].orderings[0],
        "is_active": "true",
        "is_admin": "true",
        "role": "all",
    }
    good |= {"author": "a@lsa.example", "program_type": "all", "state": "published"}
    good |= {"ids": "0" * 24, "slug": "a", "tag": "a", "cursor": cursor(name)}
    good |= {"actor": "0" * 24, "object_id": "0" * 24, "type": "a", "resource": "a"}
    for each in parameters_of(LISTS[name]):
        value = good.get(each, "2024-01-01")
        assert ask(encoded((each, value)))[0] == 200, each
        for second in (value, "", "$ne"):
            status, body = ask(encoded((each, value), (each, second)))
            assert status == 422, each
            assert list(body["meta"]["errors"]) == [each]


def test_no_answer_shows_a_password(ask):
    for query in ("", "fields=id", "search=password", "fields=password", "ordering=password"):
        assert "$2b$" not in str(ask(query))
