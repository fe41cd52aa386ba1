"""What is refused, and what the person is told to do."""

from __future__ import annotations

import struct
from io import BytesIO
from random import Random

import pytest
from django.conf import settings
from django.utils import translation

from content.pictures.cleaning import clean
from content.pictures.cleaning.formats import gif_blocks, jpeg_segments, png_chunks
from content.pictures.cleaning.formats.source import Source
from content.pictures.tests import corpus
from content.pictures.tests.corpus import HOSTILE
from content.pictures.tests.looks import opened, process
from content.pictures.tests.shown import BROKEN, SHOWN
from content.pictures.tests.shown.jpeg import photo


@pytest.mark.parametrize("name", HOSTILE)
def test_it_refuses(name):
    with pytest.raises(clean.InvalidImage) as error:
        process(HOSTILE[name])
    assert str(error.value)


@pytest.mark.parametrize("name", BROKEN)
def test_what_no_browser_shows_is_refused(name):
    with pytest.raises(clean.InvalidImage):
        process(BROKEN[name]())


@pytest.mark.parametrize("name", SHOWN)
def test_what_browsers_show_is_accepted(name):
    process(SHOWN[name].content())


@pytest.mark.parametrize("name", [name for name in HOSTILE if "gif" not in name])
def test_it_does_not_render(name):
    """Of a stored GIF only the first frame is read, which may be whole."""
    with pytest.raises(clean.InvalidImage):
        clean.render(BytesIO(HOSTILE[name]))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("zero bytes", "The file is empty"),
        ("svg", "Only JPEG, PNG and GIF images are allowed"),
        ("jpeg cut at 2/4", "The image is damaged or incomplete"),
        ("png header of 20,000 x 20,000", "The image may have at most 40 megapixels"),
        (
            "gif with a later frame larger than its screen",
            "The image may have at most 40 megapixels",
        ),
        (
            "gif of 1,001 frames",
            "The animation may have at most 1000 frames and 200 megapixels in all",
        ),
    ],
)
def test_it_says_what_is_wrong(name, message):
    with translation.override("en"), pytest.raises(clean.InvalidImage, match=f"^{message}$"):
        process(HOSTILE[name])


def brand(name: bytes) -> bytes:
    """The beginning of a file of ISO's base media format."""
    return struct.pack(">I", 24) + b"ftyp" + name + bytes(4) + b"mif1" + name + bytes(500)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (brand(b"heic"), r"HEIC photo.*iPhone.*“Most Compatible”"),
        (brand(b"mif1"), r"HEIC photo.*iPhone.*“Most Compatible”"),
        (brand(b"avif"), r"an AVIF image|AVIF file\. Save it as JPEG or PNG"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(99), r"WebP file\. Save it as JPEG or PNG"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", r"JPEG XL file"),
        (b"II*\0" + bytes(99), r"TIFF file"),
        (b"%PDF-1.7", r"PDF file"),
        (b"RIFF\x10\0\0\0WAVEfmt ", r"^Only JPEG, PNG and GIF"),
        (b"\0\0\0\x18ftypisom" + bytes(99), r"^Only JPEG, PNG and GIF"),
    ],
)
def test_it_names_what_it_is_and_says_what_to_do(content, message):
    with translation.override("en"), pytest.raises(clean.InvalidImage, match=message):
        process(content)


def test_a_photo_of_a_telephone_is_told_of_in_indonesian_too():
    with translation.override("id"), pytest.raises(clean.InvalidImage, match="Paling Kompatibel"):
        process(brand(b"heic"))


@pytest.mark.parametrize("frame", [0xC1, 0xC2])
def test_12_bits_are_not_called_damaged(frame):
    content = photo()
    content = content.replace(b"\xff\xc0\0\x11\x08", bytes([0xFF, frame]) + b"\0\x11\x0c")
    with translation.override("en"), pytest.raises(clean.InvalidImage, match="ordinary JPEG"):
        process(content)


@pytest.mark.parametrize("frame", [0xC3, 0xC5, 0xC9, 0xCA, 0xCF])
def test_other_kinds_of_jpeg_are_not_called_damaged(frame):
    content = photo().replace(b"\xff\xc0\0\x11", bytes([0xFF, frame]) + b"\0\x11")
    with translation.override("en"), pytest.raises(clean.InvalidImage, match="ordinary JPEG"):
        process(content)


JPEGS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "with restarts": {"restart_marker_blocks": 2},
    "of grey": {"mode": "L"},
    "of CMYK": {"mode": "CMYK"},
}


@pytest.mark.parametrize("eighths", range(1, 8))
@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_that_was_cut_and_ended_again_is_refused(kind, eighths):
    """Decoders would make the rest grey, or coarse."""
    content = photo(**JPEGS[kind])
    pixels = content.index(b"\xff\xda") + 14
    cut = content[: pixels + (len(content) - pixels) * eighths // 8]
    with pytest.raises(clean.InvalidImage):
        process(cut + b"\xff\xd9")


def test_a_jpeg_without_its_last_scans_is_refused():
    content = photo(progressive=True)
    starts = [i for i in range(len(content)) if content[i : i + 2] == b"\xff\xda"]
    assert len(starts) > 3
    for start in starts:
        with pytest.raises(clean.InvalidImage):
            process(content[:start] + b"\xff\xd9")


@pytest.mark.parametrize("interval", range(2))
def test_a_jpeg_that_lost_a_part_between_restarts_is_refused(interval):
    parts = photo(restart_marker_blocks=4).split(b"\xff\xd0")
    content = b"\xff\xd0".join(part for i, part in enumerate(parts) if i != interval + 1)
    with pytest.raises(clean.InvalidImage):
        process(content)


@pytest.mark.parametrize("maker", [corpus.jpeg, corpus.png, corpus.gif])
def test_it_refuses_a_file_cut_anywhere_in_its_pixels(maker):
    """Behind them nothing is missing, but that browsers wait for the end of a JPEG."""
    content = maker(16, 12)
    end = {corpus.jpeg: len(content), corpus.png: len(content) - 12, corpus.gif: len(content) - 1}
    for size in range(end[maker]):
        with pytest.raises(clean.InvalidImage):
            process(content[:size])


def test_it_accepts_a_file_of_exactly_the_limit():
    content = corpus.png()
    process(content + bytes(settings.MAX_FILE_SIZE - len(content)))


def test_it_refuses_a_file_one_byte_over_the_limit(settings):
    settings.MAX_FILE_SIZE = 5 * 1024 * 1024
    content = corpus.png()
    content += bytes(settings.MAX_FILE_SIZE + 1 - len(content))
    with translation.override("en"), pytest.raises(clean.InvalidImage, match=r"is 5 MB$"):
        process(content)


def test_it_accepts_exactly_40_megapixels():
    rows = bytes((8000 // 8 + 1) * 5000)
    assert process(corpus.raw_png(8000, 5000, 1, 0, rows)).width == 8000


def test_it_refuses_a_side_that_costs_more_than_its_pixels():
    rows = bytes(2 * (clean.MAX_SIDE + 1))
    with pytest.raises(clean.InvalidImage):
        process(corpus.raw_png(1, clean.MAX_SIDE + 1, 1, 0, rows))


@pytest.mark.parametrize(
    "content",
    [
        lambda: corpus.png_with(corpus.chunk(b"teXt", b"") * png_chunks.MAX_CHUNKS),
        lambda: corpus.jpeg_with(corpus.segment(0xE5, b"") * jpeg_segments.MAX_SEGMENTS),
        lambda: corpus.raw_gif(1, 1, b"!\x01\0" * gif_blocks.MAX_BLOCKS, corpus.gif_frame()),
        lambda: corpus.raw_gif(1, 1, bytes(gif_blocks.MAX_BLOCKS), corpus.gif_frame()),
    ],
)
def test_it_refuses_very_many_parts(content):
    """Each takes time that no turn bounds."""
    with pytest.raises(clean.InvalidImage):
        clean.inspect(BytesIO(content()))


def test_it_accepts_exactly_1000_frames():
    content = corpus.raw_gif(1, 1, corpus.gif_frame() * 1_000)
    assert opened(process(content).content).n_frames == 1_000


def test_it_checks_without_decoding_anything(monkeypatch):
    monkeypatch.setattr(Source, "upright", pytest.fail)
    clean.inspect(BytesIO(corpus.jpeg()))
    for name in ("png header of 20,000 x 20,000", "jpeg header of 20,000 x 20,000"):
        with pytest.raises(clean.InvalidImage):
            clean.inspect(BytesIO(HOSTILE[name]))


def test_it_does_not_hide_mistakes_of_ours(monkeypatch):
    monkeypatch.setattr(clean, "smaller_copies", lambda *_args: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        process(corpus.png())


def test_a_picture_made_to_grow_when_it_is_encoded_is_refused(settings):
    """Its rows repeat, but not once they are columns."""
    random = Random(1)
    rows = b"".join(b"\0" + (random.randbytes(128) * 13)[:1_600] for _ in range(500))
    turned = corpus.chunk(b"eXIf", corpus.exif(6).tobytes()[6:])
    content = corpus.raw_png(400, 500, 8, 6, rows, extra=turned)
    settings.MAX_FILE_SIZE = len(content)
    with translation.override("en"), pytest.raises(clean.InvalidImage, match="file size"):
        process(content)
