"""What a clean picture looks like: upright, in its colours, clear where it was."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from content.pictures.tests import corpus, profiles
from content.pictures.tests.looks import (
    QUARTERS,
    RED,
    WHITE,
    assert_shows_drawing,
    opened,
    process,
)
from content.pictures.tests.shown.jpeg import photo
from content.pictures.tests.shown.png import png


@pytest.mark.parametrize("orientation", corpus.STORED_AS)
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_it_turns_upright(format, orientation):
    stored = corpus.drawing(400, 300)
    if corpus.STORED_AS[orientation] is not None:
        stored = stored.transpose(corpus.STORED_AS[orientation])
    picture = process(corpus.saved(stored, format, exif=corpus.exif(orientation)))
    assert (picture.width, picture.height) == (400, 300)
    assert [(r.width, r.height) for r in picture.renditions] == [(320, 240)]
    assert_shows_drawing(picture.content)
    assert_shows_drawing(picture.renditions[0].content)


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r tiff:Orientation="6"/></x:xmpmeta>'
RAW_EXIF = corpus.exif(6).tobytes().hex().encode()
ELSEWHERE = {
    "XMP": corpus.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
    "text": corpus.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n38\n" + RAW_EXIF),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_only_exif_turns(name):
    """Browsers do not look for an orientation elsewhere, Pillow does."""
    content = png(8, 2, ELSEWHERE[name])
    assert opened(content).getexif()[corpus.ORIENTATION] == 6
    assert process(content).width == opened(content).width


PIXELS = {
    "jpeg": lambda: corpus.jpeg(400, 300),
    "progressive jpeg": lambda: corpus.jpeg(400, 300, progressive=True),
    "jpeg with 4:4:4": lambda: corpus.jpeg(400, 300, subsampling=0),
    "jpeg with CMYK": lambda: corpus.jpeg(400, 300, mode="CMYK"),
    "jpeg with a profile": lambda: corpus.jpeg(400, 300, icc_profile=profiles.profile()),
    "png": lambda: corpus.png(400, 300),
    "png with a palette": lambda: corpus.png(400, 300, mode="P"),
    "png with alpha": lambda: corpus.png(400, 300, mode="RGBA"),
    "gif": lambda: corpus.gif(400, 300),
    "animated gif": lambda: corpus.gif(400, 300, frames=3),
}


@pytest.mark.parametrize("name", PIXELS)
def test_it_shows_the_same_as_before(name):
    picture = process(PIXELS[name]())
    assert_shows_drawing(picture.content)
    assert_shows_drawing(picture.renditions[0].content)


def test_cmyk_becomes_rgb():
    assert opened(process(corpus.jpeg(mode="CMYK")).content).mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_stays_grey(mode):
    picture = process(corpus.png(400, 300, mode=mode))
    assert opened(picture.content).mode == mode
    assert opened(picture.renditions[0].content).getpixel((300, 200)) == WHITE


@pytest.mark.parametrize(
    ("colour", "pixel", "shown"),
    [
        (0, b"\x80\0", (127, 127, 127)),
        (2, b"\x80\0\x40\0\xff\xff", (128, 64, 255)),
        (4, b"\x80\0\x40\0", (128, 128, 128, 64)),
        (6, b"\x80\0\x40\0\xff\xff\xff\xff", (128, 64, 255)),
    ],
)
def test_16_bits_a_channel_are_shown_with_8(colour, pixel, shown):
    content = corpus.raw_png(400, 2, 16, colour, (b"\0" + pixel * 400) * 2)
    rendition = opened(process(content).renditions[0].content).getpixel((9, 0))
    assert rendition == pytest.approx(shown, abs=4)


def test_a_profile_is_kept_in_the_original_and_applied_in_renditions():
    """A profile that swaps red and blue shows who applies it."""
    profile = profiles.swapped_profile()
    picture = process(corpus.jpeg(400, 300, icc_profile=profile))
    assert opened(picture.content).info["icc_profile"]
    red, _green, blue = opened(picture.renditions[0].content).getpixel((60, 60))[:3]
    assert (red, blue) == pytest.approx((0, 255), abs=40)
    assert "icc_profile" not in opened(picture.renditions[0].content).info


@pytest.mark.parametrize(
    "content",
    [
        lambda image: corpus.saved(image.quantize(4), "PNG", transparency=0),
        lambda image: corpus.saved(image.quantize(4), "GIF", transparency=0),
        lambda image: corpus.saved(image, "PNG", transparency=image.getpixel((0, 0))),
    ],
)
def test_transparency_is_kept(content):
    image = corpus.drawing(400, 300)
    first = image.quantize(4).convert("RGB").getpixel((0, 0))
    original = opened(content(image)).convert("RGBA")
    picture = process(content(image))
    assert first == RED
    assert (
        ImageChops.difference(original, opened(picture.content).convert("RGBA")).getbbox() is None
    )
    alpha = opened(picture.renditions[0].content).getchannel("A")
    expected = original.getchannel("A").resize(alpha.size)
    for x, y in QUARTERS:
        spot = int(x * alpha.width), int(y * alpha.height)
        assert alpha.getpixel(spot) == expected.getpixel(spot)


def test_transparent_edges_have_no_halo():
    """White behind the transparency must not shine through where it meets the red."""
    image = Image.new("RGBA", (640, 640), (255, 255, 255, 0))
    image.paste((255, 0, 0, 255), (0, 0, 323, 640))
    shown = opened(process(corpus.saved(image, "PNG")).renditions[0].content)
    edge = [shown.getpixel((x, 160)) for x in range(155, 166)]
    assert all(max(green, blue) < 40 for _red, green, blue, alpha in edge if alpha > 100)


@pytest.mark.parametrize("quality", [30, 60, 85, 95, 100])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_jpeg_keeps_its_size_and_its_looks(quality, orientation):
    stored = corpus.noise(400, 300).resize((800, 600), Image.Resampling.BICUBIC)
    before = corpus.saved(stored, "JPEG", quality=quality, exif=corpus.exif(orientation))
    after = process(before).content
    assert len(after) < len(before) * 1.05
    if orientation == 1:
        difference = ImageChops.difference(opened(before), opened(after))
        assert max(high for _low, high in difference.getextrema()) < 40


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_a_jpeg_on_its_side_is_quantised_as_before(orientation):
    before = opened(photo(orientation=orientation, quality=60))
    after = opened(process(photo(orientation=orientation, quality=60)).content)
    for number, table in before.quantization.items():
        turned = [table[8 * column + row] for row in range(8) for column in range(8)]
        assert list(after.quantization[number]) == turned


@pytest.mark.parametrize(
    ("sampling", "orientation", "expected"),
    [
        ("4:4:4", 1, (1, 1)),
        ("4:2:2", 1, (2, 1)),
        ("4:2:0", 1, (2, 2)),
        ("4:2:0", 6, (2, 2)),
        # Pillow cannot write 4:4:0; nothing is lost without subsampling.
        ("4:2:2", 6, (1, 1)),
    ],
)
def test_colours_are_subsampled_as_before(sampling, orientation, expected):
    content = process(photo(subsampling=sampling, orientation=orientation)).content
    assert opened(content).layer[0][1:3] == expected
