"""What happens to content is recorded with it, once."""

import pytest

from content import steps
from content.publishing import journal
from content.tests.resources import JSON, RESOURCES
from core.database import transactions
from core.events import Event

BLOGS = RESOURCES["blogs"]
NOUNS = {"programs": "program", "blogs": "blog", "gallery": "gallery", "partners": "partner"}


def told(resource):
    """What was recorded of a kind of content since the last time, in order."""
    events = list(Event.collection().find({"resource": resource.name}, sort=[("_id", 1)]))
    Event.collection().delete_many({})
    assert all(each["type"].startswith(f"{NOUNS[resource.name]}.") for each in events)
    return [each["type"].partition(".")[2] for each in events]


def test_each_change_is_told_by_its_name(resource, owner, clock):
    item = resource.create(owner.client)
    path = resource.item(item["id"])
    assert told(resource) == ["created", "published"]
    for change, what in (
        ({resource.title: "Judul lain"}, "updated"),
        ({"status": "draft"}, "unpublished"),
        ({"tags": ["a"]}, "updated"),
        ({"status": "published"}, "published"),
        ({"published_at": clock.at(days=1)}, "unpublished"),
    ):
        owner.client.patch(path, change, **JSON)
        assert told(resource) == [what]
    owner.client.delete(path)
    owner.client.post(f"{path}/restore")
    owner.client.delete(f"{path}?permanently=true")
    assert told(resource) == ["deleted", "restored", "deleted"]


def test_a_draft_is_only_created(resource, owner):
    resource.create(owner.client, status="draft")
    assert told(resource) == ["created"]


def test_it_says_who_what_and_where(resource, owner, settings):
    item = resource.create(owner.client)
    event = Event.collection().find_one({"type": f"{NOUNS[resource.name]}.published"})
    assert event["actor"] == {"id": owner.raw["_id"], "name": "owner"}
    assert (str(event["object_id"]), event["title"]) == (item["id"], item[resource.title])
    assert event["data"] == {
        "slug": item["slug"],
        "version": 1,
        "status": "published",
        "url": f"{settings.SITE_URL}/{resource.name}/{item['slug']}",
    }


def test_what_falls_due_is_told_once(resource, owner, clock):
    resource.create(owner.client, published_at=clock.at(hours=1))
    assert told(resource) == ["created"]
    assert not steps.announce()
    clock.advance(hours=1)
    assert steps.announce()
    assert not steps.announce()
    event = Event.collection().find_one()
    assert event["type"].endswith(".published")
    assert event["actor"] is None
    assert resource.collection().find_one()["version"] == 1


def test_who_changes_it_before_it_was_told_tells_it(resource, owner, clock):
    item = resource.create(owner.client, published_at=clock.at(hours=1))
    clock.advance(hours=2)
    owner.client.patch(resource.item(item["id"]), {"tags": ["a"]}, **JSON)
    assert told(resource) == ["created", "published", "updated"]
    assert not steps.announce()


def test_what_is_hidden_before_its_time_is_never_told(resource, owner, clock):
    item = resource.create(owner.client, published_at=clock.at(hours=1))
    owner.client.patch(resource.item(item["id"]), {"status": "draft"}, **JSON)
    clock.advance(hours=2)
    assert not steps.announce()
    assert "published" not in told(resource)


def test_what_is_refused_is_not_told(resource, owner, stranger):
    item = resource.create(owner.client)
    told(resource)
    stranger.client.patch(resource.item(item["id"]), {resource.title: "Milikku"}, **JSON)
    owner.client.patch(resource.item(item["id"]), {"slug": "Bukan slug"}, **JSON)
    owner.client.patch(resource.item(item["id"]), {"slug": item["slug"]}, **JSON)
    assert told(resource) == []


@pytest.mark.parametrize("work", ["create", "change", "announce"])
def test_without_transactions_what_a_crash_left_is_copied_out(owner, clock, monkeypatch, work):
    monkeypatch.setattr(transactions, "has_transactions", lambda client: False)
    monkeypatch.setattr(steps, "has_transactions", lambda client: False)
    item = BLOGS.create(owner.client, published_at=clock.at(hours=1))
    told(BLOGS)
    clock.advance(hours=2)
    store = journal._store
    monkeypatch.setattr(journal, "_store", lambda *args: 1 / 0)
    if work == "create":
        BLOGS.post(owner.client, title="Judul kedua")
    elif work == "change":
        owner.client.patch(BLOGS.item(item["id"]), {"title": "Judul lain"}, **JSON)
    else:
        with pytest.raises(ZeroDivisionError):
            steps.announce()
    monkeypatch.setattr(journal, "_store", store)
    assert told(BLOGS) == []
    assert steps.copy_out()
    expected = {"create": ["created", "published"], "change": ["published", "updated"]}
    assert told(BLOGS) == expected.get(work, ["published"])
    assert BLOGS.collection().find_one({journal.PENDING: {"$exists": True}}) is None
