"""A text shows pictures of this service, and brings none back that others took away."""

import pytest

from accounts.roles import Role
from conftest import join
from content.publishing import text
from content.tests.resources import JSON, RESOURCES
from core.database.indexes import ensure_indexes

BLOGS, GALLERY = RESOURCES["blogs"], RESOURCES["gallery"]


@pytest.fixture
def photo(owner):
    return GALLERY.create(owner.client)


@pytest.fixture
def taken(photo, owner, anyone):
    """The address of a picture that its owner took to the trash."""
    assert owner.client.delete(GALLERY.item(photo["id"])).status_code == 200
    assert anyone.get(photo["image"]).status_code == 404
    return photo["image"]


def article(person, address, **fields):
    return BLOGS.create(person.client, content=f"![Pasar]({address})", **fields)


def test_naming_a_picture_that_another_took_away_brings_nothing_back(taken, stranger, anyone):
    for fields in ({}, {"status": "draft"}):
        item = article(stranger, taken, **fields)
        assert anyone.get(taken).status_code == 404
        other = BLOGS.create(stranger.client)
        text_of = {"content": f"Lihat: ![Pasar]({taken})"}
        assert stranger.client.patch(BLOGS.item(other["id"]), text_of, **JSON).status_code == 200
        back = f"{BLOGS.item(item['id'])}/revisions/1/restore"
        assert stranger.client.post(back, {}, **JSON).status_code == 200
        assert anyone.get(taken).status_code == 404


def test_nor_does_rendering_its_text_anew(taken, stranger, anyone, monkeypatch):
    item = article(stranger, taken)
    monkeypatch.setattr(text, "VERSION", text.VERSION + 1)
    ensure_indexes()
    stranger.client.patch(BLOGS.item(item["id"]), {"title": "Judul lain"}, **JSON)
    assert anyone.get(taken).status_code == 404
    raw = BLOGS.collection().find_one({"slug": item["slug"]})
    assert (raw["text_version"], raw["text_pictures"]) == (text.VERSION, [])


def test_its_owner_and_editors_bring_it_back_so(photo, taken, owner, anyone):
    editor = join("editor", role=Role.EDITOR)
    for person in (owner, editor):
        item = article(person, taken)
        assert anyone.get(taken).status_code == 200
        assert person.client.delete(BLOGS.item(item["id"])).status_code == 200
        assert anyone.get(taken).status_code == 404


def test_what_is_public_is_shown_and_held_by_whoever_names_it(photo, owner, stranger, anyone):
    item = article(stranger, photo["image"])
    owner.client.delete(GALLERY.item(photo["id"]))
    assert anyone.get(photo["image"]).status_code == 200
    # The text still shows it after a change, and again in a version to which it returns.
    path = BLOGS.item(item["id"])
    stranger.client.patch(path, {"content": f"Lagi: ![Pasar]({photo['image']})"}, **JSON)
    assert anyone.get(photo["image"]).status_code == 200
    stranger.client.patch(path, {"content": "Tanpa gambar."}, **JSON)
    assert anyone.get(photo["image"]).status_code == 404
    assert stranger.client.post(f"{path}/revisions/1/restore", {}, **JSON).status_code == 200
    assert anyone.get(photo["image"]).status_code == 200
