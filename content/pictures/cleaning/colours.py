"""Colour profiles: which to keep, and how to do without.

A profile is kept where it can be made anew from its colours (`icc.rebuilt`); with any other the
picture is converted to sRGB, which every viewer can show.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from PIL.ImageCms import ImageCmsProfile, ImageCmsTransform, PyCMSError, createProfile

from content.pictures.cleaning import icc

_SPACES = {"1": "GRAY", "L": "GRAY", "LA": "GRAY"} | {"CMYK": "CMYK"}
_BROKEN = (OSError, ValueError, PyCMSError)


def for_screens(image: Image.Image, profile: bytes) -> Image.Image:
    """The picture with its profile in its `info`, where it has one that may be kept; else, and
    in any case where it is CMYK, in sRGB."""
    if not is_usable(profile, image.mode):
        return image.convert("RGB") if image.mode == "CMYK" else image
    kept = icc.rebuilt(profile)
    image.info["icc_profile"] = kept or profile
    return image if kept else to_srgb(image)


def is_usable(profile: bytes | None, mode: str) -> bool:
    """Whether it is whole and of these channels; else sRGB is meant."""
    if not profile:
        return False
    try:
        opened = ImageCmsProfile(BytesIO(profile))
        space = opened.profile.xcolor_space.strip()
        if space == _SPACES.get(mode, "RGB"):
            _transform(opened, {"GRAY": "L"}.get(space, space))
            return True
    except _BROKEN:
        pass
    return False


def to_srgb(image: Image.Image) -> Image.Image:
    """The picture in sRGB, without a profile."""
    profile = image.info.pop("icc_profile", None)
    if not profile:
        return image
    info, image = image.info, _converted(image, ImageCmsProfile(BytesIO(profile)))
    image.info = info
    return image


def _converted(image: Image.Image, profile: ImageCmsProfile) -> Image.Image:
    if image.mode == "P":
        palette = image.getpalette("RGB")
        colours = Image.frombytes("RGB", (len(palette) // 3, 1), bytes(palette))
        image.putpalette(_transform(profile, "RGB").apply(colours).tobytes())
        return image
    if image.mode in ("1", "L", "LA"):
        return _converted_grey(image, profile)
    return _transform(profile, image.mode).apply(image)


def _converted_grey(image: Image.Image, profile: ImageCmsProfile) -> Image.Image:
    """Grey stays grey: the three channels that come out are the same."""
    grey = image.convert("L") if image.mode == "1" else image.getchannel("L")
    grey = _transform(profile, "L").apply(grey).getchannel("G")
    return Image.merge("LA", (grey, image.getchannel("A"))) if image.mode == "LA" else grey


def _transform(profile: ImageCmsProfile, mode: str) -> ImageCmsTransform:
    srgb = ImageCmsProfile(createProfile("sRGB"))
    return ImageCmsTransform(profile, srgb, mode, "RGBA" if mode == "RGBA" else "RGB")
