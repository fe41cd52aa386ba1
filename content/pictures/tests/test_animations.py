"""Animations stay what they are; GIF and PNG alike."""

from __future__ import annotations

import pytest
from PIL import Image, ImageSequence

from content.pictures.cleaning import clean
from content.pictures.tests import corpus
from content.pictures.tests.looks import BLUE, GREEN, RED, assert_shows_drawing, opened, process
from content.pictures.tests.shown.animation import FULL, PART, apng
from content.pictures.tests.shown.sample import HEIGHT, WIDTH


def test_an_animation_keeps_frames_durations_and_loop():
    before = corpus.gif(60, 40, frames=5, duration=[100, 200, 300, 400, 500], loop=7)
    picture = process(before)
    old, new = opened(before), opened(picture.content)
    assert new.n_frames == old.n_frames == 5
    assert new.info["loop"] == 7
    for a, b in zip(ImageSequence.Iterator(old), ImageSequence.Iterator(new), strict=True):
        assert a.info["duration"] == b.info["duration"]
        assert a.convert("RGBA").tobytes() == b.convert("RGBA").tobytes()


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
def test_an_animation_keeps_disposal_and_transparency(disposal):
    frames = [Image.new("P", (20, 20), 0) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.putpalette([0, 0, 0, *RED, *GREEN, *BLUE])
        frame.paste(number + 1, (5 * number, 5, 5 * number + 8, 15))
    options = {"save_all": True, "append_images": frames[1:], "transparency": 0, "duration": 50}
    before = corpus.saved(frames[0], "GIF", disposal=disposal, optimize=False, **options)
    old, new = opened(before), opened(process(before).content)
    for a, b in zip(ImageSequence.Iterator(old), ImageSequence.Iterator(new), strict=True):
        assert a.disposal_method == b.disposal_method
        assert a.convert("RGBA").tobytes() == b.convert("RGBA").tobytes()


def test_an_animation_that_plays_once_still_does():
    assert "loop" not in opened(process(corpus.gif(frames=3, loop=None)).content).info


def test_renditions_of_an_animation_show_its_first_frame():
    rendition = opened(process(corpus.gif(400, 300, frames=4)).renditions[0].content)
    assert getattr(rendition, "n_frames", 1) == 1
    assert_shows_drawing(process(corpus.gif(400, 300, frames=4)).renditions[0].content)


def test_an_animated_png_keeps_frames_durations_loop_and_pixels():
    frames = [corpus.drawing(60, 40).rotate(90 * turn) for turn in range(4)]
    before = corpus.saved(
        frames[0],
        "PNG",
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300, 400],
        loop=7,
    )
    picture = process(before)
    old, new = opened(before), opened(picture.content)
    assert picture.animated
    assert (new.n_frames, new.info["loop"]) == (old.n_frames, 7) == (4, 7)
    for a, b in zip(ImageSequence.Iterator(old), ImageSequence.Iterator(new), strict=True):
        assert a.info["duration"] == b.info["duration"]
        assert a.info["disposal"] == b.info["disposal"]
        assert a.convert("RGBA").tobytes() == b.convert("RGBA").tobytes()


def test_the_rendition_of_an_animated_png_shows_what_browsers_show_first():
    """Not the still picture beside the animation."""
    content = apng(PART, FULL, first_is_still=False)
    rendition = opened(process(content).renditions[0].content).convert("RGBA")
    assert rendition.getpixel((5, 2))[3] == 0
    assert rendition.getpixel((rendition.width * 100 // WIDTH, 18))[3] == 255
    assert rendition.height == round(HEIGHT * 320 / WIDTH)


@pytest.mark.parametrize(
    ("content", "animated"),
    [
        (corpus.jpeg, False),
        (corpus.png, False),
        (corpus.gif, False),
        (lambda: corpus.gif(frames=2), True),
        (lambda: apng(FULL), False),
        (lambda: apng(FULL, PART), True),
    ],
)
def test_it_says_whether_it_moves(content, animated):
    assert process(content()).animated == animated
    assert clean.render(corpus.BytesIO(content())).animated == animated


@pytest.mark.parametrize(
    "content",
    [
        lambda: apng(FULL, PART, announced=3),
        lambda: apng(FULL, PART, announced=1),
        lambda: apng(FULL, PART, first_number=1),
        lambda: apng(FULL, (WIDTH, HEIGHT, 1, 0)),
        lambda: apng(FULL, (0, 9, 0, 0)),
        lambda: apng(PART, FULL),
        lambda: apng(FULL, PART).replace(b"fdAT", b"fdAt"),
    ],
)
def test_a_broken_animation_does_not_become_a_still_without_a_word(content):
    with pytest.raises(clean.InvalidImage):
        process(content())


def test_the_frames_of_an_animated_png_are_bounded_too():
    process(apng(*[FULL] + [(1, 1, 0, 0)] * 999))
    with pytest.raises(clean.InvalidImage):
        process(apng(*[FULL] + [(1, 1, 0, 0)] * 1_000))
