"""Files that browsers show, each with how far a clean copy may be from it, and files that they do
not show. Made in code; kinds, not specimens."""

from content.pictures.tests.shown import animation, jpeg, png
from content.pictures.tests.shown.broken import BROKEN

__all__ = ["BROKEN", "SHOWN"]

SHOWN = png.SAMPLES | jpeg.SAMPLES | animation.SAMPLES
