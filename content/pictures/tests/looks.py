"""What comes of a picture, looked at."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

from PIL import Image

from content.pictures.cleaning import clean

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
QUARTERS = {(0.2, 0.2): RED, (0.8, 0.2): GREEN, (0.2, 0.8): BLUE, (0.8, 0.8): WHITE}


def process(content: bytes) -> clean.Picture:
    return clean.process(clean.inspect(BytesIO(content)))


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def assert_shows_drawing(content: bytes) -> None:
    """Each quarter in its colour, as near as lossy formats come."""
    image = opened(content).convert("RGB")
    for (x, y), colour in QUARTERS.items():
        shown = image.getpixel((int(image.width * x), int(image.height * y)))
        assert max(abs(a - b) for a, b in zip(shown, colour, strict=True)) < 12, (x, y, shown)


def outputs(picture: clean.Picture) -> list[bytes]:
    placeholder = b64decode(picture.placeholder.partition(",")[2])
    return [picture.content, placeholder, *(r.content for r in picture.renditions)]
