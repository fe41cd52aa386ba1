"""The pixels of a PNG, packed and unpacked.

Pillow fills rows that are missing with black and knows no transparent colour of less or more than
8 bits, so both are seen to here.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngImageFile

from content.pictures.cleaning.formats.png_chunks import SIGNATURE, Parsed, chunk

# Pillow's own level, 6, is 7 % smaller on dithered pictures and takes nine times as long.
LEVEL = 4
_BLOCK = 1 << 20
_VALUES = range(1 << 16)

Key = tuple[int, ...]  # a value for each channel, of as many bits as it has


def whole(parts: Iterable[memoryview], size: int) -> bytes:
    """The packed pixels, exactly as they are where they unpack to `size` bytes and end there,
    and else packed anew without the rest. Raises EOFError where some are missing."""
    packed = b"".join(parts)
    unpacker, total, rest = zlib.decompressobj(), 0, packed
    while rest and total <= size and not unpacker.eof:
        total += len(unpacker.decompress(rest, _BLOCK))
        rest = unpacker.unconsumed_tail
    if total < size:
        raise EOFError("the pixels break off")
    exact = total == size and unpacker.eof and not unpacker.unused_data
    return packed if exact else _packed_anew(packed, size)


def _packed_anew(packed: bytes, size: int) -> bytes:
    unpacker, packer = zlib.decompressobj(), zlib.compressobj(LEVEL)
    result, rest = [], packed
    while size:
        data = unpacker.decompress(rest, min(_BLOCK, size))
        size, rest = size - len(data), unpacker.unconsumed_tail
        result.append(packer.compress(data))
    return b"".join([*result, packer.flush()])


def decoded(parsed: Parsed, pixels: Iterable[memoryview]) -> Image.Image:
    """Pixels of the header's size with 8 bits a channel or fewer; alpha for a transparent colour.

    Raises what `refusals.reading` takes for damage.
    """
    header = parsed.header
    palette = (b"PLTE", parsed.palette), (b"tRNS", parsed.transparency)
    parts = [SIGNATURE, chunk(b"IHDR", header.packed())]
    parts += [chunk(*each) for each in palette if header.colour == 3 and each[1]]
    packed = whole(pixels, header.unpacked_size())
    file = b"".join([*parts, chunk(b"IDAT", packed), chunk(b"IEND")])
    key = parsed.transparency if header.colour in (0, 2) else b""
    values = struct.unpack(f">{len(key) // 2}H", key)
    if header.depth < 16:
        return _with_alpha(_loaded(file), values, most=(1 << header.depth) - 1)
    return _colours_of_16_bits(file, values) if header.colour else _grey_of_16_bits(file, values)


def _loaded(file: bytes, channels: str | None = None) -> Image.Image:
    """Decoded, if need be with another reading of how the channels are packed."""
    image = PngImageFile(BytesIO(file))
    if channels:
        image.tile = [image.tile[0]._replace(args=channels)]
    image.load()
    # That of a palette is well read.
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    return image


def _with_alpha(image: Image.Image, key: Key, most: int) -> Image.Image:
    if key:
        image = image.convert("L") if image.mode == "1" else image
        image.putalpha(_differs(image, tuple((value & most) * 255 // most for value in key)))
    return image


def _grey_of_16_bits(file: bytes, key: Key) -> Image.Image:
    image = _loaded(file).convert("I")
    alpha = image.point([0 if (v,) == key else 255 for v in _VALUES], "L") if key else None
    image = image.point([(value + 128) // 257 for value in _VALUES], "L")
    if alpha:
        image.putalpha(alpha)
    return image


def _colours_of_16_bits(file: bytes, key: Key) -> Image.Image:
    """Pillow reads the high bytes; for the key the low ones are read, one after the other: see
    "Memory" in `clean`."""
    if not key:
        return _loaded(file)
    alpha = _differs(_loaded(file, "RGB;16L"), tuple(value & 255 for value in key))
    image = _loaded(file)
    alpha = ImageChops.lighter(alpha, _differs(image, tuple(value >> 8 for value in key)))
    image.putalpha(alpha)
    return image


def _differs(image: Image.Image, key: Key) -> Image.Image:
    """255 where a channel is not what the key says."""
    result = None
    for band, value in zip(image.getbands(), key, strict=True):
        mask = image.getchannel(band).point([0 if v == value else 255 for v in range(256)])
        result = mask if result is None else ImageChops.lighter(result, mask)
    return result
