"""The history of an item: who changed what, and the way back."""

import pytest

from content.pictures.tests.media import photograph, stored_files
from content.publishing.revisions import Revision
from content.tests.resources import FORM, JSON, RESOURCES

BLOGS = RESOURCES["blogs"]


def history(person, resource, key):
    response = person.client.get(f"{resource.item(key)}/revisions")
    assert response.status_code == 200, response.content
    return response.json()["data"]


def change(person, resource, key, **values):
    response = person.client.patch(resource.item(key), values, **JSON)
    assert response.status_code == 200, response.content
    return response.json()["data"]


def go_back(person, resource, key, version, **headers):
    return person.client.post(f"{resource.item(key)}/revisions/{version}/restore", **headers)


def test_every_change_says_who_when_and_what(resource, owner, editor, clock):
    item = resource.create(owner.client)
    clock.advance(hours=1)
    change(editor, resource, item["id"], **{resource.title: "Judul lain", "tags": ["a"]})
    clock.advance(hours=1)
    change(owner, resource, item["id"], status="draft")
    owner.client.delete(resource.item(item["id"]))
    trash, draft, edit, first = history(owner, resource, item["id"])
    assert [each["version"] for each in (trash, draft, edit, first)] == [4, 3, 2, 1]
    assert edit["by"] == {"id": editor.id, "name": "editor"}
    assert set(edit["fields"]) == {resource.title, "tags"}
    assert (edit["status"], edit["at"]) == ("published", clock.at(hours=-1))
    assert (draft["fields"], draft["status"]) == (["status"], "draft")
    assert (trash["fields"], trash["status"]) == (["status"], "trashed")
    assert first["by"]["id"] == owner.id


def test_what_changes_nothing_leaves_none(resource, owner):
    item = resource.create(owner.client)
    change(owner, resource, item["id"], **{resource.title: item[resource.title]})
    assert len(history(owner, resource, item["id"])) == 1


def test_a_version_shows_the_item_as_it_was(resource, owner):
    item = resource.create(owner.client, **{resource.text: "Teks **lama** yang cukup."})
    change(owner, resource, item["id"], **{resource.text: "Teks baru yang cukup panjang."})
    response = owner.client.get(f"{resource.item(item['id'])}/revisions/1")
    assert response["Cache-Control"] == "private, no-store"
    shown = response.json()["data"]
    assert shown["version"] == 1
    unchanged = item.keys() - {"etag", "updated_at"}
    assert {key: shown["item"][key] for key in unchanged} == {key: item[key] for key in unchanged}


def test_the_first_change_of_an_earlier_item_keeps_what_it_was(resource, admin):
    picture = {resource.picture: "/static/uploads/lama.jpg"}
    earlier = resource.body | picture | {resource.title: "Judul asli"}
    key = resource.collection().insert_one(earlier).inserted_id
    change(admin, resource, key, **{resource.title: "Judul baru"})
    after, before = history(admin, resource, key)
    assert (before["version"], before["by"], before["fields"]) == (0, None, [])
    assert (after["version"], set(after["fields"])) == (1, {resource.title, "slug"})
    assert go_back(admin, resource, key, 0).json()["data"][resource.title] == "Judul asli"


def test_going_back_is_a_change_like_any_other(resource, owner):
    texts = {resource.title: "Judul lama", "tags": ["a", "b"], f"{resource.picture}_alt": "Sawah"}
    item = resource.create(owner.client)
    old = change(owner, resource, item["id"], **texts)
    change(owner, resource, item["id"], **dict.fromkeys((f"{resource.picture}_alt",)))
    change(owner, resource, item["id"], **{resource.title: "Judul baru", "tags": []})
    response = go_back(owner, resource, item["id"], 2)
    assert response.status_code == 200
    shown = response.json()["data"]
    assert {name: shown[name] for name in texts} == {name: old[name] for name in texts}
    assert shown["version"] == 5
    assert history(owner, resource, item["id"])[0]["version"] == 5
    [found] = owner.client.get(f"{resource.url}?search=lama").json()["data"]
    assert found["id"] == item["id"]


def test_publication_address_and_author_stay(owner, editor, anyone):
    item = BLOGS.create(owner.client, slug="satu", status="draft", title="Satu sekali")
    change(owner, BLOGS, item["id"], slug="dua", status="published", title="Dua kali")
    shown = go_back(editor, BLOGS, item["id"], 1).json()["data"]
    assert shown["title"] == "Satu sekali"
    assert (shown["slug"], shown["status"], shown["author"]) == ("dua", "published", owner.email)
    assert anyone.get(BLOGS.item(item["id"])).status_code == 200


def test_a_picture_of_a_version_is_kept_and_comes_back(resource, owner, anyone):
    item = resource.create(owner.client, **{resource.picture: photograph()})
    first = stored_files()
    new = {resource.picture: photograph(320, 200)}
    replaced = owner.client.patch(resource.item(item["id"]), new, **FORM).json()["data"]
    assert anyone.get(item[resource.picture]).status_code == 404
    back = go_back(owner, resource, item["id"], 1).json()["data"]
    assert back[resource.picture] == item[resource.picture]
    assert back[f"{resource.picture}_meta"] == item[f"{resource.picture}_meta"]
    assert stored_files() == first
    assert anyone.get(item[resource.picture]).status_code == 200
    assert anyone.get(replaced[resource.picture]).status_code == 404


@pytest.mark.parametrize(
    ("resource", "wrong"),
    [
        (BLOGS, {"title": "UI"}),
        (BLOGS, {"title": "Judul\x07 berdering"}),
        (BLOGS, {"content": "Isi \u202e terbalik"}),
        (RESOURCES["partners"], {"website_url": "javascript:alert(1)"}),
    ],
    ids=["short", "control character", "direction", "scheme"],
)
def test_what_would_not_be_accepted_today_is_not_gone_back_to(admin, resource, wrong):
    earlier = resource.body | {resource.picture: "/static/uploads/lama.jpg"} | wrong
    key = resource.collection().insert_one(earlier).inserted_id
    [(name, _value)] = wrong.items()
    change(admin, resource, key, **{name: resource.body[name]})
    before = resource.collection().find_one()
    response = go_back(admin, resource, key, 0)
    assert response.status_code == 422
    assert [*response.json()["meta"]["errors"]] == [name]
    assert resource.collection().find_one() == before


def test_what_was_never_changed_is_no_hindrance(admin):
    key = BLOGS.collection().insert_one(BLOGS.body | {"title": "UI"}).inserted_id
    change(admin, BLOGS, key, content="Isi yang lain.")
    assert go_back(admin, BLOGS, key, 0).json()["data"]["content"] == BLOGS.body["content"]


def test_an_earlier_text_is_plain_in_its_version_too(admin):
    text = "Harga *2.000*\n\n# bukan judul"
    key = BLOGS.collection().insert_one(BLOGS.body | {"content": text}).inserted_id
    shown = admin.client.get(BLOGS.item(key)).json()["data"]
    change(admin, BLOGS, key, title="Judul yang lain")
    revision = admin.client.get(f"{BLOGS.item(key)}/revisions/0").json()["data"]["item"]
    for name in ("content", "content_html", "excerpt"):
        assert revision[name] == shown[name]
    assert "<h1>" in admin.client.get(BLOGS.item(key)).json()["data"]["content_html"]


def test_a_stale_tag_holds_it_up(resource, owner):
    item = resource.create(owner.client)
    change(owner, resource, item["id"], **{resource.title: "Judul lain"})
    response = go_back(owner, resource, item["id"], 1, HTTP_IF_MATCH=item["etag"])
    assert response.status_code == 412
    assert resource.collection().find_one()["version"] == 2


@pytest.mark.parametrize("version", ["2", "99999999999999999999", "0"])
def test_a_version_that_is_not_there_is_not_found(resource, owner, version):
    item = resource.create(owner.client)
    path = f"{resource.item(item['id'])}/revisions/{version}"
    assert owner.client.get(path).status_code == 404
    assert owner.client.post(f"{path}/restore").status_code == 404
    assert resource.collection().find_one()["version"] == 1


def test_it_is_for_those_who_may_change_the_item(resource, owner, stranger, editor, anyone):
    item = resource.create(owner.client)
    path = f"{resource.item(item['id'])}/revisions"
    for each in (path, f"{path}/1"):
        assert editor.client.get(each).status_code == 200
        assert stranger.client.get(each).status_code == 403
        assert anyone.get(each).status_code == 401
    change(owner, resource, item["id"], status="draft")
    assert stranger.client.get(path).status_code == 404
    assert go_back(stranger, resource, item["id"], 1).status_code == 404


def test_the_newest_stay_and_pictures_of_others_go(resource, owner, settings):
    settings.REVISIONS_KEPT = 2
    item = resource.create(owner.client, **{resource.picture: photograph()})
    new = {resource.picture: photograph(320, 200)}
    owner.client.patch(resource.item(item["id"]), new, **FORM)
    change(owner, resource, item["id"], tags=["satu"])
    assert [each["version"] for each in history(owner, resource, item["id"])] == [3, 2]
    stored = resource.collection().find_one()
    pictures = {name for raw in Revision.collection().find() for name in raw["pictures"]}
    assert pictures == {stored[resource.picture]}
