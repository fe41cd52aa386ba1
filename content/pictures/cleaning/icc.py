"""Colour profiles that say how colours are meant and nothing else.

Those of screens and cameras also name the device, its serial number and the day it was measured,
and have room for any text. So a profile is made anew from its colours; one that cannot be (it
looks colours up in a table) is None, and its picture has to be converted.

Source: ICC.1:2022 (profile version 4.4), 7 to 10; the same since version 2 for what is used here.
"""

from __future__ import annotations

import struct

import numpy

D50 = (0.9642, 1.0, 0.8249)  # the white of every profile
MAX_CURVE = 4096  # entries
_HEADER_SIZE, _MAX_TAGS = 128, 200
_COLOURS = {b"RGB ": (b"rXYZ", b"gXYZ", b"bXYZ"), b"GRAY": ()}
_CURVES = {b"RGB ": (b"rTRC", b"gTRC", b"bTRC"), b"GRAY": (b"kTRC",)}
_PARAMETERS = (1, 3, 4, 5, 7)  # by the type of a parametric curve
# From XYZ to what the eye's cones see (Bradford), to adapt one white to another.
_CONES = numpy.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)

Point = tuple[float, float]  # x, y of CIE 1931


def rebuilt(profile: bytes) -> bytes | None:
    """The same colours in a profile of ours; None where they are not points and curves."""
    try:
        space, connection, signature = profile[16:20], profile[20:24], profile[36:40]
        tags = _tags(profile)
        if signature != b"acsp" or connection != b"XYZ " or any(t[:3] == b"A2B" for t in tags):
            return None
        points = {name: _point(tags[name]) for name in _COLOURS[space]}
        curves = {name: _curve(tags[name]) for name in _CURVES[space]}
    except (LookupError, ValueError, struct.error):
        return None
    return _profile(space, points | curves)


def made(space: bytes, white: Point, primaries: tuple[Point, ...], curve: bytes) -> bytes:
    """A profile of these primaries (red, green, blue) and `curve` for every channel."""
    points = {}
    if space == b"RGB ":
        columns = _matrix(white, primaries).T
        points = dict(zip(_COLOURS[space], map(xyz, columns), strict=True))
    return _profile(space, points | dict.fromkeys(_CURVES[space], curve))


def parametric(kind: int, *parameters: float) -> bytes:
    """A curve by its formula (10.18); the first parameter is the exponent."""
    fixed = (round(p * 65_536) for p in parameters)
    return b"para\0\0\0\0" + struct.pack(f">HH{len(parameters)}i", kind, 0, *fixed)


def xyz(point: numpy.ndarray | tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(float(value) * 65_536) for value in point))


def _matrix(white: Point, primaries: tuple[Point, ...]) -> numpy.ndarray:
    """From linear RGB to XYZ under D50. Raises ValueError where the primaries span no space."""
    try:
        columns = numpy.array([_from_xy(p) for p in primaries]).T
        white_xyz = _from_xy(white)
        columns = columns * numpy.linalg.solve(columns, white_xyz)
        scale = (_CONES @ D50) / (_CONES @ white_xyz)
        matrix = numpy.linalg.inv(_CONES) @ numpy.diag(scale) @ _CONES @ columns
    except (ArithmeticError, numpy.linalg.LinAlgError) as error:
        raise ValueError("no colours") from error
    if not (numpy.isfinite(matrix).all() and abs(matrix).max() < 1_000):
        raise ValueError("no colours")
    return matrix


def _from_xy(point: Point) -> numpy.ndarray:
    x, y = point
    return numpy.array([x / y, 1.0, (1 - x - y) / y])


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, _HEADER_SIZE)
    tags = {}
    for number in range(min(count, _MAX_TAGS)):
        name, start, size = struct.unpack_from(">4sII", profile, _HEADER_SIZE + 4 + 12 * number)
        tags[name] = profile[start : start + size]
    return tags


def _point(data: bytes) -> bytes:
    kind, *values = struct.unpack_from(">4s4x3i", data)
    if kind != b"XYZ ":
        raise ValueError(kind)
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *values)


def _curve(data: bytes) -> bytes:
    """The curve in its exact length, so that nothing stands behind it."""
    if data[:4] == b"para":
        (kind,) = struct.unpack_from(">H", data, 8)
        values = struct.unpack_from(f">{_PARAMETERS[kind]}i", data, 12)
        return b"para\0\0\0\0" + struct.pack(f">HH{len(values)}i", kind, 0, *values)
    (count,) = struct.unpack_from(">I", data, 8)
    if data[:4] != b"curv" or count > MAX_CURVE:
        raise ValueError("no such curve")
    values = struct.unpack_from(f">{count}H", data, 12)
    return b"curv\0\0\0\0" + struct.pack(f">I{count}H", count, *values)


def _profile(space: bytes, colours: dict[bytes, bytes]) -> bytes:
    """A display profile of version 4.3 with these tags and those that every profile must have."""
    tags = {b"desc": _text("Colours"), b"cprt": _text("None"), b"wtpt": xyz(D50)} | colours
    position, table, body = _HEADER_SIZE + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, position + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    content = struct.pack(">I", len(tags)) + table + body
    return _header(space, _HEADER_SIZE + len(content)) + content


def _header(space: bytes, size: int) -> bytes:
    any_day = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    head = struct.pack(">I4xI4s4s4s", size, 0x04300000, b"mntr", space, b"XYZ ") + any_day
    return (head + b"acsp" + bytes(28) + xyz(D50)[8:]).ljust(_HEADER_SIZE, b"\0")


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data
