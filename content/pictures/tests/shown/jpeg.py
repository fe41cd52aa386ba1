"""JPEG: how it can be coded, and what cameras write into it."""

from __future__ import annotations

import struct
from functools import cache, partial

from PIL import Image

from content.pictures.tests import corpus, profiles
from content.pictures.tests.corpus import segment
from content.pictures.tests.shown import sample
from content.pictures.tests.shown.sample import (
    CONVERTED,
    HEIGHT,
    LOSSY,
    ROUNDED,
    WIDTH,
    Sample,
    ramp,
)

SAMPLES: dict[str, Sample] = {}
add = partial(sample.add, SAMPLES)


def photo(mode: str = "RGB", orientation: int = 1, **options: object) -> bytes:
    image = Image.merge("RGB", [_blend(channel) for channel in range(3)]).convert(mode)
    if orientation != 1:
        options.setdefault("exif", corpus.exif(orientation))
    return corpus.saved(image, "JPEG", **{"quality": 90, **options})


@cache
def _blend(channel: int) -> Image.Image:
    data = bytes(ramp(x, y, channel, 255) for y in range(HEIGHT) for x in range(WIDTH))
    return Image.frombytes("L", (WIDTH, HEIGHT), data)


def exif_of(kind: int, count: int, value: bytes, order: str = "<") -> bytes:
    """An APP1 with one entry, the orientation, of any type."""
    head = b"Exif\0\0" + (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, 1)
    entry = struct.pack(f"{order}HHI", 0x0112, kind, count) + value.ljust(4, b"\0")
    return segment(0xE1, head + entry + bytes(4))


def photo_with(*segments: bytes) -> bytes:
    content = photo()
    return content[:2] + b"".join(segments) + content[2:]


def _jpeg_codings() -> None:
    for sampling in ("4:4:4", "4:2:2", "4:2:0"):
        for orientation in corpus.STORED_AS:
            made = partial(photo, "RGB", orientation, subsampling=sampling)
            add(f"jpeg of {sampling} turned by EXIF {orientation}", made, LOSSY)
    for orientation in corpus.STORED_AS:
        made = partial(photo, "L", orientation)
        add(f"jpeg of grey turned by EXIF {orientation}", made, ROUNDED)
    add("progressive jpeg", partial(photo, progressive=True), ROUNDED)
    add("jpeg with restarts", partial(photo, restart_marker_blocks=3), ROUNDED)
    add("jpeg of RGB", partial(photo, keep_rgb=True, subsampling=0), LOSSY)
    add("jpeg of CMYK", partial(photo, "CMYK"), LOSSY)
    add("jpeg of lowest quality", partial(photo, quality=5), LOSSY)
    add("jpeg of highest quality", partial(photo, quality=100), ROUNDED)
    add("jpeg with a profile", partial(photo, icc_profile=profiles.swapped_profile()), ROUNDED)
    tables = partial(photo, icc_profile=profiles.table_profile())
    add("jpeg with a profile of tables", tables, CONVERTED)
    grey = partial(photo, "L", icc_profile=profiles.grey_profile())
    add("jpeg of grey with a profile", grey, ROUNDED)
    ink = partial(photo, "CMYK", icc_profile=profiles.table_profile(4))
    add("jpeg of CMYK with a profile", ink, CONVERTED)
    wrong = partial(photo, "L", icc_profile=profiles.swapped_profile())
    add("jpeg of grey with a profile of colours", wrong, ROUNDED)
    add("jpeg with a profile that is none", partial(photo, icc_profile=b"junk" * 50), ROUNDED)


def _jpeg_cameras() -> None:
    entries = {
        "text": (2, 2, b"6"),
        "a byte": (1, 1, b"\6"),
        "a long": (4, 1, b"\6"),
        "a signed short": (8, 1, b"\6"),
        "a rational": (5, 1, b"\6"),
        "a float": (11, 1, b"\0\0\xc0\x40"),
        "two shorts": (3, 2, b"\6\0\1"),
        "no short": (3, 0, b"\6"),
        "an unknown type": (99, 1, b"\6"),
        "9": (3, 1, b"\x09"),
        "0": (3, 1, b"\0"),
        "6": (3, 1, b"\6"),
    }
    for name, entry in entries.items():
        add(f"jpeg whose orientation is {name}", partial(photo_with, exif_of(*entry)), LOSSY)
    big = exif_of(3, 1, b"\0\6", ">")
    add("jpeg whose orientation is 6, high byte first", partial(photo_with, big), LOSSY)
    turned, upright = exif_of(3, 1, b"\6"), exif_of(3, 1, b"\1")
    add("jpeg with EXIF twice", partial(photo_with, turned, upright), LOSSY)
    add("jpeg with EXIF twice, upright first", partial(photo_with, upright, turned), ROUNDED)
    add(
        "jpeg with broken EXIF first",
        partial(photo_with, segment(0xE1, b"Exif\0\0junk"), turned),
        1,
    )
    add(
        "jpeg with EXIF cut short",
        partial(photo_with, turned[:14].replace(turned[2:4], b"\0\x0c")),
        1,
    )
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    add("jpeg turned by XMP", partial(photo_with, segment(0xE1, xmp)), ROUNDED)
    add(
        "jpeg with 30 bytes before its end", lambda: photo()[:-2] + bytes(30) + b"\xff\xd9", ROUNDED
    )
    add("jpeg whose scan names no band", _jpeg_without_band, ROUNDED)
    add("jpeg with bytes between its tables", _jpeg_with_junk, ROUNDED)


def _jpeg_without_band() -> bytes:
    content = bytearray(photo())
    content[content.rindex(b"\xff\xda") + 12] = 0  # where the scan's band ends: 63
    return bytes(content)


def _jpeg_with_junk() -> bytes:
    content = photo()
    position = content.index(b"\xff\xc0")
    return content[:position] + b"\0junk" + content[position:]


_jpeg_codings()
_jpeg_cameras()
