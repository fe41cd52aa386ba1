"""Colour profiles: which to keep, and how to do without.

A profile's own bytes are not pixels, so it is kept only where it is small and lcms can use it.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from PIL.ImageCms import ImageCmsProfile, ImageCmsTransform, createProfile

MAX_PROFILE = 64 * 1024  # bytes; a camera's or a screen's has 0.5 to 8 KiB

_SPACES = {"L": "GRAY", "RGB": "RGB", "RGBA": "RGB", "P": "RGB", "CMYK": "CMYK"}


def info_of_pixels(image: Image.Image) -> dict[str, object]:
    """Of all that came with the picture, what its pixels need to be shown right."""
    profile = _profile(image)
    kept = {"icc_profile": profile.tobytes()} if profile else {}
    if "transparency" in image.info and image.mode != "I;16":
        kept["transparency"] = image.info["transparency"]
    return kept


def _profile(image: Image.Image) -> ImageCmsProfile | None:
    """The colour profile, where it is whole and of this picture's channels; else sRGB is meant."""
    data = image.info.get("icc_profile")
    if not data or image.mode not in _SPACES:
        return None
    try:
        profile = ImageCmsProfile(BytesIO(data))
        _transform_to_srgb(profile, image.mode)
    except (OSError, ValueError):
        return None
    return profile if profile.profile.xcolor_space.strip() == _SPACES[image.mode] else None


def _transform_to_srgb(profile: ImageCmsProfile, mode: str) -> ImageCmsTransform:
    colours, result = ("RGB" if mode == "P" else mode), ("RGBA" if mode == "RGBA" else "RGB")
    srgb = ImageCmsProfile(createProfile("sRGB"))
    return ImageCmsTransform(profile, srgb, colours, result)


def for_screens(image: Image.Image) -> Image.Image:
    """CMYK, and what needs a large profile, as sRGB, which every viewer can show; 16-bit grey
    with 8, as Pillow reads 16-bit colours."""
    if image.mode == "I;16":
        return image.point(lambda value: value / 257).convert("L")
    if image.mode == "CMYK" or len(image.info.get("icc_profile", b"")) > MAX_PROFILE:
        return to_srgb(image)
    return image


def to_srgb(image: Image.Image) -> Image.Image:
    """The picture in sRGB, without a profile."""
    profile = _profile(image)
    info = {key: value for key, value in image.info.items() if key != "icc_profile"}
    if profile and image.mode != "P":
        image = _transform_to_srgb(profile, image.mode).apply(image)
    elif image.mode == "CMYK":
        image = image.convert("RGB")
    image.info = info
    return image
