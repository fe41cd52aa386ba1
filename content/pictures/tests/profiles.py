"""Colour profiles for tests, made in code.

Source: ICC.1:2001-04 (profile version 2.4).
"""

import re
import struct
from itertools import product

from PIL import ImageCms


def profile(name: str = "sRGB") -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def swapped_profile() -> bytes:
    """A profile in which red means blue, so that one can see whether it was applied."""
    content = profile()
    tags = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}
    names = re.compile(b"|".join(tags))
    return names.sub(lambda match: tags[match[0]], content)


def grey_profile() -> bytes:
    """Grey of linear light, as scanners have it."""
    return made_profile(b"GRAY", {b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x0100)})


def table_profile(inputs: int = 3) -> bytes:
    """A profile that looks its colours up: every light halved. Of ink with 4 `inputs`."""
    steps = 9
    head = b"mft2\0\0\0\0" + bytes([inputs, 3, steps, 0])
    head += struct.pack(">9i", *(65_536 if i % 4 == 0 else 0 for i in range(9)))
    line = struct.pack(">2H", 0, 65_535)
    nodes = product([step / (steps - 1) for step in range(steps)], repeat=inputs)
    cube = b"".join(_node(*node) for node in nodes)
    table = head + struct.pack(">HH", 2, 2) + line * inputs + cube + line * 3
    return made_profile(b"RGB " if inputs == 3 else b"CMYK", {b"A2B0": table})


def _node(*channels: float) -> bytes:
    """Lab under D50 of RGB or of CMYK."""
    primaries = ((0.436, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
    black = channels[3] if channels[3:] else 0
    light = [(1 - ink) * (1 - black) for ink in channels[:3]] if channels[3:] else channels
    xyz = [
        sum(p[axis] * value**2.2 / 2 for p, value in zip(primaries, light, strict=True))
        for axis in range(3)
    ]
    x, y, z = (cube_root(v / white) for v, white in zip(xyz, (0.9642, 1.0, 0.8249), strict=True))
    lightness, a, b = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    return struct.pack(">3H", round(lightness * 652.8), *(round((v + 128) * 256) for v in (a, b)))


def cube_root(value: float) -> float:
    """With the straight line near black that CIE Lab has."""
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116


def made_profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A profile of version 2 with these tags beside the obligatory ones."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63_190, 65_536, 54_061)
    text = b"text\0\0\0\0none\0"
    described = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"none\0" + bytes(78)
    tags = {b"desc": described, b"cprt": text, b"wtpt": white} | tags
    position, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, position + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    kind = b"prtr" if b"A2B0" in tags else b"scnr"
    size = position + len(body)
    connection = b"Lab " if kind == b"prtr" else b"XYZ "
    header = struct.pack(">I4xI4s4s4s12x", size, 0x02400000, kind, space, connection)
    header = (header + b"acsp" + bytes(28) + white[8:]).ljust(128, b"\0")
    return header + struct.pack(">I", len(tags)) + table + body
