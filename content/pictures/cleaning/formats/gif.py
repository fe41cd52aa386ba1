"""GIF: taken apart and put together again, frame by frame.

Each frame's indices are decoded and encoded anew without loss, so palettes, positions, durations,
disposal, transparency and looping stay exactly as they were, while comments, application data,
bytes hidden behind the pixels and anything after the end are gone. Only one frame is in memory
at a time, a byte per pixel.

Source: "Graphics Interchange Format, Version 89a", CompuServe 1990.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image
from PIL.GifImagePlugin import GifImageFile, getdata

from content.pictures.cleaning import refusals
from content.pictures.cleaning.formats.source import BoundedOutput, Source, on_screen

SIGNATURES = (b"GIF87a", b"GIF89a")
_EXTENSION, _IMAGE, _TRAILER, _PADDING = b"!", b",", b";", b"\0"
_GRAPHIC_CONTROL, _APPLICATION = b"\xf9", b"\xff"
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_HAS_PALETTE, _PALETTE_SIZE, _INTERLACED = 0x80, 0x07, 0x40
_DISPOSAL_AND_TRANSPARENCY, _HAS_TRANSPARENCY = 0x1D, 0x01


@dataclass(frozen=True)
class Frame:
    box: tuple[int, int, int, int]  # left, top, width, height in pixels
    palette: bytes  # its own colours, RGB RGB ..., or b"" where the global ones count
    interlaced: bool
    control: bytes  # flags, delay (1/100 s), transparent index; or b""
    data: bytes  # code size and sub-blocks, as stored


@dataclass
class Parsed:
    """What of a file is shown; `loops` is None where it plays once, 0 where it never ends."""

    width: int
    height: int
    palette: bytes
    background: int
    loops: int | None = None
    frames: list[Frame] = field(default_factory=list)


class Gif(Source):
    format = "gif"

    def __init__(self, content: bytes, max_frames: int) -> None:
        with refusals.reading():
            self._parsed = parse(content, max_frames)
        self.width, self.height = self._parsed.width, self._parsed.height

    @property
    def areas(self) -> list[int]:
        """A frame may be larger than the screen."""
        screen = self.width * self.height
        return [max(screen, frame.box[2] * frame.box[3]) for frame in self._parsed.frames]

    def bitmap(self, enough: int | None = None) -> Image.Image:
        """The first frame on the screen, with nothing around it."""
        frame = self._parsed.frames[0]
        with refusals.reading():
            image = _indices(frame)
        image.info = {}
        if palette := frame.palette or self._parsed.palette:
            image.putpalette(palette)
        if frame.control and frame.control[0] & _HAS_TRANSPARENCY:
            image.info["transparency"] = frame.control[3]
        if frame.box == (0, 0, self.width, self.height):
            return image
        return on_screen(image, (self.width, self.height), frame.box[:2])

    def cleaned(self, bitmap: Image.Image) -> bytes:
        output = BoundedOutput()
        with refusals.reading():
            for part in write(self._parsed):
                output.write(part)
        return output.getvalue()


def parse(content: bytes, max_frames: int) -> Parsed:
    """Take a file apart without decoding a pixel; stops one frame after `max_frames`.

    Raises EOFError or ValueError where it breaks off or is malformed.
    """
    file = BytesIO(content)
    _take(file, 6)
    width, height, flags, background, _aspect = struct.unpack("<HHBBB", _take(file, 7))
    gif = Parsed(width, height, _palette(file, flags), background)
    control = b""
    while len(gif.frames) <= max_frames and (kind := file.read(1)) != _TRAILER:
        if kind == _IMAGE:
            gif.frames.append(_frame(file, control))
            control = b""
        elif kind == _EXTENSION:
            control = _extension(file, gif) or control
        elif kind != _PADDING:
            break  # neither a block nor the end, which viewers do not miss behind a whole frame
    return _with_room_for_first_frame(gif)


def write(gif: Parsed) -> Iterator[bytes]:
    """The parts of a clean file; raises what Pillow raises where a frame does not decode."""
    yield b"GIF89a" + struct.pack("<HH", gif.width, gif.height)
    yield bytes([_palette_flags(gif.palette), gif.background, 0]) + gif.palette
    if gif.loops is not None:
        yield b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", gif.loops) + b"\0"
    for frame in gif.frames:
        if frame.control:
            yield b"!\xf9\x04" + frame.control + b"\0"
        encoded = b"".join(getdata(_indices(frame), frame.box[:2]))
        yield encoded[:9] + bytes([_palette_flags(frame.palette)]) + frame.palette + encoded[10:]
    yield _TRAILER


def _indices(frame: Frame) -> GifImageFile:
    """The frame's pixels as numbers in its palette (mode L: a GIF without colours reads so)."""
    size = struct.pack("<HH", *frame.box[2:])
    flags = bytes([_INTERLACED if frame.interlaced else 0])
    parts = b"GIF89a", size, b"\0\0\0,\0\0\0\0", size, flags, frame.data, _TRAILER
    image = GifImageFile(BytesIO(b"".join(parts)))
    image.load()
    return image


def _with_room_for_first_frame(gif: Parsed) -> Parsed:
    """Viewers enlarge a screen that is too small for its first frame; some files rely on it."""
    if not gif.frames:
        raise ValueError("no frame")
    left, top, width, height = gif.frames[0].box
    gif.width, gif.height = max(gif.width, left + width), max(gif.height, top + height)
    return gif


def _frame(file: BytesIO, control: bytes) -> Frame:
    *box, flags = struct.unpack("<HHHHB", _take(file, 9))
    if not (box[2] and box[3]):
        raise ValueError("empty frame")
    palette = _palette(file, flags)
    data = _take(file, 1) + b"".join(bytes([len(b)]) + b for b in _blocks(file)) + b"\0"
    return Frame(tuple(box), palette, bool(flags & _INTERLACED), control, data)


def _extension(file: BytesIO, gif: Parsed) -> bytes:
    """Read one extension; returns a graphic control's four bytes, keeps a loop count in `gif`."""
    label, blocks = _take(file, 1), list(_blocks(file))
    if label == _GRAPHIC_CONTROL and blocks and len(blocks[0]) == 4:
        return bytes([blocks[0][0] & _DISPOSAL_AND_TRANSPARENCY]) + blocks[0][1:]
    if label == _APPLICATION and len(blocks) > 1 and blocks[0] in _LOOPS and len(blocks[1]) >= 3:
        gif.loops = int.from_bytes(blocks[1][1:3], "little")
    return b""


def _blocks(file: BytesIO) -> Iterator[bytes]:
    while size := _take(file, 1)[0]:
        yield _take(file, size)


def _palette(file: BytesIO, flags: int) -> bytes:
    return _take(file, 6 << (flags & _PALETTE_SIZE)) if flags & _HAS_PALETTE else b""


def _palette_flags(palette: bytes) -> int:
    """The bits that announce a palette of 2, 4, ... 256 colours, 3 bytes each."""
    return _HAS_PALETTE | (len(palette) // 6).bit_length() - 1 if palette else 0


def _take(file: BytesIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError("the file breaks off")
    return data
