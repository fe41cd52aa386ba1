"""What large pictures cost: time for a phone's photograph, memory for the largest allowed."""

import random
import statistics
import struct
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import requests
from PIL import Image

from bench import servers
from bench.table import Row

ROUNDS = 3
MEBIBYTE = 1024


def rows(folder: Path) -> Iterator[Row]:
    with servers.site(folder) as site:
        photo = photograph(4000, 3000, target=5_000_000)
        took = statistics.median(_upload(site, photo) for _ in range(ROUNDS))
        size = f"{len(photo) / 1e6:.1f} MB"
        yield Row(f"upload of a {size} photograph, 12 megapixels", took, "s", 1.5)
        noise = noise_png()
        for name, content in (("PNG of noise", noise), ("JPEG in 25 scans", scans())):
            yield Row(f"upload of a {name}, 40 megapixels", _upload(site, content), "s", 5)
    kinds = ("JPEG", large_jpeg()), ("JPEG, turned", large_jpeg(6)), ("PNG", png())
    for name, content in (*kinds, ("PNG of noise", noise)):
        # A server of its own: what one kind has left behind must not hide the next.
        with servers.site(folder) as site:
            _upload(site, photograph(400, 300, target=0))
            before = servers.memory(site.worker)
            for at_once in (1, 4):
                added = _peak(site, content, at_once) - before
                label = f"memory added by {at_once} x 40 megapixels, {name}"
                yield Row(label, added / MEBIBYTE, "MiB", 400)


def _peak(site: servers.Running, content: bytes, at_once: int) -> int:
    """KiB that the worker has at most meanwhile."""
    servers.forget_peak(site.worker)
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda _: _upload(site, content), range(at_once)))
    return servers.memory(site.worker, "VmHWM")


def _upload(site: servers.Running, content: bytes) -> float:
    """Seconds from sending a photo to its answer."""
    headers = {"Authorization": f"Bearer {servers.log_in(site.url)}"}
    started = time.perf_counter()
    response = requests.post(
        f"{site.url}/api/v1/gallery",
        headers=headers,
        files={"image": ("photo", content)},
        timeout=60,
    )
    response.raise_for_status()
    return time.perf_counter() - started


def photograph(width: int, height: int, *, target: int) -> bytes:
    """A JPEG with detail everywhere, at the best quality that stays within `target` bytes."""
    noise = Image.frombytes(
        "RGB", (width // 4, height // 4), random.Random(1).randbytes(width // 4 * (height // 4) * 3)
    )
    picture = noise.resize((width, height), Image.Resampling.BICUBIC)
    for quality in (95, 90, 85, 80, 75, 70, 60, 50, 40):
        content = _encoded(picture, "JPEG", quality=quality)
        if len(content) <= target:
            break
    return content


def large_jpeg(orientation: int = 1) -> bytes:
    """40 megapixels of a soft gradient."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return _encoded(_gradient("RGB"), "JPEG", quality=80, exif=exif)


def png() -> bytes:
    """40 megapixels with transparency."""
    picture = _gradient("RGB")
    picture.putalpha(128)
    return _encoded(picture, "PNG", compress_level=1)


def noise_png() -> bytes:
    """40 megapixels with transparency that pack well, but not once they are shrunk."""
    width, height = 2_400, 16_600
    source, packer = random.Random(1), zlib.compressobj()
    rows = (b"\0" + source.randbytes(64) * (width * 4 // 64) for _ in range(height))
    packed = b"".join([*map(packer.compress, rows), packer.flush()])
    chunks = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)), (b"IDAT", packed)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in (*chunks, (b"IEND", b"")))


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))
    return struct.pack(">I", len(data)) + name + data + checksum


def scans() -> bytes:
    """40 megapixels in as many scans as are accepted."""
    content = _encoded(_gradient("RGB"), "JPEG", quality=50, progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * (26 - content.count(b"\xff\xda")) + content[-2:]


def _gradient(mode: str) -> Image.Image:
    return Image.linear_gradient("L").resize((8000, 5000)).convert(mode)


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
