"""Why a picture is refused, in words that say what to do."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL.Image import DecompressionBombError

_MEBIBYTE = 1024 * 1024

DAMAGED = _("The image is damaged or incomplete")
EMPTY = _("The file is empty")
_WRONG_FORMAT = _("Only JPEG, PNG and GIF images are allowed")
_OTHER_FORMAT = _("This is a {format} file. Save it as JPEG or PNG and send that.")
_HEIC = _(
    "This is a HEIC photo. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, "
    "“Most Compatible” and take it again, or export it as JPEG."
)
_JPEG_KIND = _(
    "This kind of JPEG (12 bits, lossless or arithmetic) is shown by no browser. "
    "Save it as an ordinary JPEG with 8 bits."
)
_TOO_LARGE = _("The maximum file size is {limit} MB")
_TOO_MANY_PIXELS = _("The image may have at most {limit} megapixels")
_TOO_LONG_A_SIDE = _("The image may be at most {limit} pixels wide and high")
_TOO_LONG = _("The animation may have at most {frames} frames and {limit} megapixels in all")

# What people send for a photo or a logo; `ftyp` is followed by the brand (ISO/IEC 14496-12, 4.3).
_OTHER_FORMATS = (
    (0, b"RIFF", 8, b"WEBP", "WebP"),
    (4, b"ftyp", 8, b"avi", "AVIF"),
    (0, b"\0\0\0\x0cJXL ", 0, b"", "JPEG XL"),
    (0, b"\xff\x0a", 0, b"", "JPEG XL"),
    (0, b"II*\0", 0, b"", "TIFF"),
    (0, b"MM\0*", 0, b"", "TIFF"),
    (0, b"BM", 6, b"\0\0\0\0", "BMP"),
    (0, b"%PDF", 0, b"", "PDF"),
    (0, b"8BPS", 0, b"", "Photoshop"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class InvalidImage(ValueError):
    """An upload that is not accepted; `str()` of it is the message for the person."""


@contextmanager
def reading() -> Iterator[None]:
    """What a broken file makes parsers and decoders raise, as one error. Kept around reading and
    decoding only, so that mistakes of ours stay visible."""
    try:
        yield
    except InvalidImage:
        raise
    except (
        *(OSError, EOFError, SyntaxError, ValueError, LookupError, ArithmeticError, MemoryError),
        *(struct.error, zlib.error, DecompressionBombError),
    ) as error:
        raise InvalidImage(DAMAGED) from error


def damaged() -> InvalidImage:
    return InvalidImage(DAMAGED)


def empty() -> InvalidImage:
    return InvalidImage(EMPTY)


def other_format(content: bytes) -> InvalidImage:
    """What is no JPEG, PNG or GIF, by its real name where that is known."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS and b"avif" not in content[8:64]:
        return InvalidImage(_HEIC)
    for start, magic, further, rest, name in _OTHER_FORMATS:
        if content.startswith(magic, start) and content.startswith(rest, further):
            return InvalidImage(format_lazy(_OTHER_FORMAT, format=name))
    return InvalidImage(_WRONG_FORMAT)


def jpeg_kind() -> InvalidImage:
    return InvalidImage(_JPEG_KIND)


def too_large(limit: int) -> InvalidImage:
    """`limit` in bytes."""
    return InvalidImage(format_lazy(_TOO_LARGE, limit=f"{limit / _MEBIBYTE:.4g}"))


def too_many_pixels(limit: int) -> InvalidImage:
    return InvalidImage(format_lazy(_TOO_MANY_PIXELS, limit=limit // 1_000_000))


def too_long_a_side(limit: int) -> InvalidImage:
    return InvalidImage(format_lazy(_TOO_LONG_A_SIDE, limit=limit))


def too_long(frames: int, pixels: int) -> InvalidImage:
    return InvalidImage(format_lazy(_TOO_LONG, frames=frames, limit=pixels // 1_000_000))
