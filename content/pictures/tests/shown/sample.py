"""What a sample is, and the ramp of colours that most of them show."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

WIDTH, HEIGHT = 352, 40  # wide enough for a rendition
# The mean error of a channel, of 255: kept to the bit; rounded once more; quantised once more;
# converted by tables, between whose colours everybody interpolates in another way.
EXACT, ROUNDED, LOSSY, CONVERTED = 0.0, 1.0, 2.5, 3.0


class Sample(NamedTuple):
    content: Callable[[], bytes]
    bound: float  # mean error of the original, all pixels and channels counted
    rendition_bound: float = 6.0  # WebP, and another way to shrink


def ramp(x: int, y: int, channel: int, most: int) -> int:
    """From dark to light in one direction, another for each channel; alpha from nothing to all."""
    along = (x / (WIDTH - 1), 1 - x / (WIDTH - 1), y / (HEIGHT - 1), x / (WIDTH - 1))[channel % 4]
    return round(along * most)


def add(
    samples: dict[str, Sample],
    name: str,
    content: Callable[[], bytes],
    bound: float = EXACT,
) -> None:
    samples[name] = Sample(content, bound)
