"""The sitemap, against the schema of its protocol."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from content.feeds import pages
from content.publishing import states
from content.tests.resources import RESOURCES
from core.times import now

URL = "/api/v1/sitemap.xml"
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SOME_DAY = datetime(2026, 3, 1, tzinfo=UTC)
PUBLIC = {"status": "published", "published_at": SOME_DAY, "visible_from": SOME_DAY}


@cache
def protocol():
    return xmlschema.XMLSchema(Path(__file__).with_name("sitemap.xsd"))


def locations(client):
    response = client.get(URL)
    assert response.status_code == 200, response.content
    protocol().validate(response.content.decode())
    found = ElementTree.fromstring(response.content)
    return [each.text for each in found.iter(f"{NAMESPACE}loc")]


def test_every_public_item_of_every_kind_is_there(anyone, settings):
    settings.SITE_URL = "https://lsa.example:8443/id"
    settings.SITE_PATHS = settings.SITE_PATHS | {"blogs": "/artikel/{slug}/"}
    expected = set()
    for name, resource in RESOURCES.items():
        [key] = resource.store(**PUBLIC)
        resource.store(slug="satu", **PUBLIC)
        path = "artikel/{}/" if name == "blogs" else f"{name}/{{}}"
        expected |= {f"https://lsa.example:8443/id/{path.format(last)}" for last in (key, "satu")}
    found = locations(anyone)
    assert set(found) == expected
    assert len(found) == len(expected)


def test_what_is_not_public_is_absent(anyone, resource):
    for hidden in (states.DRAFT, states.TRASHED, now() + timedelta(hours=1)):
        resource.store(**(PUBLIC | {"visible_from": hidden}))
    assert locations(anyone) == []


def test_it_tells_when_something_new_was_to_be_seen(anyone):
    RESOURCES["blogs"].store(**PUBLIC, updated_at=SOME_DAY - timedelta(days=9))
    RESOURCES["gallery"].store(**PUBLIC, updated_at=SOME_DAY + timedelta(days=9))
    found = ElementTree.fromstring(anyone.get(URL).content)
    told = sorted(each.text for each in found.iter(f"{NAMESPACE}lastmod"))
    assert told == ["2026-03-01", "2026-03-10"]


def test_items_of_the_earlier_service_are_there_by_their_ids(anyone, settings):
    raw = {"title": "Lama", "slug": 7, "updated_at": "kemarin"}
    key = RESOURCES["blogs"].collection().insert_one(raw).inserted_id
    assert locations(anyone) == [f"{settings.SITE_URL}/blogs/{key}"]


def test_it_holds_as_many_as_the_protocol_allows(anyone, monkeypatch):
    assert pages.MOST == 50_000
    monkeypatch.setattr(pages, "MOST", 3)
    RESOURCES["programs"].store(2, **PUBLIC)
    RESOURCES["partners"].store(2, **PUBLIC)
    assert len(locations(anyone)) == 3


def test_a_site_that_moves_is_told_at_once(anyone, settings):
    RESOURCES["blogs"].store(slug="satu", **PUBLIC)
    assert locations(anyone) == ["http://127.0.0.1:8000/blogs/satu"]
    settings.SITE_URL = "https://lsa.example"
    assert locations(anyone) == ["https://lsa.example/blogs/satu"]


@pytest.mark.parametrize("host", ["evil.example", "localhost"])
def test_the_host_that_was_asked_for_has_no_say(anyone, settings, host):
    settings.ALLOWED_HOSTS = ["*"]
    RESOURCES["blogs"].store(slug="satu", **PUBLIC)
    for url in (URL, "/api/v1/blogs.atom", "/api/v1/programs.ics"):
        assert host.encode() not in anyone.get(url, HTTP_HOST=host).content
