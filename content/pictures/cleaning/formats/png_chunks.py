"""A PNG taken apart without decoding it: what of it is shown, still or animated.

Everything else, however broken, is never looked at. A checksum that fails is ignored together
with its chunk where a browser can do without that, and is damage where it cannot.

Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 100_000  # reading takes time for each; a large picture has some hundred
# Without these nothing, or something else, would be shown.
_NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"acTL", b"fcTL", b"fdAT"}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_KEY_SIZE = {0: 2, 2: 6}  # of the transparent colour, in bytes, by colour type
_ANY = -1  # size
_ONE_PASS = ((0, 0, 1, 1),)
_ADAM7 = (  # left, top, and the steps to the right and down
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


class Header(NamedTuple):
    width: int
    height: int
    depth: int  # bits of a channel or of a palette's number
    colour: int  # type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
    compression: int
    filter: int
    interlace: int

    def packed(self) -> bytes:
        return struct.pack(">IIBBBBB", *self)

    def unpacked_size(self) -> int:
        """Bytes of all rows, each with one for its filter."""
        bits, total = self.depth * _CHANNELS[self.colour], 0
        for left, top, right, down in _ADAM7 if self.interlace else _ONE_PASS:
            columns, rows = -((left - self.width) // right), -((top - self.height) // down)
            total += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
        return total


class Frame(NamedTuple):
    box: tuple[int, int, int, int]  # width, height, left, top in pixels
    timing: bytes  # delay, disposal and blending, as stored; empty of a still
    pixels: list[memoryview]  # parts of one zlib stream


@dataclass
class Parsed:
    """`still` is shown where animations are not; of an animation it may be the first frame."""

    header: Header
    palette: bytes = b""
    transparency: bytes = b""
    hints: dict[bytes, bytes] = field(default_factory=dict)  # colours and EXIF, by chunk
    still: list[memoryview] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    plays: bytes = b""  # how often, as stored; empty of a still


def chunk(name: bytes, *parts: bytes | memoryview) -> bytes:
    data = b"".join(parts)
    checksum = zlib.crc32(data, zlib.crc32(name))
    return struct.pack(">I4s", len(data), name) + data + struct.pack(">I", checksum)


def parse(content: bytes) -> Parsed:
    """Raises what `refusals.reading` takes for damage."""
    chunks = _chunks(memoryview(content))
    name, data = next(chunks, (b"", b""))
    if name != b"IHDR":
        raise ValueError("no header")
    reader = _Reader(Header(*struct.unpack(">IIBBBBB", data)))
    for name, data in chunks:
        reader.take(name, data)
    return reader.result()


def _chunks(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Name and data of each whole chunk up to IEND or, where the file ends before, its end."""
    position = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if position + 12 > len(content):
            return
        size, name = struct.unpack_from(">I4s", content, position)
        data = content[position + 8 : position + 8 + size]
        position += size + 12
        if name == b"IEND":
            return
        if position > len(content):
            raise EOFError("the file breaks off")
        (checksum,) = struct.unpack_from(">I", content, position - 4)
        if zlib.crc32(data, zlib.crc32(name)) == checksum:
            yield name, data
        elif name in _NEEDED:
            raise ValueError("wrong checksum")
    raise ValueError("too many chunks")


class _Reader:
    """Takes chunks one by one."""

    def __init__(self, header: Header) -> None:
        known = header.depth in _DEPTHS.get(header.colour, ())
        if not known or any(header[4:6]) or header.interlace > 1:
            raise ValueError("no such picture")
        if not (header.width and header.height):
            raise ValueError("no pixels")
        self.parsed = Parsed(header)
        self._last = b""
        self._sequence = self._announced = 0

    def take(self, name: bytes, data: memoryview) -> None:
        if name in self._takers:
            self._takers[name](self, data)
        elif not name[0] & 0x20:  # a capital: one that no viewer may skip
            raise ValueError("unknown chunk")
        elif not self.parsed.still and self._hint_sizes.get(name) in (len(data), _ANY):
            self.parsed.hints.setdefault(name, bytes(data))
        self._last = name

    def result(self) -> Parsed:
        if not self.parsed.still or (self.parsed.header.colour == 3 and not self.parsed.palette):
            raise ValueError("no pixels")
        if self._announced != len(self.parsed.frames):
            raise ValueError("frames are missing")
        return self.parsed

    def _take_palette(self, data: memoryview) -> None:
        if self.parsed.header.colour == 3 and not self.parsed.palette:
            if len(data) % 3 or not 0 < len(data) <= 768:
                raise ValueError("no palette")
            self.parsed.palette = bytes(data)

    def _take_transparency(self, data: memoryview) -> None:
        colour = self.parsed.header.colour
        if self.parsed.still or self.parsed.transparency:
            return
        if colour == 3:
            self.parsed.transparency = bytes(data[: len(self.parsed.palette) // 3])
        elif len(data) == _KEY_SIZE.get(colour):
            self.parsed.transparency = bytes(data)

    def _take_pixels(self, data: memoryview) -> None:
        if not self.parsed.still or self._last == b"IDAT":  # else too late, and so ignored
            self.parsed.still.append(data)

    def _take_announcement(self, data: memoryview) -> None:
        if not self.parsed.still and not self._announced and len(data) == 8:
            (self._announced,) = struct.unpack_from(">I", data)
            self.parsed.plays = bytes(data[4:]) if self._announced else b""

    def _take_control(self, data: memoryview) -> None:
        if not self._announced:
            return
        number, *box = struct.unpack_from(">5I", data)
        self._count(number)
        width, height, left, top = box
        size = self.parsed.header.width, self.parsed.header.height
        inside = 0 < width <= size[0] - left and 0 < height <= size[1] - top
        is_first = self.parsed.frames or self.parsed.still or tuple(box) == (*size, 0, 0)
        if not (inside and is_first and len(data) == 26):
            raise ValueError("no such frame")
        pixels = [] if self.parsed.still else self.parsed.still
        self.parsed.frames.append(Frame((width, height, left, top), bytes(data[20:]), pixels))

    def _take_frame_pixels(self, data: memoryview) -> None:
        if self._announced:
            self._count(*struct.unpack_from(">I", data))
            self.parsed.frames[-1].pixels.append(data[4:])

    def _count(self, number: int) -> None:
        if number != self._sequence:
            raise ValueError("wrong order")
        self._sequence += 1

    _takers = {
        b"PLTE": _take_palette,
        b"tRNS": _take_transparency,
        b"IDAT": _take_pixels,
        b"acTL": _take_announcement,
        b"fcTL": _take_control,
        b"fdAT": _take_frame_pixels,
    }
    _hint_sizes = {b"cICP": 4, b"iCCP": _ANY, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"eXIf": _ANY}
