"""What does not survive: everything that is not shown."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from PIL import ImageChops, ImageCms, ImageStat

from content.pictures.tests import corpus, profiles
from content.pictures.tests.corpus import CLEANABLE, PAYLOAD
from content.pictures.tests.looks import assert_shows_drawing, opened, outputs, process
from content.pictures.tests.shown.animation import FULL, PART, apng
from content.pictures.tests.shown.jpeg import photo
from content.pictures.tests.shown.png import png


@pytest.mark.parametrize("name", CLEANABLE)
def test_it_cleans(name):
    picture = process(CLEANABLE[name])
    assert not any(PAYLOAD in output for output in outputs(picture))
    assert opened(picture.content).format == picture.format.upper()


@pytest.mark.parametrize("name", [name for name in CLEANABLE if "gif" not in name])
def test_it_leaves_no_metadata_in(name):
    for output in outputs(process(CLEANABLE[name])):
        image = opened(output)
        assert not image.getexif()
        assert image.info.keys() <= {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density", "icc_profile"),
            *("loop", "background", "timestamp", "duration"),  # of every WebP, even a still
            *("default_image", "bbox", "disposal", "blend"),  # of an animated PNG
        }


def test_it_removes_gps_from_original_and_renditions():
    content = corpus.jpeg(1400, 1050, exif=corpus.exif(maker=b"Kamera", gps=True))
    assert opened(content).getexif().get_ifd(corpus.GPS)
    picture = process(content)
    assert len(picture.renditions) == 4
    for output in outputs(picture):
        assert not opened(output).getexif()
        assert b"Exif" not in output
        assert b"Kamera" not in output


@pytest.mark.parametrize("format", ["jpeg", "png", "gif"])
def test_it_ends_where_the_picture_ends(format):
    end = {"jpeg": b"\xff\xd9", "png": b"IEND\xaeB`\x82", "gif": b"\0;"}[format]
    picture = process(getattr(corpus, format)() + corpus.archive())
    assert picture.content.endswith(end)


def test_cleaning_twice_changes_next_to_nothing_more():
    once = opened(process(corpus.jpeg(200, 100)).content)
    twice = opened(process(process(corpus.jpeg(200, 100)).content).content)
    assert once.quantization == twice.quantization
    assert max(ImageStat.Stat(ImageChops.difference(once, twice)).mean) < 1


@pytest.mark.parametrize("format", ["jpeg", "png", "gif"])
def test_it_knows_the_real_format(format):
    picture = process(getattr(corpus, format)(80, 60))
    assert (picture.format, picture.width, picture.height) == (format, 80, 60)
    assert picture.extension == {"jpeg": "jpg"}.get(format, format)


def test_a_second_picture_of_a_phone_is_dropped():
    picture = process(CLEANABLE["jpeg with a second picture (MPO)"])
    assert picture.format == "jpeg"
    assert picture.content.count(b"\xff\xd8\xff") == 1
    assert_shows_drawing(picture.content)


def display_profile() -> bytes:
    """As a Mac makes it: the screen by name, serial number and the day it was measured."""
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(PAYLOAD) + 1) + PAYLOAD + bytes(79),
        b"mmod": b"mmod\0\0\0\0\0\0\6\x10" + PAYLOAD,
        b"vcgt": b"vcgt\0\0\0\0" + PAYLOAD,
        b"ndin": b"ndin\0\0\0\0" + PAYLOAD,
        b"priv": PAYLOAD,
    }
    curve = b"para\0\0\0\0\0\0\0\0" + struct.pack(">i", 144_180) + PAYLOAD
    colours = {b"rXYZ": (28_573, 14_581, 911), b"gXYZ": (25_238, 46_983, 6_364)}
    for name, value in (colours | {b"bXYZ": (9_378, 3_971, 46_799)}).items():
        tags[name] = b"XYZ \0\0\0\0" + struct.pack(">3i", *value) + PAYLOAD
        tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    content = profiles.made_profile(b"RGB ", tags)
    return content[:48] + b"MAKE" + b"MODL" + content[56:80] + b"appl" + content[84:]


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_profile_keeps_its_colours_and_tells_nothing_of_the_screen(format):
    profile = display_profile()
    content = corpus.saved(corpus.drawing(400, 300), format, icc_profile=profile)
    picture = process(content)
    kept = opened(picture.content).info["icc_profile"]
    assert not any(trace in kept for trace in (PAYLOAD, b"MAKE", b"MODL", b"appl", b"mmod"))
    # The day is one that says nothing.
    assert struct.unpack_from(">6H", kept, 24) == (2000, 1, 1, 0, 0, 0)
    before, after = shown_in_srgb(content), shown_in_srgb(picture.content)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 2


def shown_in_srgb(content: bytes) -> bytes:
    image = opened(content)
    profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
    converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"))
    return converted.resize((8, 6)).tobytes()


TABLES = profiles.table_profile()


def test_a_profile_of_tables_is_applied_and_dropped():
    for content in (photo(icc_profile=TABLES), png(8, 2, icc(TABLES))):
        shown = opened(process(content).content)
        assert "icc_profile" not in shown.info
        assert shown.getpixel((351, 0))[0] < 200 < opened(content).getpixel((351, 0))[0]


def icc(profile: bytes) -> bytes:
    return corpus.chunk(b"iCCP", b"any\0\0" + corpus.zlib.compress(profile))


def test_an_animated_png_loses_what_is_not_shown():
    text = corpus.chunk(b"tEXt", b"Comment\0" + PAYLOAD)
    content = apng(FULL, PART, before=text)
    picture = process(content)
    names = [picture.content[i : i + 4] for i in positions(picture.content)]
    assert names == [b"IHDR", b"acTL", b"fcTL", b"IDAT", b"fcTL", b"fdAT", b"IEND"]


def positions(content: bytes) -> list[int]:
    """Where the names of the chunks of a PNG begin."""
    found, position = [], 8
    while position < len(content):
        found.append(position + 4)
        position += 12 + int.from_bytes(content[position : position + 4], "big")
    return found
