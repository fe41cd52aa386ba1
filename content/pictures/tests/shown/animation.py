"""GIF, and animated PNG: frames that are parts of a screen, and ends that are missing."""

from __future__ import annotations

import struct
import zlib
from functools import partial

from content.pictures.tests import corpus
from content.pictures.tests.corpus import chunk
from content.pictures.tests.shown import sample
from content.pictures.tests.shown.png import CHANNELS, PALETTE, gamma, rows, tiff
from content.pictures.tests.shown.sample import HEIGHT, WIDTH, Sample

SAMPLES: dict[str, Sample] = {}
add = partial(sample.add, SAMPLES)
FULL, PART = (WIDTH, HEIGHT, 0, 0), (100, 20, 50, 9)


def _gif() -> None:
    colours = partial(corpus.gif, WIDTH, HEIGHT)
    add("gif", colours)
    add("gif without its end", lambda: colours()[:-1])
    add("gif with junk for an end", lambda: colours()[:-1] + b"junk")
    add("animated gif", partial(colours, frames=3))
    add("animated gif without its end", lambda: colours(frames=3)[:-1])
    add("interlaced gif", partial(colours, interlace=1))
    for transparent in (0, 3):
        add(f"gif where colour {transparent} is clear", partial(colours, transparency=transparent))
    add("gif whose frame is smaller than its screen", partial(_gif_on, (WIDTH, 300), (0, 0)))
    add("gif whose frame lies within its screen", partial(_gif_on, (WIDTH + 40, 99), (20, 30)))
    add("gif whose frame begins outside of its screen", partial(_gif_on, (20, 20), (30, 30)))
    add("gif without a screen", partial(_gif_on, (0, 0), (0, 0)))


def _gif_on(screen: tuple[int, int], position: tuple[int, int]) -> bytes:
    content = bytearray(corpus.gif(WIDTH, HEIGHT))
    struct.pack_into("<HH", content, 6, *screen)
    struct.pack_into("<HH", content, content.index(b",\0\0\0\0") + 1, *position)
    return bytes(content)


def apng(
    *boxes: tuple[int, int, int, int],
    first_is_still: bool = True,
    depth: int = 8,
    colour: int = 2,
    before: bytes = b"",
    announced: int | None = None,
    first_number: int = 0,
) -> bytes:
    """Frames of `width, height, left, top`, in an endless loop of 0.1 s each."""
    parts = [chunk(b"acTL", struct.pack(">II", announced or len(boxes), 0)), before]
    number = first_number
    if not first_is_still:
        parts.append(chunk(b"IDAT", frame_pixels(WIDTH, HEIGHT, depth, colour)))
    for position, (width, height, left, top) in enumerate(boxes):
        control = struct.pack(">5IHHBB", number, width, height, left, top, 1, 10, 0, 0)
        parts.append(chunk(b"fcTL", control))
        number += 1
        pixels = frame_pixels(width, height, depth, colour)
        if first_is_still and position == 0:
            parts.append(chunk(b"IDAT", pixels))
        else:
            parts.append(chunk(b"fdAT", struct.pack(">I", number) + pixels))
            number += 1
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, 0)
    palette = chunk(b"PLTE", PALETTE) if colour == 3 else b""
    parts = [chunk(b"IHDR", header), palette, *parts, chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def frame_pixels(width: int, height: int, depth: int, colour: int) -> bytes:
    return zlib.compress(rows(width, height, depth, CHANNELS[colour], False))


def _apng() -> None:
    add("animated png", partial(apng, FULL, PART))
    add("animated png of 16 bits", partial(apng, FULL, FULL, depth=16, colour=6))
    add("animated png of a palette", partial(apng, FULL, PART, colour=3))
    add("animated png with gamma", partial(apng, FULL, PART, before=gamma(70_000)))
    add("animated png of one frame", partial(apng, FULL))
    add("animated png beside a still", partial(apng, FULL, PART, first_is_still=False))
    small = partial(apng, PART, FULL, first_is_still=False)
    add("animated png that begins with a part", small)
    add("animated png with EXIF", partial(apng, FULL, PART, before=chunk(b"eXIf", tiff(6))))
    add("png that announces no frame", lambda: apng(FULL).replace(_actl(1), _actl(0)))


def _actl(frames: int) -> bytes:
    return chunk(b"acTL", struct.pack(">II", frames, 0))


_gif()
_apng()
