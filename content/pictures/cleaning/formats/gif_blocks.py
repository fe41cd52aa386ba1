"""A GIF taken apart without decoding it: what of it is shown.

Source: "Graphics Interchange Format, Version 89a", CompuServe 1990.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

MAX_BLOCKS = 20_000  # reading takes time for each; 1,000 frames have some 2,000
TRAILER = b";"
HAS_PALETTE, INTERLACED, HAS_TRANSPARENCY = 0x80, 0x40, 0x01
_IMAGE, _EXTENSION, _TRAILER, _PADDING = (*b",!;\0",)
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_PALETTE_SIZE, _DISPOSAL_AND_TRANSPARENCY = 0x07, 0x1D
_SIGNATURE_SIZE = 6


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


def parse(content: bytes, max_frames: int) -> Parsed:
    """Stops one frame after `max_frames`. Raises what `refusals.reading` takes for damage."""
    reader = _Reader(content)
    reader.read_blocks(max_frames)
    return _with_room_for_first_frame(reader.parsed)


def _with_room_for_first_frame(gif: Parsed) -> Parsed:
    """Viewers enlarge a screen that is too small for its first frame; some files rely on it."""
    left, top, width, height = gif.frames[0].box
    gif.width, gif.height = max(gif.width, left + width), max(gif.height, top + height)
    return gif


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content, self._position = content, _SIGNATURE_SIZE
        width, height, flags, background, _aspect = struct.unpack("<HHBBB", self._take(7))
        self.parsed = Parsed(width, height, self._palette(flags), background)

    def read_blocks(self, max_frames: int) -> None:
        """Up to the end or what is no block, which viewers do not miss behind a whole frame."""
        control = b""
        for _ in range(MAX_BLOCKS):
            kind = self._take(1)[0] if self._position < len(self._content) else _TRAILER
            if kind == _IMAGE:
                self.parsed.frames.append(self._frame(control))
                control = b""
            elif kind == _EXTENSION:
                control = self._extension() or control
            elif kind != _PADDING:
                return
            if len(self.parsed.frames) > max_frames:
                return
        raise ValueError("too many blocks")

    def _frame(self, control: bytes) -> Frame:
        *box, flags = struct.unpack("<HHHHB", self._take(9))
        if not (box[2] and box[3]):
            raise ValueError("empty frame")
        palette = self._palette(flags)
        data = self._take(1) + self._sub_blocks()
        return Frame(tuple(box), palette, bool(flags & INTERLACED), control, data)

    def _extension(self) -> bytes:
        """A graphic control's four bytes, else nothing; keeps a loop count."""
        label, blocks = self._take(1)[0], self._sub_blocks()
        size = blocks[0]
        first, second = blocks[1 : 1 + size], blocks[1 + size :]
        if label == _GRAPHIC_CONTROL and size == 4:
            return bytes([first[0] & _DISPOSAL_AND_TRANSPARENCY]) + first[1:]
        if label == _APPLICATION and first in _LOOPS and second[0] >= 3:
            self.parsed.loops = int.from_bytes(second[2:4], "little")
        return b""

    def _sub_blocks(self) -> bytes:
        """As they are stored, each behind its size, up to one of size 0."""
        content, start, end = self._content, self._position, self._position
        while size := content[end]:
            end += 1 + size
        self._position = end + 1
        return content[start : end + 1]

    def _palette(self, flags: int) -> bytes:
        return self._take(6 << (flags & _PALETTE_SIZE)) if flags & HAS_PALETTE else b""

    def _take(self, size: int) -> bytes:
        data = self._content[self._position : self._position + size]
        if len(data) < size:
            raise EOFError("the file breaks off")
        self._position += size
        return data
