"""Whatever is accepted stays within what is promised: memory, time, pixels, bytes on the disk.

Time is counted in this thread's own work, so that a busy machine does not fail it.
"""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from django.conf import settings
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from content.pictures.cleaning import clean, renditions
from content.pictures.cleaning.formats.source import GROWTH, MAX_PIXELS
from content.pictures.tests import corpus, profiles
from content.pictures.tests.corpus import chunk
from content.pictures.tests.shown.png import CHANNELS, DEPTHS, tiff

MEBIBYTE = 1024  # KiB
MAX_MEMORY, MAX_SECONDS = 400 * MEBIBYTE, 5
STATUS, PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")

pytestmark = pytest.mark.skipif(not PEAK.exists(), reason="needs Linux to see its peak of memory")


class Shape(NamedTuple):
    width: int
    pixels: int
    turned: bool = False

    @property
    def size(self) -> tuple[int, int]:
        return self.width, max(1, min(self.pixels // self.width, clean.MAX_SIDE))


def memory(of: str) -> int:
    """KiB."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(of))
    return int(line.split()[1])


def noise(size: int, repeats: int, seed: int) -> bytes:
    """Bytes of one row: noise that begins anew after so many, so that it packs well."""
    return (Random(seed).randbytes(repeats) * (size // repeats + 1))[:size]


def png(shape: Shape, kind: tuple[int, int], clear: bool, interlaced: bool, repeats: int) -> bytes:
    """A PNG of noise in each row, of a colour type and depth."""
    colour, depth = kind
    width, height = shape.size
    size = (width * depth * CHANNELS[colour] + 7) // 8
    packer = zlib.compressobj(6)
    packed = [packer.compress(b"\0" + noise(size, repeats, row)) for row in range(height)]
    key = {0: b"\0\1", 2: b"\0\1" * 3, 3: bytes(range(1 << min(depth, 8)))}.get(colour, b"")
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header)]
    parts += [chunk(b"PLTE", noise(3 << depth, 3 << depth, 1))] if colour == 3 else []
    parts += [chunk(b"tRNS", key)] if clear and key else []
    parts += [chunk(b"eXIf", tiff(6))] if shape.turned else []
    parts += [chunk(b"IDAT", b"".join([*packed, packer.flush()])), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg(
    shape: Shape, mode: str, progressive: bool, sampling: str, repeats: int, profile: bytes = b""
) -> bytes:
    tile = Image.frombytes(mode, (64, 64), noise(64 * 64 * len(mode), repeats * 64, 1))
    image = tile.resize(shape.size, Image.Resampling.BILINEAR)
    options = {"progressive": progressive, "subsampling": sampling} if mode == "RGB" else {}
    exif = corpus.exif(6 if shape.turned else 1)
    return corpus.saved(image, "JPEG", quality=40, exif=exif, icc_profile=profile, **options)


def gif(shape: Shape, frames: int, repeats: int) -> bytes:
    width, height = shape.size
    image = Image.frombytes("L", (width, height), noise(width, repeats, 1) * height).convert("P")
    content = corpus.saved(image, "GIF")
    start = content.rindex(struct.pack("<cHHHH", b",", 0, 0, width, height))
    return content[:start] + content[start:-1] * frames + b";"


def profiled(content: Callable[[], bytes]) -> bytes:
    """The same with a profile of tables, which is converted pixel by pixel."""
    made = content()
    packed = zlib.compress(profiles.table_profile())
    return made[:33] + chunk(b"iCCP", b"any\0\0" + packed) + made[33:]


SHAPES = st.builds(
    Shape,
    st.one_of(st.sampled_from([320, 321, 640, 1281, 6_324, 40_000]), st.integers(1, 60_000)),
    st.one_of(st.just(MAX_PIXELS), st.integers(1, MAX_PIXELS)),
    st.booleans(),
)
KINDS = [(colour, depth) for colour, depths in DEPTHS.items() for depth in depths]
REPEATS = st.sampled_from([1, 16, 64, 200])
PNGS = st.builds(
    partial, st.just(png), SHAPES, st.sampled_from(KINDS), st.booleans(), st.just(False), REPEATS
)
MODES, SAMPLINGS = st.sampled_from(["L", "RGB", "CMYK"]), st.sampled_from(["4:4:4", "4:2:0"])
JPEGS = st.builds(partial, st.just(jpeg), SHAPES, MODES, st.booleans(), SAMPLINGS, REPEATS)
GIFS = st.builds(partial, st.just(gif), SHAPES, st.integers(1, 40), REPEATS)
WHOLE = Shape(5_000, MAX_PIXELS)
TALL = Shape(1_768, MAX_PIXELS)


def assert_within_bounds(content: bytes) -> None:
    clean.process(clean.inspect(BytesIO(corpus.jpeg())))  # what is loaded once
    PEAK.write_text("5")
    before, started = memory("VmRSS"), time.thread_time()
    try:
        picture = clean.process(clean.inspect(BytesIO(content)))
    except clean.InvalidImage:
        picture = None
    assert time.thread_time() - started <= MAX_SECONDS
    assert memory("VmHWM") - before <= MAX_MEMORY
    if picture:
        sizes = [len(r.content) for r in picture.renditions]
        assert len(picture.content) <= GROWTH * settings.MAX_FILE_SIZE
        assert sum(sizes) <= renditions.MAX_BYTES
        assert all(r.width * r.height <= renditions.MAX_PIXELS for r in picture.renditions)
        assert len(picture.placeholder) < 400


@pytest.mark.deep
@pytest.mark.timeout(600)
@hypothesis_settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@example(partial(png, TALL, (6, 8), False, False, 64))
@example(partial(png, TALL, (2, 16), True, False, 64))
@example(partial(png, WHOLE, (0, 16), True, False, 64))
@example(partial(png, WHOLE._replace(turned=True), (3, 8), True, False, 1))
@example(partial(jpeg, WHOLE._replace(turned=True), "RGB", True, "4:4:4", 1))
@example(partial(jpeg, WHOLE, "CMYK", False, "4:4:4", 1))
@example(partial(jpeg, WHOLE, "CMYK", False, "4:4:4", 1, profiles.table_profile(4)))
@example(partial(gif, WHOLE, 5, 1))
@example(partial(profiled, partial(png, WHOLE, (6, 8), False, False, 1)))
@given(st.one_of(PNGS, JPEGS, GIFS))
def test_whatever_is_accepted_stays_within_bounds(made):
    assert_within_bounds(made())
