"""Addresses for people: made of titles, unique, and remembered where they were public."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import new_client
from content.publishing import slugs
from content.tests.resources import JSON, RESOURCES

BLOGS = RESOURCES["blogs"]


def rename(person, key, slug, **changes):
    return person.client.patch(BLOGS.item(key), {"slug": slug} | changes, **JSON)


def by_slug(client, slug):
    return client.get(f"{BLOGS.url}/by-slug/{slug}")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Catatan dari Banyuwangi", "catatan-dari-banyuwangi"),
        ("  Apa -- itu_ 'data'?  ", "apa-itu-data"),
        ("Đường về nhà", "duong-ve-nha"),
        ("مرحبا بكم", "mrhb-bkm"),
        ("ꦲꦏ꧀ꦱꦫ", "hksr"),
        ("!!! ???", None),
        ("", None),
        (None, None),
    ],
)
def test_a_slug_is_the_title_in_plain_letters(title, slug):
    assert slugs.made_from(title) == slug


def test_a_long_title_is_cut_between_words():
    slug = slugs.made_from("kata " * 40)
    assert slug == "-".join(["kata"] * 16)
    assert len(slugs.made_from("a" * 200)) == slugs.MAX_LENGTH


def test_the_same_title_is_numbered_also_after_those_that_were(resource, owner):
    title = {resource.title: "Judul yang sama"}
    made = [resource.create(owner.client, **title)["slug"] for _ in range(3)]
    assert made == ["judul-yang-sama", "judul-yang-sama-2", "judul-yang-sama-3"]


def test_a_numbered_slug_stays_within_its_length(owner):
    first, second = (BLOGS.create(owner.client, title="kata " * 30)["slug"] for _ in range(2))
    assert second.endswith("-2")
    assert len(first) <= slugs.MAX_LENGTH >= len(second)


def test_a_new_title_leaves_it(owner):
    item = BLOGS.create(owner.client)
    changed = owner.client.patch(BLOGS.item(item["id"]), {"title": "Lain sekali"}, **JSON)
    assert changed.json()["data"]["slug"] == item["slug"]


def test_where_nothing_is_left_of_a_title_there_is_none_until_there_is(owner):
    item = BLOGS.create(owner.client, title="?!?")
    assert item["slug"] is None
    assert "slug" not in BLOGS.collection().find_one()
    BLOGS.create(owner.client, title="!?!")  # no two of nothing clash
    changed = owner.client.patch(BLOGS.item(item["id"]), {"title": "Judul"}, **JSON)
    assert changed.json()["data"]["slug"] == "judul"


def test_null_asks_for_one_of_the_present_title(owner):
    item = BLOGS.create(owner.client, title="Judul lama", slug="lain")
    answer = rename(owner, item["id"], None, title="Judul baru")
    assert answer.json()["data"]["slug"] == "judul-baru"


@pytest.mark.parametrize("slug", ["Besar", "a b", "-a", "a-", "a--b", "é", "a" * 81, "a/b", "a_b"])
def test_what_is_no_slug_is_refused(owner, slug):
    response = BLOGS.post(owner.client, slug=slug)
    assert response.status_code == 422
    assert [*response.json()["meta"]["errors"]] == ["slug"]
    assert BLOGS.collection().count_documents({}) == 0


def test_one_that_another_item_has_is_taken(owner, stranger):
    BLOGS.create(owner.client, slug="dipakai", status="draft")
    response = BLOGS.post(stranger.client, slug="dipakai")
    assert response.status_code == 409
    assert response.json()["meta"]["code"] == "slug_taken"
    assert [*response.json()["meta"]["errors"]] == ["slug"]
    other = BLOGS.create(stranger.client)
    assert rename(stranger, other["id"], "dipakai").status_code == 409
    assert BLOGS.collection().count_documents({}) == 2


def test_other_resources_have_their_own(owner):
    BLOGS.create(owner.client, slug="sama")
    assert RESOURCES["programs"].create(owner.client, slug="sama")["slug"] == "sama"


def test_an_old_address_leads_to_the_present_one(owner, anyone):
    item = BLOGS.create(owner.client, slug="lama")
    rename(owner, item["id"], "baru")
    moved = by_slug(anyone, "lama")
    assert moved.status_code == 308
    assert moved["Location"] == f"{BLOGS.url}/by-slug/baru"
    assert moved["Cache-Control"] == "no-cache"
    assert by_slug(anyone, "baru").json()["data"]["id"] == item["id"]
    assert by_slug(anyone, "lain").status_code == 404


def test_back_and_forth_makes_no_loop(owner, anyone):
    item = BLOGS.create(owner.client, slug="a")
    for slug in ("b", "a"):
        assert rename(owner, item["id"], slug).status_code == 200
    assert by_slug(anyone, "a").status_code == 200
    assert by_slug(anyone, "b")["Location"].endswith("/a")


def test_what_never_was_public_is_not_remembered(owner, anyone):
    item = BLOGS.create(owner.client, slug="rahasia", status="draft")
    rename(owner, item["id"], "umum", status="published")
    assert by_slug(anyone, "rahasia").status_code == 404
    assert by_slug(anyone, "umum").status_code == 200


def test_an_address_outlives_a_time_as_a_draft(owner, anyone):
    item = BLOGS.create(owner.client, slug="lama")
    owner.client.patch(BLOGS.item(item["id"]), {"status": "draft"}, **JSON)
    assert by_slug(anyone, "lama").status_code == 404
    rename(owner, item["id"], "baru", status="published")
    assert by_slug(anyone, "lama")["Location"].endswith("/baru")


def test_a_former_one_can_be_taken_over_and_is_made_for_nobody(owner, stranger, anyone):
    item = BLOGS.create(owner.client, slug="kabar-kota")
    rename(owner, item["id"], "lain")
    assert BLOGS.create(stranger.client)["slug"] == "kabar-kota-2"
    taken = BLOGS.create(stranger.client, slug="kabar-kota")
    assert by_slug(anyone, "kabar-kota").json()["data"]["id"] == taken["id"]
    assert "kabar-kota" not in BLOGS.collection().find_one({"slug": "lain"})["former_slugs"]


def test_removal_frees_all_of_them(owner, anyone):
    item = BLOGS.create(owner.client, slug="lama")
    rename(owner, item["id"], "baru")
    owner.client.delete(BLOGS.item(item["id"]))
    assert BLOGS.post(owner.client, slug="baru").status_code == 409  # it may come back
    owner.client.delete(f"{BLOGS.item(item['id'])}?permanently=true")
    assert by_slug(anyone, "lama").status_code == 404
    assert BLOGS.create(owner.client, slug="baru")["slug"] == "baru"


def test_an_unpublished_item_is_found_by_its_owner_only(owner, stranger, anyone):
    BLOGS.create(owner.client, slug="draf", status="draft")
    assert by_slug(owner.client, "draf")["Cache-Control"] == "private, no-store"
    assert by_slug(stranger.client, "draf").status_code == 404
    assert by_slug(anyone, "draf").status_code == 404


def test_an_address_that_only_credentials_lead_on_from_is_kept_by_no_cache(owner, anyone):
    item = BLOGS.create(owner.client, slug="lama")
    rename(owner, item["id"], "baru", status="draft")
    moved = by_slug(owner.client, "lama")
    assert (moved.status_code, moved["Cache-Control"]) == (308, "private, no-store")
    assert by_slug(anyone, "lama").status_code == 404


@pytest.mark.wire
def test_rivals_of_one_title_all_get_an_address(owner):
    def create(_number):
        client = new_client()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {owner.tokens.access_token}")
        return BLOGS.post(client).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(create, range(12))) == {201}
    made = [raw["slug"] for raw in BLOGS.collection().find()]
    assert len(set(made)) == 12
