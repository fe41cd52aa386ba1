"""PNG: every colour type and depth, every way to say what its colours mean, odd chunks."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache, partial

from content.pictures.tests import corpus, profiles
from content.pictures.tests.corpus import chunk
from content.pictures.tests.shown import sample
from content.pictures.tests.shown.sample import CONVERTED, HEIGHT, ROUNDED, WIDTH, Sample, ramp

SAMPLES: dict[str, Sample] = {}
add = partial(sample.add, SAMPLES)
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
PALETTE = bytes(value for n in range(256) for value in (n, 255 - n, (n * 3) % 256))
D65_SRGB = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
DISPLAY_P3 = (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def png(
    depth: int = 8,
    colour: int = 2,
    *before: bytes,
    after: bytes = b"",
    interlaced: bool = False,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    part: int = 1 << 30,
    level: int = 9,
) -> bytes:
    """`part`: bytes of each IDAT; the palette stands before the chunks `before` the pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced))
    packed = zlib.compress(rows(*size, depth, CHANNELS[colour], interlaced), level)
    palette = chunk(b"PLTE", PALETTE[: 3 << depth]) if colour == 3 else b""
    pixels = [chunk(b"IDAT", packed[i : i + part]) for i in range(0, len(packed), part)]
    parts = (header, palette, *before, *pixels, after, chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@cache
def rows(width: int, height: int, depth: int, channels: int, interlaced: bool) -> bytes:
    """What IDAT unpacks to; each row as it is, without a filter."""
    packed, most = bytearray(), (1 << depth) - 1
    for left, top, right, down in ADAM7 if interlaced else ((0, 0, 1, 1),):
        for y in range(top, height, down):
            columns = range(left, width, right)
            values = [ramp(x, y, c, most) for x in columns for c in range(channels)]
            if values:
                packed += b"\0" + pack(values, depth)
    return bytes(packed)


def pack(values: list[int], depth: int) -> bytes:
    if depth >= 8:
        return b"".join(value.to_bytes(depth // 8, "big") for value in values)
    bits = "".join(f"{value:0{depth}b}" for value in values)
    bits = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def spoilt(made: bytes) -> bytes:
    """A chunk whose checksum is wrong."""
    return made[:-1] + bytes([made[-1] ^ 1])


def gamma(value: int) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", value))


def primaries(*values: int) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *values))


def colour_profile(content: bytes) -> bytes:
    return chunk(b"iCCP", b"any\0\0" + zlib.compress(content))


def tiff(orientation: int) -> bytes:
    return corpus.exif(orientation).tobytes()[6:]


def _png_types() -> None:
    for colour, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                way = "interlaced " if interlaced else ""
                make = partial(png, depth, colour, interlaced=interlaced)
                add(f"{way}png of type {colour} with {depth} bits", make)
    for side in (1, 2, 3, 5, 7, 8, 9):
        make = partial(png, 8, 2, interlaced=True, size=(side, side))
        add(f"interlaced png of {side} x {side}", make)


def _png_transparency() -> None:
    for depth in DEPTHS[0]:
        for value in {0, 1, (1 << depth) - 1, 0x80 % (1 << depth)}:
            key = chunk(b"tRNS", struct.pack(">H", value))
            add(f"png of {depth} bits grey where {value} is clear", partial(png, depth, 0, key))
    key = struct.pack(">3H", *(ramp(99, 9, c, 255) for c in range(3)))
    add("png of colours where one is clear", partial(png, 8, 2, chunk(b"tRNS", key)))
    key = struct.pack(">3H", *(ramp(99, 9, c, 65_535) for c in range(3)))
    add("png of 16 bits where one colour is clear", partial(png, 16, 2, chunk(b"tRNS", key)))
    key = struct.pack(">H", 0x0140)
    add("png of 8 bits grey whose key has 16", partial(png, 8, 0, chunk(b"tRNS", key)))
    for depth in DEPTHS[3]:
        alphas = chunk(b"tRNS", bytes(range(1 << depth)))
        add(f"png of a palette of {depth} bits with alpha", partial(png, depth, 3, alphas))
    add("png with more alphas than colours", partial(png, 1, 3, chunk(b"tRNS", bytes(9))))
    add("png of RGBA with a key", partial(png, 8, 6, chunk(b"tRNS", bytes(6))))
    add("png of grey with a short key", partial(png, 8, 0, chunk(b"tRNS", b"\x80")))


def _png_colours() -> None:
    for value in (0, 20_000, 45_455, 55_000, 100_000, 200_000):
        add(f"png with gamma {value}", partial(png, 8, 2, gamma(value)))
    for colour, depth in ((0, 4), (0, 16), (3, 8), (4, 8), (6, 16)):
        name = f"png of type {colour} with {depth} bits with gamma"
        add(name, partial(png, depth, colour, gamma(60_000)))
    grey_with_key = partial(png, 4, 0, gamma(60_000), chunk(b"tRNS", b"\0\5"))
    add("png of grey with gamma and key", grey_with_key)
    add("png of primaries alone", partial(png, 8, 2, primaries(*DISPLAY_P3)))
    add("png of P3", partial(png, 8, 2, gamma(45_455), primaries(*DISPLAY_P3)))
    add("png of sRGB's primaries", partial(png, 8, 2, gamma(50_000), primaries(*D65_SRGB)))
    add("png of no primaries", partial(png, 8, 2, gamma(45_455), primaries(*[0] * 8)))
    add("png of sRGB that says gamma too", partial(png, 8, 2, gamma(99_999), chunk(b"sRGB", b"\0")))
    for code in ((1, 13), (12, 13), (9, 1), (1, 8)):
        said = chunk(b"cICP", bytes([*code, 0, 1]))
        add(f"png with code points {code}", partial(png, 8, 2, said))
    swapped, cube = profiles.swapped_profile(), profiles.table_profile()
    for colour, depth in ((0, 8), (2, 8), (2, 16), (3, 4), (6, 8)):
        made = partial(png, depth, colour, colour_profile(swapped))
        add(f"png of type {colour} with {depth} bits with a profile", made)
    for colour, depth in ((2, 8), (3, 8), (6, 8)):
        made = partial(png, depth, colour, colour_profile(cube))
        add(f"png of type {colour} with a profile of tables", made, CONVERTED)
    grey = profiles.grey_profile()
    for colour, depth in ((0, 1), (0, 4), (0, 8), (0, 16), (4, 8)):
        made = partial(png, depth, colour, colour_profile(grey))
        add(f"png of type {colour} with {depth} bits with a grey profile", made)
    broken = colour_profile(b"no profile" * 20)
    add("png with a broken profile and gamma", partial(png, 8, 2, gamma(70_000), broken))


def _png_chunks() -> None:
    text = chunk(b"tEXt", b"Comment\0text")
    large = zlib.compress(bytes(3 << 20))
    around = {
        "a text whose checksum is wrong": spoilt(text),
        "a gamma whose checksum is wrong": spoilt(gamma(90_000)),
        "a key whose checksum is wrong": spoilt(chunk(b"tRNS", bytes(6))),
        "a short pHYs": chunk(b"pHYs", b"\0\0"),
        "a short gamma": chunk(b"gAMA", b"\0"),
        "a text that unpacks to 3 MiB": chunk(b"zTXt", b"Comment\0\0" + large),
        "a profile that unpacks to 3 MiB": chunk(b"iCCP", b"icc\0\0" + large),
        "a text that does not unpack": chunk(b"zTXt", b"Comment\0\0junk"),
        "a background and a histogram": chunk(b"bKGD", bytes(6)) + chunk(b"sBIT", b"\5\5\5"),
        "a suggested palette": chunk(b"PLTE", bytes(9)),
        "a private chunk": chunk(b"prIv", b"anything"),
        "a time": chunk(b"tIME", b"\x07\xd0\1\1\0\0\0"),
    }
    for name, made in around.items():
        add(f"png with {name}", partial(png, 8, 2, made))
    add("png with a text behind its pixels", partial(png, 8, 2, after=text))
    add("png with gamma behind its pixels", partial(png, 8, 2, after=gamma(99_999)))
    add("png with its pixels in single bytes", partial(png, 1, 0, part=1))
    add("png that is not packed", partial(png, 8, 2, level=0))
    for orientation in (*corpus.STORED_AS, 0, 9):
        made = chunk(b"eXIf", tiff(orientation))
        add(f"png turned by EXIF {orientation}", partial(png, 8, 2, made))
        add(f"png of 16 bits turned by EXIF {orientation}", partial(png, 16, 6, made), ROUNDED)
    late = partial(png, 8, 2, after=chunk(b"eXIf", tiff(6)))
    add("png with EXIF behind its pixels", late)
    add("png without its end", lambda: png()[:-12])
    add("png without its last byte", lambda: png()[:-1])
    add("png with more pixels than it says", _png_of_too_many)
    add("png with bytes behind its packed pixels", partial(_png_of, lambda packed: packed + b"x"))
    add("png without the checksum of its pixels", partial(_png_of, lambda packed: packed[:-4]))


def _png_of_too_many() -> bytes:
    return corpus.raw_png(WIDTH, 2, 8, 2, rows(WIDTH, 9, 8, 3, False))


def _png_of(change: Callable[[bytes], bytes]) -> bytes:
    packed = zlib.compress(rows(WIDTH, HEIGHT, 8, 3, False))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", change(packed))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


for _kinds in (_png_types, _png_transparency, _png_colours, _png_chunks):
    _kinds()
