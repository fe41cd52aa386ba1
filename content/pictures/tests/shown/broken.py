"""What browsers do not show either."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import partial

from content.pictures.tests import corpus
from content.pictures.tests.corpus import chunk
from content.pictures.tests.shown.jpeg import photo
from content.pictures.tests.shown.png import png
from content.pictures.tests.shown.sample import HEIGHT, WIDTH


def damaged(content: bytes, name: bytes, offset: int) -> bytes:
    """One bit is wrong so many bytes behind the chunk's name."""
    spot = content.index(name) + offset
    return content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :]


def changed(offset: int, value: int) -> bytes:
    """A PNG whose header says something else, with a checksum that is right."""
    content = bytearray(png())
    content[offset] = value
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


def resized(width: int, height: int) -> bytes:
    """A JPEG whose header says another size."""
    size = struct.pack(">HH", HEIGHT, WIDTH)
    return photo().replace(size, struct.pack(">HH", height, width), 1)


BROKEN: dict[str, Callable[[], bytes]] = {
    "png whose header has a wrong checksum": lambda: damaged(png(), b"IHDR", 17),
    "png whose palette has a wrong checksum": lambda: damaged(png(8, 3), b"PLTE", 772),
    "png without pixels": lambda: png().replace(b"IDAT", b"idAt"),
    "png of no depth": partial(changed, 24, 0),
    "png of 3 bits": partial(changed, 24, 3),
    "png of 99 bits": partial(changed, 24, 99),
    "png of colour type 1": partial(changed, 25, 1),
    "png of colour type 9": partial(changed, 25, 9),
    "png of another compression": partial(changed, 26, 1),
    "png of another filter": partial(changed, 27, 1),
    "png of another interlace": partial(changed, 28, 2),
    "png without width": lambda: corpus.raw_png(0, 9, 8, 2, b""),
    "png without height": lambda: corpus.raw_png(9, 0, 8, 2, b""),
    "png whose first byte has 7 bits": lambda: b"\x09" + png()[1:],
    "png whose line ends were converted": lambda: png().replace(b"\r\n", b"\n", 1),
    "png with a chunk that no viewer knows": partial(png, 8, 2, chunk(b"NEWx", b"")),
    "png without a header": lambda: png()[:8] + png()[33:],
    "jpeg of 12 bits": lambda: photo().replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"),
    "lossless jpeg": lambda: photo().replace(b"\xff\xc0\0\x11", b"\xff\xc3\0\x11"),
    "jpeg without its tables": lambda: photo().replace(b"\xff\xdb", b"\xff\xed"),
    "jpeg without a frame": lambda: photo().replace(b"\xff\xc0\0\x11", b"\xff\xed\0\x11"),
    "jpeg without a scan": lambda: photo()[: photo().index(b"\xff\xda")] + b"\xff\xd9",
    "jpeg without width": lambda: resized(0, HEIGHT),
    "jpeg without height": lambda: resized(WIDTH, 0),
    "gif without a frame": lambda: corpus.raw_gif(9, 9),
    "gif of another version": lambda: (
        corpus.gif().replace(b"GIF87a", b"GIF88a").replace(b"GIF89a", b"GIF88a")
    ),
}
