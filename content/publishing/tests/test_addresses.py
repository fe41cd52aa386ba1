"""Where the site shows an item."""

from bson import ObjectId

from content.publishing.addresses import address

KEY = ObjectId("5f0000000000000000000000")


def test_an_item_is_found_by_its_slug_on_the_site(settings):
    settings.SITE_URL = "https://lsa.example/id"
    settings.SITE_PATHS = {"blogs": "/artikel/{slug}.html"}
    raw = {"_id": KEY, "slug": "beras-naik"}
    assert address("blogs", raw) == "https://lsa.example/id/artikel/beras-naik.html"


def test_without_a_slug_it_is_found_by_its_id():
    for raw in ({"_id": KEY}, {"_id": KEY, "slug": None}):
        assert address("blogs", raw) == f"http://127.0.0.1:8000/blogs/{KEY}"


def test_another_resource_has_the_usual_path():
    assert address("news", {"_id": KEY, "slug": "a"}) == "http://127.0.0.1:8000/news/a"
