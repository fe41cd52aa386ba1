"""A JPEG taken apart without decoding it: what of it makes its (first) picture.

Source: ITU-T T.81 (1992), annex B and G.1; ICC.1:2022, B.4; Exif 2.32, 4.7.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from content.pictures.cleaning import refusals
from content.pictures.cleaning.formats import exif

# Encoders write ten scans or so; each further one costs a pass over all pixels.
MAX_SCANS, MAX_PIXELS_OF_SCANS = 100, 1_000_000_000
MAX_SEGMENTS = 10_000  # reading takes time for each; a camera writes some dozens

# All that a length or the end follows: not restarts, and not the stuffed bytes in a scan's data,
# where the first byte of a marker is never bare.
_MARKER = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
_START, _END = b"\xff\xd8", b"\xff\xd9"
_HUFFMAN, _QUANTISATION, _RESTARTS = 0xC4, 0xDB, 0xDD
_FRAMES, _PROGRESSIVE = (0xC0, 0xC1, 0xC2), 0xC2
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_END_OF_IMAGE, _SCAN = 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
# How the three channels are meant is in the segments of JFIF and Adobe.
_COLOUR_MODELS = {_APP0: b"JFIF\0", _APP14: b"Adobe"}
_EXIF, _ICC = b"Exif\0\0", b"ICC_PROFILE\0"


class Component(NamedTuple):
    name: int
    sampling: tuple[int, int]  # horizontal, vertical
    table: int  # which quantisation


@dataclass
class Parsed:
    """`content` is the file reduced to what decoders need of its first picture."""

    width: int = 0
    height: int = 0
    components: list[Component] = field(default_factory=list)
    is_progressive: bool = False
    scans: int = 0
    orientation: int | None = None  # None where there is no EXIF
    profile: bytes = b""
    content: bytes = b""


def parse(content: bytes) -> Parsed:
    """Raises `InvalidImage`, and what `refusals.reading` takes for damage."""
    reader = _Reader()
    for marker, data, pixels in _segments(content):
        reader.take(marker, data, pixels)
    return reader.result()


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, data and, of a scan, the pixels of each segment up to the end of the picture.

    Raises EOFError where that is missing: browsers then wait for the last rows.
    """
    match = _next(content, len(_START))
    for _ in range(MAX_SEGMENTS):
        if (marker := content[match.end() - 1]) == _END_OF_IMAGE:
            return
        start = match.end()
        end = start + int.from_bytes(content[start : start + 2], "big")
        match = _next(content, end)
        yield marker, content[start + 2 : end], content[end : match.start()]
    raise ValueError("too many segments")


def _next(content: bytes, position: int) -> re.Match[bytes]:
    if match := _MARKER.search(content, position):
        return match
    raise EOFError("the file breaks off")


class _Reader:
    """Takes segments one by one."""

    def __init__(self) -> None:
        self.parsed = Parsed()
        self._parts = [_START]
        self._profile: dict[int, bytes] = {}
        # By component and coefficient, how many of its lowest bits are still to come. What was
        # never begun, beside the first coefficient, may be nothing.
        self._missing_bits: dict[tuple[int, int], int] = {}

    def take(self, marker: int, data: bytes, pixels: bytes) -> None:
        if marker in _OTHER_FRAMES:
            raise refusals.jpeg_kind()
        if marker in _FRAMES:
            self._take_frame(marker, data)
        elif marker == _SCAN:
            data = self._take_scan(data)
        elif not self.parsed.scans and (take := self._hints.get(marker)):
            take(self, data)
        if self._is_shown(marker, data):
            self._parts += [bytes([0xFF, marker]), (len(data) + 2).to_bytes(2, "big"), data]
            self._parts += [pixels] if marker == _SCAN else []

    def result(self) -> Parsed:
        needed = {(component.name, 0) for component in self.parsed.components}
        if not needed or needed - self._missing_bits.keys() or any(self._missing_bits.values()):
            raise EOFError("scans are missing")
        self.parsed.content = b"".join([*self._parts, _END])
        self.parsed.profile = b"".join(self._profile[part] for part in sorted(self._profile))
        return self.parsed

    def _take_frame(self, marker: int, data: bytes) -> None:
        depth, count = data[0], data[5]
        if depth != 8:
            raise refusals.jpeg_kind()
        if self.parsed.components or count not in (1, 3, 4):
            raise ValueError("no such frame")
        self.parsed.is_progressive = marker == _PROGRESSIVE
        self.parsed.height = int.from_bytes(data[1:3], "big")
        self.parsed.width = int.from_bytes(data[3:5], "big")
        if not (self.parsed.width and self.parsed.height):
            raise ValueError("no pixels")
        for start in range(6, 6 + 3 * count, 3):
            name, sampling, table = data[start : start + 3]
            component = Component(name, (sampling >> 4, sampling & 15), table)
            self.parsed.components.append(component)

    def _take_scan(self, data: bytes) -> bytes:
        """The header as it should be: some telephones write no band into a sequential one."""
        self.parsed.scans += 1
        pixels = self.parsed.scans * self.parsed.width * self.parsed.height
        if self.parsed.scans > MAX_SCANS or pixels > MAX_PIXELS_OF_SCANS:
            raise ValueError("too many scans")
        components = data[1 : 1 + 2 * data[0] : 2]
        first, last, bits = data[-3:] if self.parsed.is_progressive else (0, 63, 0)
        if len(components) > 4 or last > 63:
            raise ValueError("no such scan")
        for place in product(components, range(first, last + 1)):
            self._missing_bits[place] = bits & 15
        return data[:-3] + bytes([first, last, bits])

    def _take_exif(self, data: bytes) -> None:
        """The first one counts, even where it cannot be read."""
        if data.startswith(_EXIF) and self.parsed.orientation is None:
            self.parsed.orientation = exif.orientation(data[len(_EXIF) :])

    def _take_profile(self, data: bytes) -> None:
        if data.startswith(_ICC) and len(data) > len(_ICC) + 2:
            self._profile.setdefault(data[len(_ICC)], data[len(_ICC) + 2 :])

    def _is_shown(self, marker: int, data: bytes) -> bool:
        model = _COLOUR_MODELS.get(marker)
        if model:
            return data.startswith(model)
        return marker in (_HUFFMAN, _QUANTISATION, _RESTARTS, _SCAN, *_FRAMES)

    _hints: dict[int, Callable[[_Reader, bytes], None]] = {_APP1: _take_exif, _APP2: _take_profile}
