"""How the colours of a PNG are meant: one of four chunks says so, in order of precedence.

A chunk of a few numbers is kept as it is; a profile only as `icc.rebuilt` makes it.

Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025, 4.3 and 11.3.2;
ITU-T H.273, tables 2 and 3.
"""

from __future__ import annotations

import struct
import zlib

from PIL.Image import Image

from content.pictures.cleaning import colours, icc
from content.pictures.cleaning.formats.png_chunks import chunk

MAX_PROFILE = 4 * 1024 * 1024  # unpacked; the largest tables for printing have 2 to 3 MiB
_D65 = (0.3127, 0.329)
_SRGB = ((0.64, 0.33), (0.3, 0.6), (0.15, 0.06))
_PRIMARIES = {
    1: _SRGB,
    9: ((0.708, 0.292), (0.17, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),  # Display P3
}
_SRGB_CURVE = icc.parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_TRANSFERS = {
    # Television is meant to be shown so (BT.1886), whatever its cameras do.
    **dict.fromkeys((1, 6, 14, 15), icc.parametric(0, 2.4)),
    4: icc.parametric(0, 2.2),
    5: icc.parametric(0, 2.8),
    8: icc.parametric(0, 1.0),
    13: _SRGB_CURVE,
}
_FULL_RANGE_RGB = b"\0\1"
_USUAL_GAMMA, _MAX_EXPONENT = 45_455, 30_000

Hints = dict[bytes, bytes]  # chunks by name


def profile(hints: Hints, mode: str) -> bytes:
    """What says how a picture of this mode is meant, as a profile; empty where it is sRGB."""
    space = b"GRAY" if mode in ("1", "L", "LA") else b"RGB "
    match _said_by(hints, mode):
        case b"cICP":
            primaries, transfer = hints[b"cICP"][:2]
            points, curve = _PRIMARIES[primaries], _TRANSFERS[transfer]
            return icc.made(space, _D65, points, curve)
        case b"iCCP":
            return _unpacked(hints[b"iCCP"])
        case b"gAMA":
            return _of_gamma(hints, space)
    return b""


def may_be_kept(hints: Hints, bitmap: Image) -> bool:
    """Not where the bitmap had to be converted."""
    return _said_by(hints, bitmap.mode) != b"iCCP" or bool(bitmap.info.get("icc_profile"))


def kept(hints: Hints, bitmap: Image) -> bytes:
    """Chunks that say the same; `bitmap` has the profile that may be kept in its `info`."""
    match name := _said_by(hints, bitmap.mode):
        case b"iCCP":
            made = bitmap.info.get("icc_profile")
            return chunk(name, b"Colours\0\0", zlib.compress(made)) if made else b""
        case b"gAMA":
            further = chunk(b"cHRM", hints[b"cHRM"]) if b"cHRM" in hints else b""
            return chunk(name, hints[name]) + further
        case None:
            return b""
    return chunk(name, hints[name])


def _said_by(hints: Hints, mode: str) -> bytes | None:
    """The name of the chunk that counts."""
    cicp = hints.get(b"cICP", b"")
    if cicp[2:] == _FULL_RANGE_RGB and cicp[0] in _PRIMARIES and cicp[1] in _TRANSFERS:
        return b"cICP"
    if b"iCCP" in hints and colours.is_usable(_unpacked(hints[b"iCCP"]), mode):
        return b"iCCP"
    return next((name for name in (b"sRGB", b"gAMA") if name in hints), None)


def _unpacked(data: bytes) -> bytes:
    """The profile of an iCCP chunk; empty where it cannot be unpacked within bounds."""
    packed = data.partition(b"\0")[2][1:]
    try:
        unpacker = zlib.decompressobj()
        found = unpacker.decompress(packed, MAX_PROFILE)
    except zlib.error:
        return b""
    return found if unpacker.eof else b""


def _of_gamma(hints: Hints, space: bytes) -> bytes:
    (gamma,) = struct.unpack(">I", hints[b"gAMA"])
    chromaticities = hints.get(b"cHRM")
    if not gamma or (gamma == _USUAL_GAMMA and not chromaticities):
        return b""
    curve = icc.parametric(0, min(100_000 / gamma, _MAX_EXPONENT))
    if chromaticities:
        numbers = [value / 100_000 for value in struct.unpack(">8I", chromaticities)]
        white, *points = zip(numbers[::2], numbers[1::2], strict=True)
    else:
        white, points = _D65, _SRGB
    try:
        return icc.made(space, white, tuple(points), curve)
    except ValueError:
        return b""
