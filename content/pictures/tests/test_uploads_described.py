"""What an answer says about a picture, so that a front end can choose and reserve its place."""

import shutil
from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image

from content.pictures.tests import corpus
from content.pictures.tests.media import folder, photograph, upload
from content.tests.resources import RESOURCES


@pytest.mark.parametrize(
    ("width", "renditions", "choices"),
    [
        (1281, [320, 640, 960, 1280], [320, 640, 960, 1280]),
        (1280, [320, 640, 960], [320, 640, 960, 1280]),
        (800, [320, 640], [320, 640, 800]),
        (320, [], [320]),
    ],
)
def test_srcset_goes_up_to_the_sharpest_there_is(owner, width, renditions, choices):
    data = RESOURCES["blogs"].create(owner.client, image=photograph(width, width // 2))
    meta = data["image_meta"]
    assert [r["width"] for r in meta["renditions"]] == renditions
    urls = [r["url"] for r in meta["renditions"]]
    if len(choices) > len(renditions):
        urls.append(data["image"])
    expected = [f"{url} {width}w" for url, width in zip(urls, choices, strict=True)]
    assert meta["srcset"] == ", ".join(expected)


def test_srcset_has_the_original_of_what_is_too_tall_for_a_wide_rendition(owner):
    data = RESOURCES["blogs"].create(owner.client, image=photograph(1_400, 9_000))
    meta = data["image_meta"]
    assert [r["width"] for r in meta["renditions"]] == [320, 640]
    assert meta["srcset"].endswith(f", {data['image']} 1400w")


@pytest.mark.parametrize("frames", [1, 3])
def test_it_says_whether_a_picture_moves(resource, owner, frames):
    image = upload(corpus.gif(frames=frames))
    data = resource.create(owner.client, **{resource.picture: image})
    assert data[f"{resource.picture}_meta"]["animated"] == (frames > 1)
    assert resource.collection().find_one()[f"{resource.picture}_meta"]["animated"] == (frames > 1)


def test_it_tells_the_truth_about_the_files(resource, owner, anyone):
    content = corpus.jpeg(700, 400, orientation=6)
    data = resource.create(owner.client, **{resource.picture: upload(content)})
    meta = data[f"{resource.picture}_meta"]
    original = b"".join(anyone.get(data[resource.picture]).streaming_content)
    assert meta["size"] == len(original)
    assert (meta["width"], meta["height"]) == Image.open(BytesIO(original)).size == (700, 400)
    assert meta["format"] == "jpeg"
    assert len(meta["renditions"]) == 2
    for rendition in meta["renditions"]:
        response = anyone.get(rendition["url"])
        assert response["Content-Type"] == "image/webp"
        with Image.open(BytesIO(b"".join(response.streaming_content))) as image:
            assert image.format == "WEBP"
            assert image.size == (rendition["width"], rendition["height"])


def test_the_placeholder_is_a_tiny_picture_in_the_answer_itself(owner):
    meta = RESOURCES["blogs"].create(owner.client, image=photograph())["image_meta"]
    head, _, data = meta["placeholder"].partition(",")
    assert head == "data:image/webp;base64"
    assert max(Image.open(BytesIO(b64decode(data))).size) <= 8
    assert len(meta["placeholder"]) < 400


def test_lists_and_items_show_the_same_without_looking_at_the_files(resource, owner, anyone):
    data = resource.create(owner.client, **{resource.picture: photograph()})
    shutil.rmtree(folder())
    meta = f"{resource.picture}_meta"
    [listed] = anyone.get(resource.url).json()["data"]
    assert listed[meta] == data[meta]
    assert anyone.get(resource.item(data["id"])).json()["data"][meta] == data[meta]


def test_nothing_is_known_of_the_earlier_services_files(resource, anyone):
    image = "/static/uploads/20230101_120000_foto.jpg"
    [item] = resource.store(**{resource.picture: image})
    data = anyone.get(resource.item(item)).json()["data"]
    assert data[resource.picture] == image
    assert data[f"{resource.picture}_meta"] is None


def test_without_a_picture_there_is_nothing_to_describe(owner):
    data = RESOURCES["blogs"].create(owner.client)
    assert data["image"] is data["image_meta"] is None


def test_a_cdn_is_named_in_full(owner, settings):
    settings.MEDIA_URL = "https://cdn.lsa.example/media/"
    data = RESOURCES["gallery"].create(owner.client, image=photograph())
    meta = data["image_meta"]
    urls = [data["image"], *(r["url"] for r in meta["renditions"]), *meta["srcset"].split(", ")]
    assert all(url.startswith("https://cdn.lsa.example/media/uploads/") for url in urls)
    assert RESOURCES["gallery"].collection().find_one()["image"].startswith("uploads/")


def test_addresses_are_full_where_the_settings_say_so(resource, owner, anyone, settings):
    item = resource.create(owner.client, **{resource.picture: photograph()})
    settings.MEDIA_ORIGIN = "https://api.lsa.example"
    shown = anyone.get(resource.item(item["id"])).json()["data"]
    assert shown[resource.picture] == f"https://api.lsa.example{item[resource.picture]}"
    meta, plain = shown[f"{resource.picture}_meta"], item[f"{resource.picture}_meta"]
    for full, path in zip(meta["renditions"], plain["renditions"], strict=True):
        assert full["url"] == f"https://api.lsa.example{path['url']}"
    assert meta["srcset"].count("https://api.lsa.example/") == plain["srcset"].count("/media/")
    resource.collection().update_one({}, {"$set": {resource.picture: "/static/uploads/a.jpg"}})
    earlier = anyone.get(resource.item(item["id"])).json()["data"]
    assert earlier[resource.picture] == "https://api.lsa.example/static/uploads/a.jpg"
