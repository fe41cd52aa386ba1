"""Whoever is killed while they change an item leaves the change with all that is recorded of it, or
nothing of it."""

import pytest

from accounts.credentials.sessions import Principal
from content import services
from content.documents import Blog
from content.pictures.documents import FileCheck
from content.pictures.tests import rule
from content.publishing.revisions import Revision
from core.events import Event

pytestmark = pytest.mark.wire  # mongomock has no transactions


def change(actor, raw):
    values = {"title": "Judul lain", "slug": "lain", "tags": ["a"]}
    services.change(Blog, raw, values, actor=actor, check=accept)


def trash(actor, raw):
    services.trash(Blog, raw["_id"], actor=actor, check=accept)


def restore(actor, raw):
    services.restore(Blog, raw["_id"], actor=actor, check=accept)


def remove(actor, raw):
    services.remove(Blog, raw["_id"], actor=actor, check=accept)


def go_back(actor, raw):
    services.restore_revision(Blog, raw["_id"], 1, actor=actor, check=accept)


def accept(raw):
    """The check that lets every state pass."""


BEFORE = {restore: trash, go_back: change}


@pytest.mark.parametrize(
    "work", [change, trash, restore, remove, go_back], ids=lambda w: w.__name__
)
def test_a_change_killed_at_any_step_is_recorded_whole_or_not_at_all(owner, work):
    actor = Principal(owner.raw, owner.raw["_id"])

    def begin_anew():
        for document in (Blog, Revision, Event, FileCheck):
            document.collection().delete_many({})
        raw = services.create(Blog, {"title": "Judul", "content": "Isi."}, author=actor)
        if work in BEFORE:
            BEFORE[work](actor, raw)
        return lambda: work(actor, Blog.collection().find_one())

    kills = 0
    for _ in rule.kills(begin_anew):
        kills += 1
        assert_recorded()
    assert kills > 3


def assert_recorded():
    """As many versions and events as changes: the first two tell of the creation."""
    raw = Blog.collection().find_one()
    versions = sorted(each["version"] for each in Revision.collection().find())
    told = [each["type"] for each in Event.collection().find(sort=[("_id", 1)])]
    assert told[:2] == ["blog.created", "blog.published"]
    if raw is None:
        assert (versions, told[2:]) == ([], ["blog.deleted"])
    else:
        assert versions == list(range(1, raw["version"] + 1))
        assert len(told) == raw["version"] + 1
