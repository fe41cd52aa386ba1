"""Smaller copies, previews, and the renditions of files that are stored already."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image

from content.pictures.cleaning import clean, renditions
from content.pictures.cleaning.formats.jpeg import Jpeg
from content.pictures.tests import corpus
from content.pictures.tests.looks import assert_shows_drawing, opened, process
from content.pictures.tests.test_looks import PIXELS


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (320, []),
        (321, [320]),
        (640, [320]),
        (960, [320, 640]),
        (1280, [320, 640, 960]),
        (1281, [320, 640, 960, 1280]),
    ],
)
def test_renditions_are_narrower_than_the_original(width, widths):
    picture = process(corpus.jpeg(width, 200))
    assert [r.width for r in picture.renditions] == widths
    for rendition in picture.renditions:
        image = opened(rendition.content)
        assert image.format == "WEBP"
        assert image.size == (rendition.width, rendition.height)
        assert rendition.height == round(200 * rendition.width / width)


@pytest.mark.parametrize(
    ("width", "height", "renditions"),
    [
        (1, 1, []),
        (1, 40_000, []),
        (40_000, 1, [(320, 1), (640, 1), (960, 1), (1280, 1)]),
        (330, 60_000, []),
        (700, 30_000, [(320, 13_714)]),
    ],
)
def test_extreme_shapes_are_accepted(width, height, renditions):
    rows = bytes((-(-width // 8) + 1) * height)
    picture = process(corpus.raw_png(width, height, 1, 0, rows))
    assert (picture.width, picture.height) == (width, height)
    assert [(r.width, r.height) for r in picture.renditions] == renditions


def test_renditions_stay_sharp():
    """Stripes of four pixels of 640 are stripes of two of 320, and no grey mush."""
    image = Image.new("L", (640, 64))
    for left in range(0, 640, 8):
        image.paste(255, (left, 0, left + 4, 64))
    shown = opened(process(corpus.saved(image, "PNG")).renditions[0].content).convert("L")
    row = [shown.getpixel((x, 16)) for x in range(40, 280)]
    assert max(row) > 230
    assert min(row) < 25


@pytest.mark.parametrize(
    "content",
    [
        lambda: corpus.saved(corpus.noise(400, 300), "JPEG"),
        lambda: corpus.saved(corpus.noise_with_alpha(), "PNG"),
        lambda: corpus.gif(),
    ],
)
def test_the_placeholder_is_a_tiny_picture(content):
    placeholder = process(content()).placeholder
    assert re.fullmatch(r"data:image/webp;base64,[A-Za-z0-9+/]+=*", placeholder)
    assert len(placeholder) < 300
    assert max(opened(b64decode(placeholder.partition(",")[2])).size) == 8


def test_a_rendition_has_no_more_pixels_than_are_of_use():
    picture = process(corpus.raw_png(1_300, 16_000, 1, 0, bytes(164 * 16_000)))
    assert [r.width for r in picture.renditions] == [320]
    assert all(r.width * r.height <= renditions.MAX_PIXELS for r in picture.renditions)


def test_renditions_that_would_fill_the_disk_are_left_out(monkeypatch):
    """The narrowest remain."""
    content = corpus.saved(corpus.noise(1_300, 60), "JPEG")
    picture = process(content)
    assert [r.width for r in picture.renditions] == [320, 640, 960, 1280]
    room = sum(len(r.content) for r in picture.renditions[:2])
    monkeypatch.setattr(renditions, "MAX_BYTES", room)
    assert process(content).renditions == picture.renditions[:2]


@pytest.mark.parametrize("name", PIXELS)
def test_rendering_a_stored_file_leaves_it_as_it_is(name):
    content = PIXELS[name]()
    rendered, processed = clean.render(BytesIO(content)), process(content)
    assert rendered.content == content
    assert (rendered.format, rendered.width, rendered.height) == (processed.format, 400, 300)
    assert rendered.placeholder.startswith("data:image/webp")
    assert [(r.width, r.height) for r in rendered.renditions] == [(320, 240)]
    assert_shows_drawing(rendered.renditions[0].content)


@pytest.mark.parametrize("orientation", corpus.STORED_AS)
def test_rendering_turns_upright_and_decodes_no_more_than_it_needs(orientation):
    content = corpus.jpeg(6_000, 400, orientation=orientation)
    picture = clean.render(BytesIO(content))
    assert (picture.width, picture.height) == (6_000, 400)
    sizes = [(r.width, r.height) for r in picture.renditions]
    assert sizes == [(320, 21), (640, 43), (960, 64), (1280, 85)]
    assert_shows_drawing(picture.renditions[3].content)
    assert max(Jpeg(content).bitmap(enough=2_560).size) == 3_000


def test_rendering_has_no_limit_of_bytes(settings):
    settings.MAX_FILE_SIZE = 10
    assert clean.render(BytesIO(corpus.png())).width == 64
