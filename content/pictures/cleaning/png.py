"""Whether a PNG is whole. Pillow fills rows that are missing with black and checks neither the
checksums of the pixels nor the end of the file.

Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 10_000  # reading the header takes time for each; a large picture has some hundred
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_ONE_PASS = ((0, 0, 1, 1),)
_ADAM7 = (  # left, top, and the steps to the right and down
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
_BLOCK = 1 << 20


def has_too_many_chunks(content: bytes) -> bool:
    """Whether there are more than MAX_CHUNKS; reads their lengths and names only."""
    position = len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if position + 8 > len(content):
            return False
        size, name = struct.unpack_from(">I4s", content, position)
        if name == b"IEND":
            return False
        position += size + 12
    return True


def check_whole(content: bytes) -> None:
    """Raises EOFError, ValueError, struct.error or zlib.error where anything is missing."""
    chunks = list(_chunks(memoryview(content)))
    expected = _unpacked_size(*struct.unpack(">IIBBBBB", chunks[0][1]))
    pixels = (data for name, data in chunks if name == b"IDAT")
    if _unpack(pixels, expected) < expected:
        raise EOFError("the pixels break off")


def _chunks(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Name and data of each chunk up to IEND, its checksum found right."""
    position, name = len(SIGNATURE), b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", content, position)
        data = content[position + 8 : position + 8 + size]
        (checksum,) = struct.unpack_from(">I", content, position + 8 + size)
        if zlib.crc32(data, zlib.crc32(name)) != checksum:
            raise ValueError("wrong checksum")
        yield name, data
        position += size + 12


def _unpacked_size(
    width: int,
    height: int,
    depth: int,
    colour: int,
    _compression: int,
    _filter: int,
    interlace: int,
) -> int:
    """Bytes of all rows, each with one for its filter."""
    bits = depth * _CHANNELS[colour]
    total = 0
    for left, top, right, down in _ADAM7 if interlace else _ONE_PASS:
        columns, rows = -((left - width) // right), -((top - height) // down)
        total += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
    return total


def _unpack(parts: Iterable[memoryview], enough: int) -> int:
    """How many bytes the parts unpack to; stops soon after `enough`, keeps none."""
    unpacker, total = zlib.decompressobj(), 0
    for part in parts:
        while part and total < enough:
            total += len(unpacker.decompress(part, _BLOCK))
            part = unpacker.unconsumed_tail
    return total
