"""What every format's reader offers, so that all pictures go one way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from io import BytesIO
from typing import ClassVar

from django.conf import settings
from PIL.Image import Image, Transpose, new

from content.pictures.cleaning import refusals

MAX_PIXELS = 40_000_000
GROWTH = 2  # how many times MAX_FILE_SIZE a cleaned original may have
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


class Source(ABC):
    """A file whose header was read, nothing of it decoded yet.

    Each step of `bitmap` gives up the picture before it: two at once are all the memory there is.
    """

    format: ClassVar[str]
    width: int  # as stored, in pixels
    height: int
    orientation: int = 1  # as in EXIF

    @property
    def areas(self) -> list[int]:
        """Pixels to paint for each frame."""
        return [self.width * self.height]

    @property
    def max_pixels(self) -> int:
        return MAX_PIXELS

    @property
    def is_turned(self) -> bool:
        """Whether rows are columns once it is upright."""
        return self.orientation >= 5

    @property
    def size(self) -> tuple[int, int]:
        """Width and height upright."""
        return (self.height, self.width) if self.is_turned else (self.width, self.height)

    @abstractmethod
    def bitmap(self, enough: int | None = None) -> Image:
        """The (first) picture decoded whole, upright, in mode L, LA, RGB, RGBA or P, with
        nothing in its `info` but transparency and a profile that may be shown to anybody; with
        fewer pixels where it may and is still at least `enough` wide. Raises `InvalidImage`."""

    @abstractmethod
    def cleaned(self, bitmap: Image) -> bytes:
        """The file anew, upright and with nothing that is not shown; `bitmap` is what `bitmap()`
        gave. Raises `InvalidImage`."""

    def upright(self, image: Image) -> Image:
        turn = _UPRIGHT.get(self.orientation)
        return image if turn is None else image.transpose(turn)


class BoundedOutput(BytesIO):
    """An ordinary picture keeps its size about; one made to grow when it is encoded anew would
    fill memory and disk."""

    def write(self, data: bytes) -> int:
        if self.tell() + len(data) > GROWTH * settings.MAX_FILE_SIZE:
            raise refusals.too_large(settings.MAX_FILE_SIZE)
        return super().write(data)


def encoded(bitmap: Image, format: str, **options: object) -> bytes:
    """The bitmap as a file, with the profile of its `info`. Raises `InvalidImage`."""
    output = BoundedOutput()
    bitmap.save(output, format, icc_profile=bitmap.info.get("icc_profile"), **options)
    return output.getvalue()


def on_screen(image: Image, size: tuple[int, int], position: tuple[int, int]) -> Image:
    """A frame where it belongs, with nothing around it."""
    if image.mode != "RGBA":
        image = image.convert("RGBA")
    screen = new("RGBA", size)
    screen.paste(image, position)
    return screen
