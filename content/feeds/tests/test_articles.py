"""The Atom feed, as feed readers read it."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest

from content.publishing import states
from content.tests.resources import RESOURCES
from core.times import now

BLOGS = RESOURCES["blogs"]
URL = "/api/v1/blogs.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
# What RFC 4287 demands of a feed (4.1.1) and of an entry (4.1.2), once each.
DEMANDED = ("id", "title", "updated")
SOME_DAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def store(**fields):
    """A public article of this service."""
    given = {"status": "published", "published_at": SOME_DAY, "visible_from": SOME_DAY}
    given |= {"updated_at": SOME_DAY, "excerpt": "Ringkas.", "author_name": "Sari Dewi"}
    [key] = BLOGS.store(**(given | fields))
    return key


def entries(client):
    return parsed(client).entries


def parsed(client):
    response = client.get(URL)
    assert response.status_code == 200, response.content
    found = feedparser.parse(response.content)
    assert not found.bozo
    return found


def test_an_article_is_told_with_its_page_on_the_site(anyone, settings):
    settings.SITE_URL = "https://lsa.example"
    settings.SITE_PATHS = settings.SITE_PATHS | {"blogs": "/artikel/{slug}"}
    store(
        title="Beras <naik> & “turun”",
        slug="beras-naik",
        excerpt="Harga & <b>",
        tags=["Pangan", "Kota & desa"],
        updated_at=SOME_DAY + timedelta(days=1),
    )
    [entry] = entries(anyone)
    assert entry.title == "Beras <naik> & “turun”"
    assert entry.link == "https://lsa.example/artikel/beras-naik"
    assert entry.summary == "Harga &amp; &lt;b&gt;"
    assert entry.author == "Sari Dewi"
    assert [tag.term for tag in entry.tags] == ["Pangan", "Kota & desa"]
    assert entry.published_parsed[:5] == (2026, 3, 1, 9, 30)
    assert entry.updated_parsed[:5] == (2026, 3, 2, 9, 30)


def test_an_entry_keeps_its_id_when_its_page_moves(anyone, settings):
    key = store(slug="dulu")
    [before] = entries(anyone)
    BLOGS.collection().update_one({"_id": key}, {"$set": {"slug": "kini"}})
    settings.SITE_URL = "https://baru.example"
    [after] = entries(anyone)
    assert after.link == "https://baru.example/blogs/kini"
    assert after.id == before.id
    assert after.id.startswith("urn:uuid:")


def test_without_a_slug_its_page_is_found_by_its_id(anyone):
    key = store()
    assert entries(anyone)[0].link.endswith(f"/blogs/{key}")


def test_what_is_not_public_is_not_told(anyone):
    shown = store(title="Tampil")
    later = now() + timedelta(hours=1)
    for hidden in (states.DRAFT, states.TRASHED, later):
        store(title="Rahasia", visible_from=hidden)
    assert [entry.link.rpartition("/")[2] for entry in entries(anyone)] == [str(shown)]
    assert b"Rahasia" not in anyone.get(URL).content


def test_the_newest_come_first_and_so_many_at_most(anyone):
    for number in range(52):
        store(title=f"Artikel {number:02}", visible_from=SOME_DAY + timedelta(minutes=number))
    titles = [entry.title for entry in entries(anyone)]
    assert titles == [f"Artikel {number:02}" for number in range(51, 1, -1)]


def test_an_article_of_the_earlier_service_is_told_without_its_authors_address(anyone):
    BLOGS.collection().insert_one({"title": "Lama", "content": "Isi", "author": "tono@lsa.example"})
    [entry] = entries(anyone)
    assert entry.title == "Lama"
    assert b"@" not in anyone.get(URL).content


def test_a_name_that_is_an_address_is_not_told(anyone):
    store(author_name="sari@lsa.example")
    assert b"@" not in anyone.get(URL).content


@pytest.mark.parametrize("title", ["a\x00b", "a\x0bb", "a\ufffeb", "a\u202eb", "a\nb", 7, None])
def test_what_no_xml_may_hold_is_left_out(anyone, title):
    BLOGS.collection().insert_one({"title": title, "content": "x", "created_at": "kemarin"})
    [entry] = entries(anyone)
    assert entry.title


def test_it_has_what_the_specification_demands(anyone, settings):
    store(slug="satu")
    store(slug="dua", author_name=None)
    feed = ElementTree.fromstring(anyone.get(URL).content)
    assert feed.tag == f"{ATOM}feed"
    for parent in (feed, *feed.iter(f"{ATOM}entry")):
        for name in DEMANDED:
            [element] = parent.findall(f"{ATOM}{name}")
            assert element.text
    # Entries without an author have the feed's (4.2.1).
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == 3
    for moment in (*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")):
        assert datetime.fromisoformat(moment.text).tzinfo
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": f"{settings.SITE_URL}/",
        "self": f"{settings.PUBLIC_URL}/api/v1/blogs.atom",
    }


def test_while_there_is_nothing_it_is_the_same_all_the_time(anyone):
    assert entries(anyone) == []
    assert anyone.get(URL)["ETag"] == anyone.get(URL)["ETag"]
