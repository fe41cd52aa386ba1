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

ROUNDS = 5
MEBIBYTE = 1024


def rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it may be at most."""
    with servers.site(folder) as site:
        photo = photograph(4000, 3000, target=5_000_000)
        took = statistics.median(_upload(site, photo) for _ in range(ROUNDS))
        size = f"{len(photo) / 1e6:.1f} MB"
        yield f"upload of a {size} photograph, 12 megapixels", f"{took:.2f} s", "1.5 s"
        for name, content in (("PNG of noise", noise()), ("JPEG in 25 scans", scans())):
            took = statistics.median(_upload(site, content) for _ in range(3))
            yield f"upload of a {name}, 40 megapixels", f"{took:.2f} s", "5 s"
    kinds = ("JPEG", large_jpeg()), ("JPEG, turned", large_jpeg(6)), ("PNG", png())
    for name, content in (*kinds, ("PNG of noise", noise())):
        for at_once in (1, 4):
            # A server of its own: what one kind has left behind must not hide the next.
            with servers.site(folder) as site:
                added = _memory_added(site, content, at_once)
            label = f"memory added by {at_once} x 40 megapixels, {name}"
            yield label, f"{added / MEBIBYTE:.0f} MiB", "400 MiB"


def _memory_added(site: servers.Running, content: bytes, at_once: int) -> int:
    """KiB by which the worker's peak exceeds what it used before."""
    _upload(site, photograph(400, 300, target=0))
    servers.forget_peak(site.worker)
    before = servers.memory(site.worker)
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda _: _upload(site, content), range(at_once)))
    return servers.memory(site.worker, "VmHWM") - before


def _upload(site: servers.Running, content: bytes) -> float:
    """Seconds from sending a photo to its answer."""
    headers = {"Authorization": f"Bearer {_token(site.url)}"}
    started = time.perf_counter()
    response = requests.post(
        f"{site.url}/api/v1/gallery",
        headers=headers,
        files={"image": ("photo", content)},
        timeout=60,
    )
    response.raise_for_status()
    return time.perf_counter() - started


_tokens: dict[str, str] = {}


def _token(url: str) -> str:
    if url not in _tokens:
        credentials = {"username": "admin", "password": servers.PASSWORD}
        answer = requests.post(f"{url}/auth/login", data=credentials, timeout=5)
        _tokens[url] = answer.json()["access_token"]
    return _tokens[url]


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


def noise() -> bytes:
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
