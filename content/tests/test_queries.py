"""How much the database is asked."""

import pytest

from content.tests.resources import cases
from core.database import connection
from core.database.tests.commands import sent_commands

pytestmark = pytest.mark.wire


@pytest.fixture(params=cases("programs"))
def resource(request):
    """One code reads all."""
    return request.param


@pytest.fixture(autouse=True)
def listening(database):
    """The driver takes listeners when it connects."""
    connection.disconnect()


def commands(client, url):
    client.get(url)  # whatever is only asked once
    with sent_commands() as sent:
        response = client.get(url)
    assert response.status_code == 200
    return [next(iter(command)) for command in sent]


@pytest.mark.parametrize("number", [0, 1, 3, 60])
def test_a_list_is_one_query_whatever_its_length(resource, anyone, number):
    resource.store(number)
    assert commands(anyone, f"{resource.url}?limit=50&count=false") == ["find"]
    counted = ["find", "aggregate"] if number > 50 else ["find"]
    assert commands(anyone, f"{resource.url}?limit=50") == counted


def test_filters_and_search_ask_no_more(resource, anyone):
    resource.store(5)
    query = "search=judul&author=owner@lsa.example&created_after=2020-01-01&ordering=updated_at"
    assert commands(anyone, f"{resource.url}?{query}&limit=2") == ["find", "aggregate"]
    assert commands(anyone, f"{resource.url}?{query}&skip=2&limit=3") == ["find"]


def test_a_page_further_on_is_one_query_too(resource, anyone):
    resource.store(5)
    link = anyone.get(f"{resource.url}?limit=2&count=false").json()["meta"]["next"]
    assert commands(anyone, link) == ["find"]
    link = anyone.get(f"{resource.url}?limit=2").json()["meta"]["next"]
    assert commands(anyone, link) == ["find", "aggregate"]


def test_an_item_is_one_query(resource, anyone):
    [key] = resource.store()
    assert commands(anyone, resource.item(key)) == ["find"]


def test_a_refusal_asks_nothing(resource, anyone):
    with sent_commands() as sent:
        assert anyone.get(f"{resource.url}?x=1").status_code == 422
        assert anyone.get(resource.item("x")).status_code == 400
    assert sent == []


def test_a_body_that_is_too_large_asks_nothing(resource, owner, settings):
    with sent_commands() as sent:
        response = owner.client.post(
            resource.url, b"x", content_type="application/json", CONTENT_LENGTH="99999999"
        )
    assert response.status_code == 400
    assert sent == []
