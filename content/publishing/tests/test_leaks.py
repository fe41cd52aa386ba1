"""Nothing tells the public whether there is more than it may see.

Everything is asked twice: of a database with hidden items, and of the same database without them.
The answers are the same to the last byte.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import pytest
from django.test import Client

from accounts.roles import Role
from conftest import PASSWORD, Person, join
from content.publishing.tests import asked, hidden
from content.publishing.tests.asked import Route
from content.publishing.tests.hidden import Known
from content.tests.resources import RESOURCES, Resource, cases

ID = {"HTTP_X_REQUEST_ID": "the-same-in-all"}
PAGE = {"HTTP_ACCEPT": "text/html"}
# A page's token is another each time.
TOKEN = re.compile(rb'(csrfmiddlewaretoken" value=")\w+')
BODIES = (b"{}", b'{"status": "published"}', b'{"no_such_field": 1}', b"{no JSON")


class Asker(NamedTuple):
    """Somebody, what they ask about, the ways they read, and whether with all values of each
    parameter or one."""

    client: Client
    known: Known
    methods: tuple[str, ...] = asked.READS
    every_value: bool = True


Key = tuple[Any, ...]
Answer = tuple[int, dict[str, str], bytes]
Answers = Iterator[tuple[Key, Answer]]


@pytest.fixture(params=cases("blogs"))
def resource(request):
    return request.param


@pytest.fixture(
    params=[False, pytest.param(True, marks=pytest.mark.deep)], ids=["briefly", "thoroughly"]
)
def thoroughly(request) -> bool:
    """Whether all is asked: addresses in both spellings, which lead to the same views, by
    everybody about every item, where who is answered like somebody else asks about one, and also
    about second versions, which most items have none of."""
    return request.param


@pytest.fixture
def routes(thoroughly) -> list[Route]:
    """What is asked."""
    found = asked.routes()
    return found if thoroughly else asked.in_one_spelling(found)


@pytest.fixture(autouse=True)
def public(owner, stranger) -> None:
    """What everybody sees, of which some is the stranger's."""
    for resource, person in product(RESOURCES.values(), (owner, stranger)):
        resource.create(person.client, tags="umum, terbuka")


@pytest.fixture
def contributor() -> Person:
    return join("contributor", role=Role.CONTRIBUTOR)


@pytest.fixture
def browser(stranger) -> Client:
    """The stranger's, logged in."""
    browser = Client()
    answer = browser.post("/login", {"username": "stranger", "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def test_no_read_of_a_resource_tells(
    resource, thoroughly, routes, owner, anyone, stranger, browser
):
    known = hide_some(resource, owner, thoroughly)
    known.cursors = list(hidden.cursors(resource, owner))
    people = {
        "anyone": Asker(anyone, known),
        "stranger": Asker(stranger.client, known),
        "browser": reader_of_pages(browser, known, thoroughly),
    }
    routes = [route for route in routes if is_of(resource, route)]
    statuses = assert_equal_without(known, lambda: reads(people, routes))
    assert statuses >= {200, 404, 422}


def test_no_other_route_tells(thoroughly, routes, owner, anyone, browser):
    known = Known(words=list(RESOURCES))
    for resource in RESOURCES.values():
        known.add(hidden.hide_some(resource, owner))
    known.cursors = [next(hidden.cursors(RESOURCES["blogs"], owner))]
    few = known.one_of_each()
    people = {
        "anyone": Asker(anyone, few),
        "browser": reader_of_pages(browser, few, thoroughly),
    }
    routes = [r for r in routes if not any(is_of(each, r) for each in RESOURCES.values())]
    assert_equal_without(known, lambda: reads(people, routes))


def test_no_write_tells(resource, thoroughly, routes, owner, anyone, stranger, contributor):
    known = hide_some(resource, owner, thoroughly)
    routes = [route for route in routes if is_of(resource, route) and route.names]
    few = known if thoroughly else known.one_of_each()
    people = {
        "anyone": Asker(anyone, few),
        "stranger": Asker(stranger.client, known),
        "contributor": Asker(contributor.client, few),
    }
    statuses = assert_equal_without(known, lambda: writes(people, routes))
    # No tag and no body was looked at; a malformed id is 400, a parameter that is not taken 422.
    assert statuses == {400, 401, 404, 405, 422}


def hide_some(resource: Resource, owner: Person, thoroughly: bool) -> Known:
    known = hidden.hide_some(resource, owner)
    return known if thoroughly else replace(known, versions=known.versions[:1])


def reader_of_pages(browser: Client, known: Known, thoroughly: bool) -> Asker:
    """A page shows the same data to the same person, and takes ten times as long."""
    if thoroughly:
        return Asker(browser, known)
    few = replace(known.one_of_each(), words=known.words[:1])
    return Asker(browser, few, ("get",), every_value=False)


def is_of(resource: Resource, route: Route) -> bool:
    return re.match(rf"(api/v1/)?{resource.name}(/|$)", route.path) is not None


def assert_equal_without(known: Known, ask: Callable[[], Answers]) -> set[int]:
    """The statuses of what was answered."""
    before = hidden.stored(known)
    found = dict(ask())
    assert hidden.stored(known) == before
    hidden.forget(known)
    expected = dict(ask())
    told = {key: (found[key], expected[key]) for key in found if found[key] != expected[key]}
    assert not told
    return {status for status, _headers, _body in found.values()}


# --- Asking ----------------------------------------------------------------------------


def reads(people: dict[str, Asker], routes: list[Route]) -> Answers:
    """The browser asks for pages, everybody else for data."""
    for (who, (client, known, methods, every_value)), route in product(people.items(), routes):
        if who != "anyone" and not route.path.startswith("api/v1"):
            continue
        looks = PAGE if who == "browser" else {}
        several = headers_of(known) if who == "anyone" and "get" in route.actions else []
        ways = [*((method, looks) for method in methods), *(("get", each) for each in several)]
        for address in dict.fromkeys(route.addresses(known)):
            for method, headers in ways:
                key = (who, method, address, *headers.items())
                yield key, answer_of(client, method, address, **headers)
            parameters = list(dict.fromkeys(route.parameters(known)))
            for name, value in parameters if every_value else dict(parameters).items():
                key = (who, address, name, value)
                yield key, answer_of(client, "get", address, {name: value}, **looks)


def writes(people: dict[str, Asker], routes: list[Route]) -> Answers:
    alone = [({}, body) for body in BODIES]
    for (who, (client, known, *_)), route, method in product(people.items(), routes, asked.WRITES):
        several = [*alone, *((headers, b"{}") for headers in preconditions(known))]
        ways = several if method in route.actions and who == "stranger" else alone[:1]
        for address in route.addresses(known):
            for headers, body in ways:
                key = (who, method, address, *headers.items(), body)
                headers = headers | {"content_type": "application/json"}
                yield key, answer_of(client, method, address, body, **headers)
            if method in route.actions:
                there = f"{address}?permanently=true"
                yield (who, method, there), answer_of(client, method, there)


def preconditions(known: Known) -> list[dict[str, str]]:
    tags = [*(item.tag for item in known.items), "*", '"another"', "no tag"]
    return [
        {"HTTP_IF_MATCH": ", ".join(tags[:-3])},
        *({"HTTP_IF_MATCH": tag} for tag in tags[-3:]),
        {"HTTP_IF_NONE_MATCH": ", ".join(tags[:-3])},
        {"HTTP_IF_NONE_MATCH": "*"},
    ]


def headers_of(known: Known) -> list[dict[str, str]]:
    return [
        *preconditions(known),
        {"HTTP_RANGE": "bytes=0-10"},
        {"HTTP_ACCEPT_LANGUAGE": "en"},
        {"HTTP_AUTHORIZATION": "Bearer bad"},
    ]


def answer_of(client: Client, method: str, address: str, *given: Any, **headers: Any) -> Answer:
    answer = getattr(client, method)(address, *given, **ID, **headers)
    body = TOKEN.sub(rb"\1", answer.getvalue())
    # Where it is sent, it says what time it is.
    answer.headers.pop("Expires", None)
    return answer.status_code, dict(answer.items()), body
