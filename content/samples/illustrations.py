"""Pictures for the sample content, drawn in code: nothing to license, always the same.

Everything is drawn at twice its size and shrunk, which smooths the edges.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIZE = (1680, 1120)  # pixels; wider than the widest rendition
LOGO_SIDE = 480
SCALE = 2
WIDTH, HEIGHT = (side * SCALE for side in SIZE)

Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw
NIGHT, DEEP, TEAL = (24, 38, 66), (18, 78, 96), (32, 128, 132)
LEAF, RICE, SAND = (60, 120, 84), (150, 184, 92), (244, 222, 178)
SUN, CORAL, BRICK = (255, 206, 112), (236, 118, 88), (170, 70, 58)
CREAM, PAPER = (252, 244, 228), (255, 252, 245)


def photograph(scene: Callable[[Draw], None]) -> bytes:
    """A scene over its sky, as a JPEG."""
    image = _gradient(*SKIES[scene])
    scene(ImageDraw.Draw(image))
    output = BytesIO()
    image.reduce(SCALE).save(output, "JPEG", quality=90)
    return output.getvalue()


def logo(initials: str, colour: Colour) -> bytes:
    """Initials on a disc with a ring, as a PNG with transparent corners."""
    side = LOGO_SIDE * SCALE
    image = Image.new("RGBA", (side, side), (*PAPER, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, side - 8, side - 8), fill=colour)
    draw.ellipse((44, 44, side - 44, side - 44), outline=PAPER, width=12)
    font = ImageFont.load_default(side // 3)
    draw.text((side / 2, side / 2), initials, fill=PAPER, font=font, anchor="mm")
    output = BytesIO()
    image.reduce(SCALE).save(output, "PNG")
    return output.getvalue()


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    mask = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.composite(
        Image.new("RGB", mask.size, bottom), Image.new("RGB", mask.size, top), mask
    )


# --- Scenes ----------------------------------------------------------------------------


def mountains(draw: Draw) -> None:
    """Ridges that get darker the nearer they are, under a morning sun."""
    _disc(draw, WIDTH * 0.7, HEIGHT * 0.36, 230, SUN)
    for number, colour in enumerate([(196, 160, 158), (140, 128, 146), (84, 98, 120), DEEP, NIGHT]):
        _ridge(draw, HEIGHT * (0.42 + 0.11 * number), 170 - 18 * number, number, colour)


def rice_fields(draw: Draw) -> None:
    """Terraces below a row of palms."""
    _disc(draw, WIDTH * 0.25, HEIGHT * 0.24, 180, PAPER)
    _ridge(draw, HEIGHT * 0.4, 130, 3, TEAL)
    for number in range(14):
        share = number / 13
        colour = tuple(round(a + (b - a) * share) for a, b in zip(RICE, LEAF, strict=True))
        _ridge(draw, HEIGHT * (0.47 + 0.045 * number), 60, 8 + number % 3, colour, edge=SAND)
    for number in range(6):
        _palm(draw, WIDTH * (0.08 + 0.16 * number), HEIGHT * (0.56 + 0.03 * (number % 2)))


def sea(draw: Draw) -> None:
    """The sun over the sea, its light on the waves, and two sails."""
    horizon = HEIGHT * 0.55
    _disc(draw, WIDTH / 2, horizon - 120, 280, SUN)
    draw.rectangle((0, horizon, WIDTH, HEIGHT), fill=DEEP)
    random = Random(5)
    for _ in range(900):
        depth = random.random() ** 0.6
        x = WIDTH / 2 + random.gauss(0, 0.1 + 0.25 * depth) * WIDTH
        y, half = horizon + 8 + depth * (HEIGHT - horizon), 12 + 90 * depth
        draw.line((x - half, y, x + half, y), fill=random.choice([SUN, CORAL, TEAL, TEAL]), width=6)
    for x, size in ((0.28, 260), (0.74, 170)):
        _sail(draw, WIDTH * x, horizon + size / 3, size)


def kawung(draw: Draw) -> None:
    """The batik pattern of four petals, once a mark of the courts of Yogyakarta."""
    step = HEIGHT // 7
    for row in range(8):
        for column in range(WIDTH // step + 2):
            x, y = column * step, row * step
            _petals(draw, x, y, step * 0.46, CREAM if (row + column) % 2 else SUN)
            _disc(draw, x + step / 2, y + step / 2, step * 0.07, SAND)


def workshop(draw: Draw) -> None:
    """A wall of notes that are being sorted."""
    random = Random(11)
    colours = [SUN, CORAL, RICE, (126, 190, 204), PAPER]
    for row in range(4):
        for column in range(7):
            x, y = 480 + column * 400 + random.randint(-30, 30), 370 + row * 500
            _note(draw, x, y + random.randint(-30, 30), random.choice(colours), random)


def seminar(draw: Draw) -> None:
    """A speaker in the light, and rows of listeners."""
    draw.polygon(
        [(WIDTH * 0.4, 0), (WIDTH * 0.6, 0), (WIDTH * 0.75, HEIGHT), (WIDTH * 0.25, HEIGHT)],
        fill=(92, 84, 110),
    )
    draw.rectangle((WIDTH * 0.2, HEIGHT * 0.6, WIDTH * 0.8, HEIGHT * 0.66), fill=BRICK)
    _person(draw, WIDTH * 0.5, HEIGHT * 0.4, 90, SUN)
    draw.rectangle((WIDTH * 0.47, HEIGHT * 0.46, WIDTH * 0.53, HEIGHT * 0.6), fill=SAND)
    for row, colour in enumerate([(52, 60, 92), (38, 46, 74), NIGHT]):
        for seat in range(12):
            x = WIDTH * (seat + 0.5 * (row % 2)) / 11
            _person(draw, x, HEIGHT * (0.74 + 0.1 * row), 80 + 14 * row, colour)


def training(draw: Draw) -> None:
    """Bars that grow along a line, beside a shelf of books."""
    random = Random(3)
    tops = []
    for number in range(8):
        x, top = 300 + number * 250, HEIGHT * (0.72 - 0.065 * number) + random.randint(-60, 60)
        draw.rounded_rectangle(
            (x, top, x + 170, HEIGHT * 0.82), 24, fill=TEAL if number % 2 else DEEP
        )
        tops.append((x + 85, top - 110))
    draw.line(tops, fill=CORAL, width=18, joint="curve")
    for x, y in tops:
        _disc(draw, x, y, 30, CORAL)
    for number in range(9):
        x, top = 2420 + number * 92, HEIGHT * (0.44 + 0.05 * random.random())
        colour = random.choice([BRICK, SUN, LEAF, NIGHT, CORAL])
        draw.rectangle((x, top, x + 78, HEIGHT * 0.82), fill=colour)
    draw.rectangle((200, HEIGHT * 0.82, WIDTH - 100, HEIGHT * 0.85), fill=BRICK)


SKIES: dict[Callable[[Draw], None], tuple[Colour, Colour]] = {
    mountains: ((250, 214, 180), (236, 150, 120)),
    rice_fields: ((170, 214, 226), (240, 238, 214)),
    sea: ((72, 66, 120), (246, 160, 104)),
    kawung: ((90, 44, 36), (58, 28, 30)),
    workshop: ((226, 204, 176), (208, 184, 156)),
    seminar: ((44, 42, 78), (66, 58, 92)),
    training: ((238, 242, 236), (214, 226, 222)),
}


# --- What scenes are made of -----------------------------------------------------------


def _disc(draw: Draw, x: float, y: float, radius: float, colour: Colour) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _ridge(
    draw: Draw, base: float, rise: float, seed: int, colour: Colour, edge: Colour | None = None
) -> None:
    """A rolling line across the picture and all that lies below it."""
    line = list(_rolling(base, rise, Random(seed)))
    draw.polygon([(0, HEIGHT), *line, (WIDTH, HEIGHT)], fill=colour)
    if edge:
        draw.line(line, fill=edge, width=10, joint="curve")


def _rolling(base: float, rise: float, random: Random) -> Iterator[tuple[float, float]]:
    waves = [(random.uniform(1, 7), random.uniform(0, 2 * pi)) for _ in range(4)]
    for x in range(0, WIDTH + 40, 40):
        height = sum(sin(n * 2 * pi * x / WIDTH + turn) / (1 + n / 2) for n, turn in waves)
        yield x, base - rise * height


def _palm(draw: Draw, x: float, y: float) -> None:
    draw.line([(x, y), (x + 20, y - 200), (x + 60, y - 380)], fill=NIGHT, width=22, joint="curve")
    for number in range(9):
        turn = pi * (0.05 + number * 0.1125)
        tip = (x + 60 + 190 * cos(turn), y - 380 - 110 * sin(turn) + 90 * abs(cos(turn)))
        draw.line([(x + 60, y - 380), tip], fill=NIGHT, width=20)


def _sail(draw: Draw, x: float, y: float, size: float) -> None:
    hull = [
        (x - size, y),
        (x + size, y),
        (x + size * 0.7, y + size * 0.25),
        (x - size * 0.7, y + size * 0.25),
    ]
    draw.polygon(hull, fill=NIGHT)
    draw.polygon([(x, y - 20), (x, y - size * 1.7), (x + size * 0.8, y - 20)], fill=CREAM)
    draw.polygon([(x - 24, y - 20), (x - 24, y - size * 1.4), (x - size * 0.7, y - 20)], fill=CORAL)


def _petals(draw: Draw, x: float, y: float, size: float, colour: Colour) -> None:
    for quarter in range(4):
        turn = pi / 4 + quarter * pi / 2
        centre = x + cos(turn) * size * 0.66, y + sin(turn) * size * 0.66
        draw.polygon(list(_ellipse(*centre, size * 0.5, size * 0.28, turn)), fill=colour)
        _disc(draw, *centre, size * 0.08, BRICK)


def _ellipse(
    x: float, y: float, long: float, short: float, turn: float
) -> Iterator[tuple[float, float]]:
    for step in range(40):
        angle = step * pi / 20
        a, b = long * cos(angle), short * sin(angle)
        yield x + a * cos(turn) - b * sin(turn), y + a * sin(turn) + b * cos(turn)


def _note(draw: Draw, x: float, y: float, colour: Colour, random: Random) -> None:
    draw.rectangle((x - 142, y - 132, x + 158, y + 168), fill=(188, 164, 138))
    draw.rectangle((x - 150, y - 150, x + 150, y + 150), fill=colour)
    for line in range(random.randint(2, 4)):
        top = y - 80 + line * 55
        draw.line((x - 105, top, x + random.randint(0, 100), top), fill=NIGHT, width=12)


def _person(draw: Draw, x: float, y: float, size: float, colour: Colour) -> None:
    _disc(draw, x, y, size, colour)
    box = (x - size * 2, y + size * 0.9, x + size * 2, y + size * 5)
    draw.rounded_rectangle(box, size * 1.6, fill=colour)
