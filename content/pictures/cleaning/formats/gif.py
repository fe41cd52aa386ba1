"""GIF: taken apart and put together again, frame by frame.

Each frame's indices are decoded and encoded anew without loss, so palettes, positions, durations,
disposal, transparency and looping stay exactly as they were, while comments, application data,
bytes hidden behind the pixels and anything after the end are gone. Only one frame is in memory
at a time, a byte per pixel.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image
from PIL.GifImagePlugin import GifImageFile, getdata

from content.pictures.cleaning import refusals
from content.pictures.cleaning.formats.gif_blocks import (
    HAS_PALETTE,
    HAS_TRANSPARENCY,
    INTERLACED,
    TRAILER,
    Frame,
    Parsed,
    parse,
)
from content.pictures.cleaning.formats.source import BoundedOutput, Source, on_screen

SIGNATURES = (b"GIF87a", b"GIF89a")


class Gif(Source):
    format = "gif"

    def __init__(self, content: bytes, max_frames: int) -> None:
        with refusals.reading():
            self._parsed = parse(content, max_frames)
        self.width, self.height = self._parsed.width, self._parsed.height

    @property
    def areas(self) -> list[int]:
        """A frame may be larger than the screen."""
        screen = self.width * self.height
        return [max(screen, frame.box[2] * frame.box[3]) for frame in self._parsed.frames]

    def bitmap(self, enough: int | None = None) -> Image.Image:
        """The first frame on the screen, with nothing around it."""
        frame = self._parsed.frames[0]
        with refusals.reading():
            image = _indices(frame)
        image.info = {}
        if palette := frame.palette or self._parsed.palette:
            image.putpalette(palette)
        if frame.control and frame.control[0] & HAS_TRANSPARENCY:
            image.info["transparency"] = frame.control[3]
        if frame.box == (0, 0, self.width, self.height):
            return image
        return on_screen(image, (self.width, self.height), frame.box[:2])

    def cleaned(self, bitmap: Image.Image) -> bytes:
        output = BoundedOutput()
        with refusals.reading():
            for part in _written(self._parsed):
                output.write(part)
        return output.getvalue()


def _written(gif: Parsed) -> Iterator[bytes]:
    """The parts of a clean file; raises what Pillow raises where a frame does not decode."""
    yield b"GIF89a" + struct.pack("<HH", gif.width, gif.height)
    yield bytes([_palette_flags(gif.palette), gif.background, 0]) + gif.palette
    if gif.loops is not None:
        yield b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", gif.loops) + b"\0"
    for frame in gif.frames:
        if frame.control:
            yield b"!\xf9\x04" + frame.control + b"\0"
        encoded = b"".join(getdata(_indices(frame), frame.box[:2]))
        yield encoded[:9] + bytes([_palette_flags(frame.palette)]) + frame.palette + encoded[10:]
    yield TRAILER


def _indices(frame: Frame) -> GifImageFile:
    """The frame's pixels as numbers in its palette (mode L: a GIF without colours reads so)."""
    size = struct.pack("<HH", *frame.box[2:])
    flags = bytes([INTERLACED if frame.interlaced else 0])
    parts = b"GIF89a", size, b"\0\0\0,\0\0\0\0", size, flags, frame.data, TRAILER
    image = GifImageFile(BytesIO(b"".join(parts)))
    image.load()
    return image


def _palette_flags(palette: bytes) -> int:
    """The bits that announce a palette of 2, 4, ... 256 colours, 3 bytes each."""
    return HAS_PALETTE | (len(palette) // 6).bit_length() - 1 if palette else 0
