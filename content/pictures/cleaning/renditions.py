"""Smaller copies of a picture for narrower screens: WebP, sRGB, alpha kept.

A very tall picture lacks the wider ones: WebP has at most 16,383 pixels a side, and one of more
than MAX_PIXELS would take seconds to make and be no help to anybody. All of them together have at
most MAX_BYTES, which only noise exceeds.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL.Image import Image, Resampling

from content.pictures.cleaning.colours import to_srgb

WIDTHS = (1280, 960, 640, 320)
MAX_SIDE = 16_383
MAX_PIXELS = 5_000_000  # of one
LARGE = 2_000_000  # pixels; from there on half the time counts for more than 4 % of the size
MAX_BYTES = 5 * 1024 * 1024  # of all
PLACEHOLDER_SIDE = 8


@dataclass(frozen=True)
class Rendition:
    width: int
    height: int
    content: bytes  # WebP, sRGB


def smaller_copies(bitmap: Image, width: int, height: int) -> tuple[tuple[Rendition, ...], str]:
    """The renditions, narrow to wide, and a placeholder (a data URI under 300 bytes) of a picture
    of that size; `bitmap` may have fewer pixels, but more than the widest rendition."""
    bitmap = _ready_to_shrink(bitmap)
    renditions = []
    for size in _sizes(width, height):
        bitmap = bitmap.resize(size, Resampling.LANCZOS, reducing_gap=2)
        renditions.insert(0, Rendition(*size, _webp(bitmap, quality=82)))
    return tuple(_within_bytes(renditions)), _placeholder(bitmap)


def _sizes(width: int, height: int) -> Iterator[tuple[int, int]]:
    """From wide to narrow, each in the aspect of the original and never as wide."""
    for narrower in WIDTHS:
        size = narrower, max(1, round(height * narrower / width))
        if narrower < width and size[1] <= MAX_SIDE and size[0] * size[1] <= MAX_PIXELS:
            yield size


def _within_bytes(renditions: Iterable[Rendition]) -> Iterator[Rendition]:
    """The narrowest, as many as there is room for."""
    room = MAX_BYTES
    for rendition in renditions:
        room -= len(rendition.content)
        if room < 0:
            return
        yield rendition


def _ready_to_shrink(bitmap: Image) -> Image:
    """In a mode whose pixels can be averaged, alpha multiplied in, else edges get a halo."""
    if bitmap.has_transparency_data and bitmap.mode not in ("LA", "RGBA"):
        bitmap = bitmap.convert("RGBA")
    if bitmap.mode in ("LA", "RGBA"):
        return bitmap.convert(bitmap.mode[:-1] + "a")
    if bitmap.mode not in ("L", "RGB"):
        return bitmap.convert("RGB" if bitmap.mode == "P" else "L")
    return bitmap


def _placeholder(bitmap: Image) -> str:
    scale = PLACEHOLDER_SIDE / max(bitmap.size)
    size = max(1, round(bitmap.width * scale)), max(1, round(bitmap.height * scale))
    tiny = bitmap.resize(size, Resampling.LANCZOS, reducing_gap=2)
    return "data:image/webp;base64," + b64encode(_webp(tiny, quality=20)).decode()


def _webp(bitmap: Image, quality: int) -> bytes:
    output = BytesIO()
    if bitmap.mode in ("La", "RGBa"):
        bitmap = bitmap.convert(bitmap.mode[:-1] + "A")
    method = 4 if bitmap.width * bitmap.height <= LARGE else 2
    to_srgb(bitmap).save(output, "WEBP", quality=quality, method=method)
    return output.getvalue()
