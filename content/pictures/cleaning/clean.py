"""Uploaded pictures, in one direction: bytes, decoded, cleaned original, renditions.

Nothing here knows of storage, database or requests: bytes come in and a `Picture` goes out, or
`InvalidImage`, and nothing is left behind. Every picture is encoded anew from its pixels, so
no metadata, comment, trailing byte or second file inside survives.

Memory. A pixel takes at most 4 bytes, and a picture exists at most twice at a moment (turned
upright, converted, or its alpha multiplied in): 40 megapixels x 4 x 2 = 305 MiB, 343 with the
indices of a transparent palette. A JPEG in several scans keeps its coefficients while it is
decoded, 2 bytes a sample: 4 + 6 bytes a pixel, 381 MiB; with four channels it is held to 30
megapixels instead. Pictures take turns, so this is spent once per process.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, PngImagePlugin
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile, get_sampling
from PIL.PngImagePlugin import PngImageFile

from content.pictures.cleaning import colours, gif, jpeg, png, turns
from content.pictures.cleaning.renditions import WIDTHS, Rendition, smaller_copies

__all__ = ["InvalidImage", "Picture", "Rendition", "Upload", "check", "process", "render"]

MAX_PIXELS = 40_000_000
MAX_SIDE = 65_500  # of a JPEG; each row of a bitmap costs memory beside its pixels
MAX_FRAMES = 1_000
MAX_ANIMATION_PIXELS = 200_000_000
GROWTH = 2  # how many times MAX_FILE_SIZE a cleaned original may have
MAX_SCANS = 100  # encoders write ten or so; each further one costs a pass over all pixels
MAX_PIXELS_FOUR_CHANNELS_IN_SCANS = 30_000_000

# Pillow unpacks up to 64 MiB of text chunks before a pixel is read, and outside of any turn.
PngImagePlugin.MAX_TEXT_MEMORY = 8 * 1024 * 1024

_OPENERS: dict[bytes, type[ImageFile]] = {
    b"\xff\xd8\xff": JpegImageFile,  # the class itself reads a phone's MPO as its first picture
    b"\x89PNG\r\n\x1a\n": PngImageFile,
    b"GIF87a": GifImageFile,
    b"GIF89a": GifImageFile,
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow's own level, 6, is 7 % smaller on dithered pictures and takes nine times as long.
_PNG_OPTIONS = {"compress_level": 4}

_WRONG_FORMAT = _("Only JPEG, PNG and GIF images are allowed")
_DAMAGED = _("The image is damaged or incomplete")
_EMPTY = _("The file is empty")
_TOO_LARGE = _("The maximum file size is {limit} MB")
_TOO_MANY_PIXELS = _("The image may have at most {limit} megapixels")
_TOO_LONG_A_SIDE = _("The image may be at most {limit} pixels wide and high")
_TOO_LONG = _("The animation may have at most {frames} frames and {limit} megapixels in all")


class InvalidImage(ValueError):
    """An upload that is not accepted; `str()` of it is the message for the person."""


@dataclass(frozen=True)
class Picture:
    content: bytes  # the original
    format: str  # "jpeg", "png" or "gif"
    width: int  # upright, in pixels
    height: int
    placeholder: str  # data URI of a tiny WebP
    renditions: tuple[Rendition, ...]  # narrow to wide; none as wide as the original

    @property
    def extension(self) -> str:
        return "jpg" if self.format == "jpeg" else self.format


@dataclass(frozen=True)
class Upload:
    """A file that could be a picture: its size and header are acceptable."""

    content: bytes
    header: ImageFile


def check(file: BinaryIO) -> Upload:
    """Look at an upload without decoding a pixel; raises InvalidImage."""
    content = _read(file, settings.MAX_FILE_SIZE)
    return Upload(content, _open(content))


def process(upload: Upload) -> Picture:
    """Clean an upload and make its renditions; raises InvalidImage."""
    content, header = upload.content, upload.header
    with turns.taken(header.width * header.height):
        return _cleaned_gif(content) if header.format == "GIF" else _cleaned(content, header)


def render(file: BinaryIO) -> Picture:
    """Describe a stored file and make its renditions, leaving it as it is; raises InvalidImage."""
    content = _read(file)
    header = _open(content)
    with turns.taken(header.width * header.height):
        return _unchanged(content, header)


# Each of these holds the only bitmap, and gives it up before the turn ends.


def _cleaned(content: bytes, header: ImageFile) -> Picture:
    bitmap = _decode(content)
    return _picture(_encode(bitmap, header), header.format, bitmap.size, bitmap)


def _cleaned_gif(content: bytes) -> Picture:
    content = _clean_gif(content)
    bitmap = _decode(content)
    return _picture(content, "GIF", bitmap.size, bitmap)


def _unchanged(content: bytes, header: ImageFile) -> Picture:
    bitmap = _decode(content, shrunk=True)
    size = _upright_size(header) if header.format == "JPEG" else bitmap.size
    return _picture(content, header.format, size, bitmap)


def _picture(content: bytes, format: str, size: tuple[int, int], bitmap: Image.Image) -> Picture:
    renditions, placeholder = smaller_copies(bitmap, *size)
    return Picture(content, format.lower(), *size, placeholder, renditions)


# Reading


@contextmanager
def _decoding() -> Iterator[None]:
    """What Pillow raises on a broken file, as one error. Kept around reading and decoding only,
    so that mistakes of ours stay visible."""
    try:
        yield
    except InvalidImage:
        raise
    except (
        *(OSError, EOFError, SyntaxError, ValueError, LookupError, ArithmeticError, MemoryError),
        *(struct.error, zlib.error, Image.DecompressionBombError),
    ) as error:
        raise InvalidImage(_DAMAGED) from error


def _read(file: BinaryIO, limit: int | None = None) -> bytes:
    """All bytes, at most `limit`."""
    file.seek(0)
    content = file.read() if limit is None else file.read(limit + 1)
    if not content:
        raise InvalidImage(_EMPTY)
    if limit is not None and len(content) > limit:
        raise InvalidImage(_too_large(limit))
    return content


def _too_large(limit: int) -> str:
    return format_lazy(_TOO_LARGE, limit=f"{limit / 1024 / 1024:.4g}")


def _open(content: bytes) -> ImageFile:
    """The header, found acceptable, with nothing decoded yet."""
    if content.startswith(png.SIGNATURE) and png.has_too_many_chunks(content):
        raise InvalidImage(_DAMAGED)
    opener = next((o for magic, o in _OPENERS.items() if content.startswith(magic)), None)
    if opener is None:
        raise InvalidImage(_WRONG_FORMAT)
    with _decoding():
        image = opener(BytesIO(content))
        _check(image.width * image.height <= MAX_PIXELS, _TOO_MANY_PIXELS, limit=MAX_PIXELS)
        if max(image.size) > MAX_SIDE:
            raise InvalidImage(format_lazy(_TOO_LONG_A_SIDE, limit=MAX_SIDE))
        if image.format == "JPEG":
            _check_scans(image, content)
    return image


def _check(holds: bool, message: str, limit: int, **values: object) -> None:
    if not holds:
        raise InvalidImage(format_lazy(message, limit=limit // 1_000_000, **values))


def _check_scans(image: JpegImageFile, content: bytes) -> None:
    """Refuse scans that keep a decoder busy for hours (libjpeg-turbo's LJT-01-003)."""
    scans = jpeg.count_scans(content)
    if scans > MAX_SCANS:
        raise InvalidImage(_DAMAGED)
    if scans > 1 and image.layers > 3:
        limit = MAX_PIXELS_FOUR_CHANNELS_IN_SCANS
        _check(image.width * image.height <= limit, _TOO_MANY_PIXELS, limit=limit)


# Decoding


def _decode(content: bytes, shrunk: bool = False) -> Image.Image:
    """The (first) picture whole, upright, not CMYK, with only transparency and a small colour
    profile in its `info`; of a JPEG, when `shrunk`, just the pixels that renditions need.

    Each step gives up the bitmap before it: two at once are all the memory there is.
    """
    with _decoding():
        image = _open(content)
        if image.format == "PNG":
            png.check_whole(content)
        if image.format == "JPEG" and shrunk:
            _draft(image)
        image.load()
        if image.mode == "P" and not image.palette:
            raise ValueError("no palette")
    turn = _UPRIGHT.get(_orientation(image))
    image.info = colours.info_of_pixels(image)
    image = colours.for_screens(image)
    return image.transpose(turn) if turn is not None else image


def _draft(image: JpegImageFile) -> None:
    """Decode at 1/2, 1/4 or 1/8, but at twice the largest rendition or more, to keep it sharp."""
    scale = min(1, 2 * max(WIDTHS) / _upright_size(image)[0])
    image.draft(image.mode, (int(image.width * scale) or 1, int(image.height * scale) or 1))


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; where EXIF cannot be read the picture is taken as upright."""
    try:
        with _decoding():
            return image.getexif().get(0x0112, 1)
    except InvalidImage:
        return 1


def _upright_size(image: Image.Image) -> tuple[int, int]:
    return image.size[::-1] if _orientation(image) >= 5 else image.size


# Encoding


def _clean_gif(content: bytes) -> bytes:
    with _decoding():
        parsed = gif.read(content, MAX_FRAMES)
        _check_animation(parsed)
        output = _BoundedOutput()
        for part in gif.write(parsed):
            output.write(part)
        return output.getvalue()


def _check_animation(parsed: gif.Gif) -> None:
    _check(max(parsed.areas) <= MAX_PIXELS, _TOO_MANY_PIXELS, limit=MAX_PIXELS)
    short = len(parsed.frames) <= MAX_FRAMES and sum(parsed.areas) <= MAX_ANIMATION_PIXELS
    _check(short, _TOO_LONG, limit=MAX_ANIMATION_PIXELS, frames=MAX_FRAMES)


class _BoundedOutput(BytesIO):
    """An ordinary picture keeps its size about; one made to grow when it is encoded anew would
    fill memory and disk."""

    def write(self, data: bytes) -> int:
        if self.tell() + len(data) > GROWTH * settings.MAX_FILE_SIZE:
            raise InvalidImage(_too_large(settings.MAX_FILE_SIZE))
        return super().write(data)


def _encode(bitmap: Image.Image, header: ImageFile) -> bytes:
    """The cleaned original in the format it came in."""
    options = _jpeg_options(header) if header.format == "JPEG" else _PNG_OPTIONS
    output = _BoundedOutput()
    bitmap.save(output, header.format, icc_profile=bitmap.info.get("icc_profile"), **options)
    return output.getvalue()


def _jpeg_options(header: JpegImageFile) -> dict[str, object]:
    """Quantised and subsampled as before, a JPEG loses next to nothing and keeps its size."""
    tables = [header.quantization.get(layer[3]) for layer in header.layer[:2]]
    options = {"qtables": tables} if all(tables) else {"quality": 92}
    # Some 5 % smaller, for another 3 to 6 bytes a pixel while encoding.
    options["optimize"] = header.width * header.height <= MAX_PIXELS // 2
    options["subsampling"] = "4:4:4" if header.mode == "CMYK" else get_sampling(header)
    return options
