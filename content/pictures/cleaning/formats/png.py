"""PNG, still or animated: whether it is whole, its pixels, and the same picture anew.

An upright one keeps its pixels as they are packed, to the bit, and what says how its colours are
meant; only what is not shown goes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

from PIL.Image import Image

from content.pictures.cleaning import colours, refusals
from content.pictures.cleaning.formats import exif, png_colours, png_pixels
from content.pictures.cleaning.formats.png_chunks import SIGNATURE, Frame, chunk, parse
from content.pictures.cleaning.formats.source import Source, encoded, on_screen


class Png(Source):
    format = "png"

    def __init__(self, content: bytes) -> None:
        with refusals.reading():
            self._parsed = parse(content)
        self._header = self._parsed.header
        self.width, self.height = self._header[:2]
        self.orientation = exif.orientation(self._parsed.hints.get(b"eXIf", b""))

    @property
    def areas(self) -> list[int]:
        return [self.width * self.height] * (len(self._parsed.frames) or 1)

    @property
    def _is_animation(self) -> bool:
        """Of one frame too, where that is not what the still picture shows."""
        frames = self._parsed.frames
        return len(frames) > 1 or (len(frames) == 1 and frames[0].pixels is not self._parsed.still)

    @property
    def _first(self) -> Frame:
        still = Frame((self.width, self.height, 0, 0), b"", self._parsed.still)
        return self._parsed.frames[0] if self._is_animation else still

    # Pixels

    def bitmap(self, enough: int | None = None) -> Image:
        with refusals.reading():
            image = self._decoded(self._first)
        profile = png_colours.profile(self._parsed.hints, image.mode)
        image = colours.for_screens(image, profile)
        return self.upright(image)

    def _decoded(self, frame: Frame) -> Image:
        """The frame on the screen of the picture, with nothing around it."""
        width, height, left, top = frame.box
        parsed = replace(self._parsed, header=self._header._replace(width=width, height=height))
        image = png_pixels.decoded(parsed, frame.pixels)
        if (width, height) == (self.width, self.height):
            return image
        return on_screen(image, (self.width, self.height), (left, top))

    # The same anew

    def cleaned(self, bitmap: Image) -> bytes:
        hints = self._parsed.hints
        is_unchanged = self.orientation == 1 and png_colours.may_be_kept(hints, bitmap)
        if not (is_unchanged or self._is_animation):
            return encoded(bitmap, "PNG", compress_level=png_pixels.LEVEL)
        with refusals.reading():
            return b"".join(self._written(png_colours.kept(hints, bitmap)))

    def _written(self, colour_chunks: bytes) -> Iterator[bytes]:
        parsed, size = self._parsed, self._header.unpacked_size()
        yield SIGNATURE + chunk(b"IHDR", self._header.packed()) + colour_chunks
        if self._is_animation:
            yield chunk(b"acTL", struct.pack(">I", len(parsed.frames)), parsed.plays)
            # Turning every frame would also mean to compose it anew.
            yield chunk(b"eXIf", exif.only(self.orientation)) if self.orientation != 1 else b""
        for name, data in ((b"PLTE", parsed.palette), (b"tRNS", parsed.transparency)):
            yield chunk(name, data) if data else b""
        if not self._is_animation or parsed.frames[0].pixels is not parsed.still:
            yield chunk(b"IDAT", png_pixels.whole(parsed.still, size))
        if self._is_animation:
            yield from self._frames()
        yield chunk(b"IEND")

    def _frames(self) -> Iterator[bytes]:
        number = 0
        for frame in self._parsed.frames:
            box = struct.pack(">5I", number, *frame.box)
            yield chunk(b"fcTL", box, frame.timing)
            number += 1
            header = self._header._replace(width=frame.box[0], height=frame.box[1])
            pixels = png_pixels.whole(frame.pixels, header.unpacked_size())
            if frame.pixels is self._parsed.still:
                yield chunk(b"IDAT", pixels)
            else:
                yield chunk(b"fdAT", struct.pack(">I", number), pixels)
                number += 1
