"""Uploaded pictures, in one direction: bytes, decoded, cleaned original, renditions.

Nothing here knows of storage, database or requests: bytes come in and a `Picture` goes out, or
`InvalidImage`, and nothing is left behind. `inspect` reads the header and is cheap; `process` does
the work. What is no part of the picture (metadata, comments, trailing bytes, a second file
inside) does not survive it.

Bounds of a file that `inspect` accepts: MAX_FILE_SIZE bytes, MAX_PIXELS for each frame, and of an
animation MAX_FRAMES and MAX_ANIMATION_PIXELS. What is stored of it: an original of at most
`source.GROWTH` x MAX_FILE_SIZE and renditions of at most `renditions.MAX_BYTES`, all together.

Memory. A pixel takes at most 4 bytes, and a picture exists at most twice at a moment (turned
upright, converted, or its alpha multiplied in): 40 megapixels x 4 x 2 = 305 MiB, 343 with the
indices of a transparent palette or the transparent colour of 16 bits a channel. A JPEG in several
scans keeps its coefficients while it is decoded, 2 bytes a sample: 4 + 6 bytes a pixel, 381 MiB;
with four channels it is held to 30 megapixels instead. Pictures take turns, so this is spent once
per process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from PIL.Image import Image

from content.pictures.cleaning import refusals, turns
from content.pictures.cleaning.formats import gif, jpeg, png, png_chunks
from content.pictures.cleaning.formats.source import Source
from content.pictures.cleaning.refusals import InvalidImage
from content.pictures.cleaning.renditions import WIDTHS, Rendition, smaller_copies

__all__ = ["InvalidImage", "Picture", "Rendition", "Source", "inspect", "process", "render"]

FORMATS = tuple(kind.format for kind in (jpeg.Jpeg, png.Png, gif.Gif))
MAX_SIDE = 65_500  # of a JPEG; each row of a bitmap costs memory beside its pixels
MAX_FRAMES = 1_000
MAX_ANIMATION_PIXELS = 200_000_000


@dataclass(frozen=True)
class Picture:
    content: bytes  # the original
    format: str  # one of FORMATS
    width: int  # upright, in pixels
    height: int
    animated: bool
    placeholder: str  # data URI of a tiny WebP
    renditions: tuple[Rendition, ...]  # narrow to wide; none as wide as the original

    @property
    def extension(self) -> str:
        return "jpg" if self.format == "jpeg" else self.format


def inspect(file: BinaryIO) -> Source:
    """An upload whose type, size, pixels and frames are acceptable, with nothing decoded yet.

    Raises `InvalidImage`.
    """
    return _opened(_read(file, settings.MAX_FILE_SIZE))


def process(source: Source) -> Picture:
    """Clean what `inspect` gave and make its renditions.

    Raises `InvalidImage`, and `Busy` where a few others wait already.
    """
    with turns.taken(sum(source.areas)):
        return _cleaned(source)


def render(file: BinaryIO) -> Picture:
    """Describe a stored file and make its renditions, leaving it as it is. Raises as `inspect` and
    `process`."""
    content = _read(file)
    source = _opened(content)
    with turns.taken(source.areas[0]):
        return _unchanged(source, content)


# Each of these holds the only bitmap, and gives it up before the turn ends.


def _cleaned(source: Source) -> Picture:
    bitmap = source.bitmap()
    return _picture(source, source.cleaned(bitmap), bitmap)


def _unchanged(source: Source, content: bytes) -> Picture:
    return _picture(source, content, source.bitmap(enough=2 * max(WIDTHS)))


def _picture(source: Source, content: bytes, bitmap: Image) -> Picture:
    renditions, placeholder = smaller_copies(bitmap, *source.size)
    animated = len(source.areas) > 1
    return Picture(content, source.format, *source.size, animated, placeholder, renditions)


def _read(file: BinaryIO, limit: int | None = None) -> bytes:
    """All bytes, at most `limit`."""
    file.seek(0)
    content = file.read() if limit is None else file.read(limit + 1)
    if not content:
        raise refusals.empty()
    if limit is not None and len(content) > limit:
        raise refusals.too_large(limit)
    return content


def _opened(content: bytes) -> Source:
    """The file read by its real format, and found within bounds."""
    if content.startswith(jpeg.SIGNATURE):
        source = jpeg.Jpeg(content)
    elif content.startswith(png_chunks.SIGNATURE):
        source = png.Png(content)
    elif content.startswith(gif.SIGNATURES):
        source = gif.Gif(content, MAX_FRAMES)
    else:
        raise refusals.other_format(content)
    _check_bounds(source)
    return source


def _check_bounds(source: Source) -> None:
    areas = source.areas
    if max(areas) > source.max_pixels:
        raise refusals.too_many_pixels(source.max_pixels)
    if max(source.size) > MAX_SIDE:
        raise refusals.too_long_a_side(MAX_SIDE)
    if len(areas) > 1 and (len(areas) > MAX_FRAMES or sum(areas) > MAX_ANIMATION_PIXELS):
        raise refusals.too_long(MAX_FRAMES, MAX_ANIMATION_PIXELS)
