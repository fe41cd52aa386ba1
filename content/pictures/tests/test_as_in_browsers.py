"""A browser is the judge: what it shows is accepted and looks the same once it is clean."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from selenium import webdriver

from content.pictures.cleaning import clean
from content.pictures.tests.shown import BROKEN, SHOWN
from content.tests import browser

pytestmark = [pytest.mark.browser, browser.MISSING]
DRAW = """
const [data, width, height, done] = arguments;
const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
const image = new Image();
image.onerror = () => done(null);
image.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = width || image.naturalWidth;
    canvas.height = height || image.naturalHeight;
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let text = '';
    for (let i = 0; i < pixels.length; i += 8192)
        text += String.fromCharCode(...pixels.subarray(i, i + 8192));
    done([canvas.width, canvas.height, btoa(text)]);
};
image.src = URL.createObjectURL(new Blob([bytes]));
"""


# One of each kind; the deep run shows the others too, that differ in numbers.
TYPICAL = set({re.sub(r"[\d:]+", "", name): name for name in SHOWN}.values())


@pytest.fixture(autouse=True, scope="module")
def blank_page(driver: webdriver.Chrome) -> None:
    browser.begin_anew(driver)


def shown_by(
    driver: webdriver.Chrome, content: bytes, size: tuple[int, int] = (0, 0)
) -> list[Any] | None:
    """Width, height and pixels; None where the browser shows nothing."""
    return driver.execute_async_script(DRAW, b64encode(content).decode(), *size)


def drawn(driver: webdriver.Chrome, content: bytes, size: tuple[int, int] = (0, 0)) -> Image.Image:
    """What the browser shows, on nothing, in its own size or in this one."""
    shown = shown_by(driver, content, size)
    assert shown, "not shown"
    return Image.frombytes("RGBA", tuple(shown[:2]), b64decode(shown[2])).convert("RGBa")


def mean_error(one: Image.Image, other: Image.Image) -> float:
    """Of the worst channel, of 255; colours count as much as they cover."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in TYPICAL else pytest.mark.deep) for name in SHOWN],
)
def test_what_a_browser_shows_looks_the_same_when_clean(name, driver):
    sample, content = SHOWN[name], SHOWN[name].content()
    picture = clean.process(clean.inspect(BytesIO(content)))
    before = drawn(driver, content)
    assert (picture.width, picture.height) == before.size
    assert mean_error(before, drawn(driver, picture.content)) <= sample.bound
    for rendition in picture.renditions:
        size = rendition.width, rendition.height
        error = mean_error(drawn(driver, content, size), drawn(driver, rendition.content))
        assert error <= sample.rendition_bound


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_refused_as_broken_is_not_shown_by_a_browser(name, driver):
    shown = shown_by(driver, BROKEN[name]())
    assert shown is None or not any(b64decode(shown[2]))
