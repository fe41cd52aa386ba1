"""Pictures for tests, drawn and broken in code: no binary file is kept in the repository.

`jpeg()`, `png()` and `gif()` make good ones. `HOSTILE` must be refused, `CLEANABLE` must be
accepted and come out without `PAYLOAD`; both map a name to bytes, made when first asked for.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from content.pictures.tests import profiles

PAYLOAD = b"<script>alert('payload')</script>"
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825

# How a camera would have to store an upright picture for each EXIF orientation to be true.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


class Corpus(Mapping[str, bytes]):
    """Bytes by name, each made once and only when it is used."""

    def __init__(self) -> None:
        self._makers: dict[str, Callable[[], bytes]] = {}

    def add(self, name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
        def register(maker: Callable[[], bytes]) -> Callable[[], bytes]:
            self._makers[name] = cache(maker)
            return maker

        return register

    def __getitem__(self, name: str) -> bytes:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


HOSTILE = Corpus()
CLEANABLE = Corpus()


# Good pictures


def drawing(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red top left quarter, green top right, blue bottom left, white bottom right."""
    image = Image.new("RGB", (width, height), "white")
    middle, centre = width // 2, height // 2
    image.paste((255, 0, 0), (0, 0, middle, centre))
    image.paste((0, 255, 0), (middle, 0, width, centre))
    image.paste((0, 0, 255), (0, centre, middle, height))
    return image if mode == "RGB" else image.convert(mode)


def noise(width: int = 96, height: int = 64) -> Image.Image:
    """What no encoder can make small, so that most of a file is pixels."""
    return Image.effect_noise((width, height), 80).convert("RGB")


def noise_with_alpha() -> Image.Image:
    return Image.merge("RGBA", [Image.effect_noise((96, 64), 80) for _channel in "RGBA"])


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    output = BytesIO()
    image.save(output, format, **options)
    return output.getvalue()


def jpeg(
    width: int = 64, height: int = 48, *, mode: str = "RGB", orientation: int = 1, **options: object
) -> bytes:
    """A JPEG that is `width` x `height` once it is turned upright."""
    stored = drawing(width, height, mode)
    if STORED_AS[orientation] is not None:
        stored = stored.transpose(STORED_AS[orientation])
        options.setdefault("exif", exif(orientation))
    return saved(stored, "JPEG", **{"quality": 90, **options})


def png(width: int = 64, height: int = 48, *, mode: str = "RGB", **options: object) -> bytes:
    return saved(drawing(width, height, mode), "PNG", **options)


def gif(
    width: int = 64, height: int = 48, *, frames: int = 1, duration: int = 100, **options: object
) -> bytes:
    """An animation of a black bar that wanders over the drawing; `duration` in ms a frame."""
    images = [drawing(width, height) for _frame in range(frames)]
    for number, image in enumerate(images[1:], start=1):
        left = number * width // frames
        ImageDraw.Draw(image).rectangle((left, 0, left + 3, height), fill=(number % 256, 0, 0))
    images = [image.quantize(16) for image in images]
    return saved(
        images[0],
        "GIF",
        **{"save_all": True, "append_images": images[1:], "duration": duration, "loop": 0}
        | options,
    )


def exif(orientation: int = 1, *, maker: bytes = b"", gps: bool = False) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    if maker:
        tags[MAKER] = maker.decode("latin-1")
    if gps:
        tags.get_ifd(GPS).update({1: "S", 2: (6.0, 12.0, 31.5), 3: "E", 4: (106.0, 49.0, 12.3)})
    return tags


def raw_png(
    width: int, height: int, depth: int = 8, colour: int = 2, data: bytes = b"", extra: bytes = b""
) -> bytes:
    """A PNG put together by hand: `data` is what IDAT unpacks to, `extra` whole chunks."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data, 9))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_with(*chunks: bytes) -> bytes:
    return raw_png(2, 2, data=(b"\0" + b"\xff\0\0" * 2) * 2, extra=b"".join(chunks))


def raw_gif(width: int, height: int, *blocks: bytes) -> bytes:
    """A GIF put together by hand: a palette of black and white, then `blocks`."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0)
    return b"GIF89a" + screen + b"\0\0\0\xff\xff\xff" + b"".join(blocks) + b";"


def gif_frame(width: int = 1, height: int = 1, data: bytes = b"\x02\x02\x44\x01\x00") -> bytes:
    """One frame; `data`, code size and sub-blocks, is by default good for a single pixel."""
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + data


def text_block(label: bytes, data: bytes) -> bytes:
    """A GIF extension with `data`, at most 255 bytes, in one sub-block."""
    return b"!" + label + bytes([len(data)]) + data + b"\0"


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with(*segments: bytes) -> bytes:
    content = jpeg()
    return content[:2] + b"".join(segments) + content[2:]


def archive() -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        file.writestr("payload.html", PAYLOAD)
    return output.getvalue()


# To be refused: not a picture, or not one of ours

HOSTILE.add("zero bytes")(lambda: b"")
HOSTILE.add("plain text")(lambda: b"Selamat pagi")
HOSTILE.add("svg")(lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + PAYLOAD + b"</svg>")
HOSTILE.add("html")(lambda: b"<!doctype html><title>a.jpg</title>" + PAYLOAD)
HOSTILE.add("pdf")(lambda: saved(drawing(), "PDF"))
HOSTILE.add("zip")(archive)
for _format in ("WEBP", "BMP", "TIFF", "ICO"):
    HOSTILE.add(_format.lower())(lambda kind=_format: saved(drawing(), kind))
HOSTILE.add("gif signature and script")(lambda: b"GIF89a/*" + PAYLOAD)
HOSTILE.add("jpeg signature and script")(lambda: b"\xff\xd8\xff\xe0" + PAYLOAD)
HOSTILE.add("png signature and script")(lambda: b"\x89PNG\r\n\x1a\n" + PAYLOAD)


# To be refused: broken off

_WHOLE = {
    "jpeg": lambda: saved(noise(), "JPEG"),
    "progressive jpeg": lambda: saved(noise(), "JPEG", progressive=True),
    "png": lambda: saved(noise(), "PNG"),
    "gif": lambda: saved(noise(), "GIF"),
    "animated gif": lambda: gif(frames=8),
}


def _part(maker: Callable[[], bytes], quarters: int) -> bytes:
    content = maker()
    return content[: len(content) * quarters // 4]


for _name, _maker in _WHOLE.items():
    for _quarters in (1, 2, 3):
        HOSTILE.add(f"{_name} cut at {_quarters}/4")(
            lambda maker=_maker, quarters=_quarters: _part(maker, quarters)
        )
for _name in ("jpeg", "progressive jpeg"):
    HOSTILE.add(f"{_name} without its last byte")(lambda maker=_WHOLE[_name]: maker()[:-1])
    HOSTILE.add(f"{_name} cut in the middle and ended again")(
        lambda maker=_WHOLE[_name]: _part(maker, 2) + b"\xff\xd9"
    )


@HOSTILE.add("png with a wrong checksum")
def _wrong_checksum() -> bytes:
    content = bytearray(png())
    content[-13] ^= 1  # last byte of the checksum of IDAT; IEND takes 12
    return bytes(content)


# To be refused: larger than it looks

HOSTILE.add("png header of 20,000 x 20,000")(lambda: raw_png(20_000, 20_000))
HOSTILE.add("gif header of 20,000 x 20,000")(lambda: raw_gif(20_000, 20_000, gif_frame()))
HOSTILE.add("png with fewer rows than it says")(lambda: raw_png(9, 9, 8, 0, bytes(10 * 8)))
HOSTILE.add("png of colours without a palette")(lambda: raw_png(1, 1, 8, 3, b"\0\0"))
HOSTILE.add("png of one pixel over 40 megapixels")(lambda: raw_png(40_000_001, 1, 1, 0))
HOSTILE.add("gif frame larger than its screen")(lambda: raw_gif(1, 1, gif_frame(65_535, 65_535)))
HOSTILE.add("gif with a later frame larger than its screen")(
    lambda: raw_gif(1, 1, gif_frame(), gif_frame(10_000, 10_000))
)
HOSTILE.add("gif frame without area")(lambda: raw_gif(1, 1, gif_frame(0, 1)))
HOSTILE.add("gif without a frame")(lambda: raw_gif(1, 1))
HOSTILE.add("gif with too few pixels")(lambda: raw_gif(9, 9, gif_frame(9, 9)))
HOSTILE.add("gif of 1,001 frames")(lambda: raw_gif(1, 1, gif_frame() * 1_001))
HOSTILE.add("gif of 201 megapixels in all")(lambda: raw_gif(1_000, 1_000, gif_frame() * 201))


@HOSTILE.add("jpeg header of 20,000 x 20,000")
def _huge_jpeg() -> bytes:
    content = jpeg(64, 48)
    size = struct.pack(">HH", 48, 64)
    return content.replace(size, struct.pack(">HH", 20_000, 20_000), 1)


@HOSTILE.add("jpeg of very many scans")
def _many_scans() -> bytes:
    content = jpeg(progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 200 + b"\xff\xd9"


# To be cleaned: something before, behind or between the pixels

CLEANABLE.add("jpeg and zip")(lambda: jpeg() + archive() + PAYLOAD)
CLEANABLE.add("jpeg and html")(lambda: jpeg() + PAYLOAD)
CLEANABLE.add("png and html")(lambda: png() + PAYLOAD)
CLEANABLE.add("gif and html")(lambda: gif() + PAYLOAD)
CLEANABLE.add("jpeg with a payload before its end")(lambda: jpeg()[:-2] + PAYLOAD + b"\xff\xd9")
CLEANABLE.add("jpeg with a comment")(lambda: jpeg(comment=PAYLOAD))
CLEANABLE.add("jpeg with GPS")(lambda: jpeg(exif=exif(maker=PAYLOAD, gps=True)))
CLEANABLE.add("jpeg with 60 KiB of EXIF")(lambda: jpeg(exif=exif(maker=PAYLOAD * 1_850, gps=True)))
CLEANABLE.add("jpeg with EXIF that is none")(
    lambda: jpeg_with(segment(0xE1, b"Exif\0\0" + PAYLOAD))
)
CLEANABLE.add("jpeg with XMP")(
    lambda: jpeg_with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PAYLOAD))
)
CLEANABLE.add("jpeg with 2 MiB of application data")(
    lambda: jpeg_with(segment(0xEF, PAYLOAD * 1_900) * 34)
)
CLEANABLE.add("jpeg with a profile that is none")(lambda: jpeg(icc_profile=PAYLOAD * 9))
CLEANABLE.add("jpeg with a payload behind its profile")(
    lambda: jpeg(icc_profile=profiles.profile() + PAYLOAD)
)
CLEANABLE.add("png with GPS")(lambda: png(exif=exif(maker=PAYLOAD, gps=True)))
CLEANABLE.add("png with a profile that is none")(lambda: png(icc_profile=PAYLOAD * 9))
CLEANABLE.add("png with a private chunk")(lambda: png_with(chunk(b"prIv", PAYLOAD)))
CLEANABLE.add("gif with a comment")(lambda: gif(comment=PAYLOAD))
CLEANABLE.add("gif with XMP")(
    lambda: raw_gif(1, 1, b"!\xff\x0bXMP DataXMP" + text_block(b"", PAYLOAD)[1:], gif_frame())
)
CLEANABLE.add("gif with a payload behind its pixels")(
    lambda: raw_gif(1, 1, gif_frame(data=b"\x02\x02\x44\x01" + bytes([33]) + PAYLOAD + b"\0"))
)


@CLEANABLE.add("png with texts")
def _texts() -> bytes:
    texts = PngInfo()
    texts.add_text("Comment", PAYLOAD.decode())
    texts.add_text("Author", PAYLOAD.decode(), zip=True)
    texts.add_itxt("XML:com.adobe.xmp", PAYLOAD.decode())
    return png(pnginfo=texts)


@CLEANABLE.add("gif and javascript")
def _gif_and_javascript() -> bytes:
    """Valid as both: the width reads as the beginning of a JavaScript comment."""
    content = bytearray(raw_gif(1, 1, gif_frame()))
    content[6:8] = b"/*"
    return bytes(content) + b"*/=1;" + PAYLOAD


@CLEANABLE.add("jpeg with a second picture (MPO)")
def _mpo() -> bytes:
    second = drawing()
    second.encoderinfo = {"comment": PAYLOAD}
    return saved(drawing(), "MPO", save_all=True, append_images=[second]) + PAYLOAD


@CLEANABLE.add("animated png")
def _animated_png() -> bytes:
    later = chunk(b"tEXt", b"Comment\0" + PAYLOAD)
    frames = [drawing().rotate(90), drawing().rotate(180)]
    content = png(save_all=True, append_images=frames, duration=100)
    return content[:-12] + later + content[-12:]
