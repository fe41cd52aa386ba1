"""What becomes of an upload: refused with a message, or cleaned and given renditions."""

from __future__ import annotations

import re
import threading
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from random import Random
from traceback import walk_tb

import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image, ImageChops, ImageSequence, ImageStat

from content.pictures.cleaning import clean, png, turns
from content.pictures.tests import corpus
from content.pictures.tests.corpus import CLEANABLE, HOSTILE, PAYLOAD

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
QUARTERS = {(0.2, 0.2): RED, (0.8, 0.2): GREEN, (0.2, 0.8): BLUE, (0.8, 0.8): WHITE}


def process(content: bytes) -> clean.Picture:
    return clean.process(clean.check(BytesIO(content)))


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


# What is refused


@pytest.mark.parametrize("name", HOSTILE)
def test_it_refuses(name):
    with pytest.raises(clean.InvalidImage) as error:
        process(HOSTILE[name])
    assert str(error.value)


@pytest.mark.parametrize("name", [name for name in HOSTILE if "gif" not in name])
def test_it_does_not_render(name):
    """Of a stored GIF only the first frame is read, which may be whole."""
    with pytest.raises(clean.InvalidImage):
        clean.render(BytesIO(HOSTILE[name]))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("zero bytes", "The file is empty"),
        ("svg", "Only JPEG, PNG and GIF images are allowed"),
        ("jpeg cut at 2/4", "The image is damaged or incomplete"),
        ("png header of 20,000 x 20,000", "The image may have at most 40 megapixels"),
        (
            "gif with a later frame larger than its screen",
            "The image may have at most 40 megapixels",
        ),
        (
            "gif of 1,001 frames",
            "The animation may have at most 1000 frames and 200 megapixels in all",
        ),
    ],
)
def test_it_says_what_is_wrong(name, message):
    with translation.override("en"), pytest.raises(clean.InvalidImage, match=f"^{message}$"):
        process(HOSTILE[name])


@pytest.mark.parametrize("maker", [corpus.jpeg, corpus.png, corpus.gif])
def test_it_refuses_a_file_cut_anywhere(maker):
    content = maker(16, 12)
    for size in range(len(content)):
        with pytest.raises(clean.InvalidImage):
            process(content[:size])


def test_it_accepts_a_file_of_exactly_the_limit():
    content = corpus.png()
    process(content + bytes(settings.MAX_FILE_SIZE - len(content)))


def test_it_refuses_a_file_one_byte_over_the_limit(settings):
    settings.MAX_FILE_SIZE = 5 * 1024 * 1024
    content = corpus.png()
    content += bytes(settings.MAX_FILE_SIZE + 1 - len(content))
    with translation.override("en"), pytest.raises(clean.InvalidImage, match=r"is 5 MB$"):
        process(content)


def test_it_accepts_exactly_40_megapixels():
    rows = bytes((8000 // 8 + 1) * 5000)
    assert process(corpus.raw_png(8000, 5000, 1, 0, rows)).width == 8000


def test_it_refuses_a_side_that_costs_more_than_its_pixels():
    rows = bytes(2 * (clean.MAX_SIDE + 1))
    with pytest.raises(clean.InvalidImage):
        process(corpus.raw_png(1, clean.MAX_SIDE + 1, 1, 0, rows))


def test_it_refuses_very_many_chunks():
    chunks = corpus.chunk(b"teXt", b"") * png.MAX_CHUNKS
    with pytest.raises(clean.InvalidImage):
        process(corpus.png_with(chunks))


def test_it_accepts_exactly_1000_frames():
    content = corpus.raw_gif(1, 1, corpus.gif_frame() * 1_000)
    assert opened(process(content).content).n_frames == 1_000


def test_it_checks_pixels_before_it_decodes_any(monkeypatch):
    monkeypatch.setattr(clean, "_decode", pytest.fail)
    for name in ("png header of 20,000 x 20,000", "jpeg header of 20,000 x 20,000"):
        with pytest.raises(clean.InvalidImage):
            process(HOSTILE[name])


def test_it_does_not_hide_mistakes_of_ours(monkeypatch):
    monkeypatch.setattr(clean, "_encode", lambda *_args: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        process(corpus.png())


# What is cleaned


@pytest.mark.parametrize("name", CLEANABLE)
def test_it_cleans(name):
    picture = process(CLEANABLE[name])
    assert not any(PAYLOAD in output for output in outputs(picture))
    assert opened(picture.content).format == picture.format.upper()


@pytest.mark.parametrize("name", [name for name in CLEANABLE if "gif" not in name])
def test_it_leaves_no_metadata_in(name):
    for output in outputs(process(CLEANABLE[name])):
        image = opened(output)
        assert not image.getexif()
        assert image.info.keys() <= {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density", "icc_profile"),
            *("loop", "background", "timestamp", "duration"),  # of every WebP, even a still
        }


def test_it_removes_gps_from_original_and_renditions():
    content = corpus.jpeg(1400, 1050, exif=corpus.exif(maker=b"Kamera", gps=True))
    assert opened(content).getexif().get_ifd(corpus.GPS)
    picture = process(content)
    assert len(picture.renditions) == 3
    for output in outputs(picture):
        assert not opened(output).getexif()
        assert b"Exif" not in output
        assert b"Kamera" not in output


@pytest.mark.parametrize("format", ["jpeg", "png", "gif"])
def test_it_ends_where_the_picture_ends(format):
    end = {"jpeg": b"\xff\xd9", "png": b"IEND\xaeB`\x82", "gif": b"\0;"}[format]
    picture = process(getattr(corpus, format)() + corpus.archive())
    assert picture.content.endswith(end)


def test_cleaning_twice_changes_next_to_nothing_more():
    once = opened(process(corpus.jpeg(200, 100)).content)
    twice = opened(process(process(corpus.jpeg(200, 100)).content).content)
    assert once.quantization == twice.quantization
    assert max(ImageStat.Stat(ImageChops.difference(once, twice)).mean) < 1


@pytest.mark.parametrize("format", ["jpeg", "png", "gif"])
def test_it_knows_the_real_format(format):
    picture = process(getattr(corpus, format)(80, 60))
    assert (picture.format, picture.width, picture.height) == (format, 80, 60)
    assert picture.extension == {"jpeg": "jpg"}.get(format, format)


def test_a_second_picture_of_a_phone_is_dropped():
    picture = process(CLEANABLE["jpeg with a second picture (MPO)"])
    assert picture.format == "jpeg"
    assert picture.content.count(b"\xff\xd8\xff") == 1
    assert_shows_drawing(picture.content)


def test_an_animated_png_keeps_its_first_frame():
    content = process(CLEANABLE["animated png"]).content
    assert b"acTL" not in content
    assert b"fdAT" not in content
    assert_shows_drawing(content)


# What it looks like


@pytest.mark.parametrize("orientation", corpus.STORED_AS)
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_it_turns_upright(format, orientation):
    stored = corpus.drawing(400, 300)
    if corpus.STORED_AS[orientation] is not None:
        stored = stored.transpose(corpus.STORED_AS[orientation])
    picture = process(corpus.saved(stored, format, exif=corpus.exif(orientation)))
    assert (picture.width, picture.height) == (400, 300)
    assert [(r.width, r.height) for r in picture.renditions] == [(320, 240)]
    assert_shows_drawing(picture.content)
    assert_shows_drawing(picture.renditions[0].content)


PIXELS = {
    "jpeg": lambda: corpus.jpeg(400, 300),
    "progressive jpeg": lambda: corpus.jpeg(400, 300, progressive=True),
    "jpeg with 4:4:4": lambda: corpus.jpeg(400, 300, subsampling=0),
    "jpeg with CMYK": lambda: corpus.jpeg(400, 300, mode="CMYK"),
    "jpeg with a profile": lambda: corpus.jpeg(400, 300, icc_profile=corpus.profile()),
    "png": lambda: corpus.png(400, 300),
    "png with a palette": lambda: corpus.png(400, 300, mode="P"),
    "png with alpha": lambda: corpus.png(400, 300, mode="RGBA"),
    "gif": lambda: corpus.gif(400, 300),
    "animated gif": lambda: corpus.gif(400, 300, frames=3),
}


@pytest.mark.parametrize("name", PIXELS)
def test_it_shows_the_same_as_before(name):
    picture = process(PIXELS[name]())
    assert_shows_drawing(picture.content)
    assert_shows_drawing(picture.renditions[0].content)


def test_cmyk_becomes_rgb():
    assert opened(process(corpus.jpeg(mode="CMYK")).content).mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_stays_grey(mode):
    picture = process(corpus.png(400, 300, mode=mode))
    assert opened(picture.content).mode == mode
    assert opened(picture.renditions[0].content).getpixel((300, 200)) == WHITE


@pytest.mark.parametrize(
    ("colour", "pixel", "shown"),
    [
        (0, b"\x80\0", (127, 127, 127)),
        (2, b"\x80\0\x40\0\xff\xff", (128, 64, 255)),
        (4, b"\x80\0\x40\0", (128, 128, 128, 64)),
        (6, b"\x80\0\x40\0\xff\xff\xff\xff", (128, 64, 255)),
    ],
)
def test_16_bits_a_channel_are_shown_with_8(colour, pixel, shown):
    content = corpus.raw_png(400, 2, 16, colour, (b"\0" + pixel * 400) * 2)
    rendition = opened(process(content).renditions[0].content).getpixel((9, 0))
    assert rendition == pytest.approx(shown, abs=4)


def test_a_profile_is_kept_in_the_original_and_applied_in_renditions():
    """A profile that swaps red and blue shows who applies it."""
    profile = corpus.swapped_profile()
    picture = process(corpus.jpeg(400, 300, icc_profile=profile))
    assert opened(picture.content).info["icc_profile"]
    red, _green, blue = opened(picture.renditions[0].content).getpixel((60, 60))[:3]
    assert (red, blue) == pytest.approx((0, 255), abs=40)
    assert "icc_profile" not in opened(picture.renditions[0].content).info


def test_a_large_profile_is_applied_and_dropped(monkeypatch):
    monkeypatch.setattr(clean.colours, "MAX_PROFILE", 100)
    picture = process(corpus.jpeg(400, 300, icc_profile=corpus.swapped_profile()))
    assert "icc_profile" not in opened(picture.content).info
    red, _green, blue = opened(picture.content).getpixel((60, 60))
    assert (red, blue) == pytest.approx((0, 255), abs=40)


@pytest.mark.parametrize(
    "content",
    [
        lambda image: corpus.saved(image.quantize(4), "PNG", transparency=0),
        lambda image: corpus.saved(image.quantize(4), "GIF", transparency=0),
        lambda image: corpus.saved(image, "PNG", transparency=image.getpixel((0, 0))),
    ],
)
def test_transparency_is_kept(content):
    image = corpus.drawing(400, 300)
    first = image.quantize(4).convert("RGB").getpixel((0, 0))
    original = opened(content(image)).convert("RGBA")
    picture = process(content(image))
    assert first == RED
    assert (
        ImageChops.difference(original, opened(picture.content).convert("RGBA")).getbbox() is None
    )
    alpha = opened(picture.renditions[0].content).getchannel("A")
    expected = original.getchannel("A").resize(alpha.size)
    for x, y in QUARTERS:
        spot = int(x * alpha.width), int(y * alpha.height)
        assert alpha.getpixel(spot) == expected.getpixel(spot)


def test_transparent_edges_have_no_halo():
    """White behind the transparency must not shine through where it meets the red."""
    image = Image.new("RGBA", (640, 640), (255, 255, 255, 0))
    image.paste((255, 0, 0, 255), (0, 0, 323, 640))
    shown = opened(process(corpus.saved(image, "PNG")).renditions[0].content)
    edge = [shown.getpixel((x, 160)) for x in range(155, 166)]
    assert all(max(green, blue) < 40 for _red, green, blue, alpha in edge if alpha > 100)


# Animation


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


# Size


@pytest.mark.parametrize(
    ("width", "widths"),
    [(320, []), (321, [320]), (640, [320]), (1280, [320, 640]), (1281, [320, 640, 1280])],
)
def test_renditions_are_narrower_than_the_original(width, widths):
    picture = process(corpus.jpeg(width, 200))
    assert [r.width for r in picture.renditions] == widths
    for rendition in picture.renditions:
        image = opened(rendition.content)
        assert image.format == "WEBP"
        assert image.size == (rendition.width, rendition.height)
        assert rendition.height == round(200 * rendition.width / width)


@pytest.mark.parametrize(
    ("width", "height", "renditions"),
    [
        (1, 1, []),
        (1, 40_000, []),
        (40_000, 1, [(320, 1), (640, 1), (1280, 1)]),
        (330, 60_000, []),
        (700, 30_000, [(320, 13_714)]),
    ],
)
def test_extreme_shapes_are_accepted(width, height, renditions):
    picture = process(corpus.png(width, height))
    assert (picture.width, picture.height) == (width, height)
    assert [(r.width, r.height) for r in picture.renditions] == renditions


def test_renditions_stay_sharp():
    """Stripes of four pixels of 640 are stripes of two of 320, and no grey mush."""
    image = Image.new("L", (640, 64))
    for left in range(0, 640, 8):
        image.paste(255, (left, 0, left + 4, 64))
    shown = opened(process(corpus.saved(image, "PNG")).renditions[0].content).convert("L")
    row = [shown.getpixel((x, 16)) for x in range(40, 280)]
    assert max(row) > 230
    assert min(row) < 25


@pytest.mark.parametrize(
    "content",
    [
        lambda: corpus.saved(corpus.noise(400, 300), "JPEG"),
        lambda: corpus.saved(corpus.noise_with_alpha(), "PNG"),
        lambda: corpus.gif(),
    ],
)
def test_the_placeholder_is_a_tiny_picture(content):
    placeholder = process(content()).placeholder
    assert re.fullmatch(r"data:image/webp;base64,[A-Za-z0-9+/]+=*", placeholder)
    assert len(placeholder) < 300
    assert max(opened(b64decode(placeholder.partition(",")[2])).size) == 8


@pytest.mark.parametrize("quality", [30, 60, 85, 95, 100])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_jpeg_keeps_its_size_and_its_looks(quality, orientation):
    stored = corpus.noise(400, 300).resize((800, 600), Image.Resampling.BICUBIC)
    before = corpus.saved(stored, "JPEG", quality=quality, exif=corpus.exif(orientation))
    after = process(before).content
    assert len(after) < len(before) * 1.05
    if orientation == 1:
        difference = ImageChops.difference(opened(before), opened(after))
        assert max(high for _low, high in difference.getextrema()) < 40


# In company


def test_pictures_at_once_do_not_disturb_each_other():
    contents = [corpus.jpeg(2_000, 1_500), corpus.png(2_000, 1_500), corpus.gif(400, 300, frames=9)]
    expected = [process(content) for content in contents]
    results: dict[int, clean.Picture] = {}

    def work(number: int) -> None:
        results[number] = process(contents[number % 3])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results[number] for number in range(6)] == expected * 2


def test_large_pictures_take_turns(monkeypatch):
    taken = []
    decode = clean._decode
    monkeypatch.setattr(
        clean, "_decode", lambda *args: taken.append(turns.large_turn.locked()) or decode(*args)
    )
    process(corpus.jpeg(100, 100))
    process(corpus.jpeg(2_000, 1_500))
    assert taken == [False, True]


def test_small_pictures_are_two_at_a_time(monkeypatch):
    at_once, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(2)
    decode = clean._decode

    def watched(*args):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        together.wait(20)  # two come in, whoever is third comes with a fourth
        with lock:
            at_once -= 1
        return decode(*args)

    monkeypatch.setattr(clean, "_decode", watched)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(process, [corpus.jpeg(100, 100)] * 6))
    assert most == 2


def test_a_picture_made_to_grow_when_it_is_encoded_is_refused(settings):
    """Its rows repeat, but not as the differences that an encoder writes."""
    random = Random(1)
    rows = [bytes(random.randrange(64, 192) for _ in range(1_600)) for _ in range(5)]
    bitmap = b"".join(b"\0" + row for row in random.choices(rows, k=2_000))
    content = corpus.raw_png(400, 2_000, 8, 6, bitmap)
    settings.MAX_FILE_SIZE = 2 * len(content)
    with pytest.raises(clean.InvalidImage):
        process(content)


def test_a_refused_picture_ends_its_turn_and_leaves_no_bitmap():
    no_such_filter = b"\x09"
    rows = (b"\0" + bytes(2_000)) * 1_999 + no_such_filter + bytes(2_000)
    content = corpus.raw_png(2_000, 2_000, 8, 0, rows)
    with pytest.raises(clean.InvalidImage) as error:
        process(content)
    assert not turns.large_turn.locked()
    assert not [image for image in images_held_by(error.value) if image._im is not None]


def images_held_by(error: BaseException | None) -> list[Image.Image]:
    if error is None:
        return []
    frames = [frame for frame, _line in walk_tb(error.__traceback__)]
    found = [v for f in frames for v in f.f_locals.values() if isinstance(v, Image.Image)]
    return found + images_held_by(error.__cause__)


# Files of earlier times


@pytest.mark.parametrize("name", PIXELS)
def test_rendering_a_stored_file_leaves_it_as_it_is(name):
    content = PIXELS[name]()
    rendered, processed = clean.render(BytesIO(content)), process(content)
    assert rendered.content == content
    assert (rendered.format, rendered.width, rendered.height) == (processed.format, 400, 300)
    assert rendered.placeholder.startswith("data:image/webp")
    assert [(r.width, r.height) for r in rendered.renditions] == [(320, 240)]
    assert_shows_drawing(rendered.renditions[0].content)


@pytest.mark.parametrize("orientation", corpus.STORED_AS)
def test_rendering_turns_upright_and_decodes_no_more_than_it_needs(orientation):
    content = corpus.jpeg(6_000, 400, orientation=orientation)
    picture = clean.render(BytesIO(content))
    assert (picture.width, picture.height) == (6_000, 400)
    assert [(r.width, r.height) for r in picture.renditions] == [(320, 21), (640, 43), (1280, 85)]
    assert_shows_drawing(picture.renditions[2].content)
    assert max(clean._decode(content, shrunk=True).size) == 3_000


def test_rendering_has_no_limit_of_bytes(settings):
    settings.MAX_FILE_SIZE = 10
    assert clean.render(BytesIO(corpus.png())).width == 64
