"""A browser is the judge: what it shows is accepted and looks the same once it is clean."""

from __future__ import annotations

import re
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from selenium import webdriver

from content.pictures.cleaning import clean
from content.pictures.cleaning.renditions import Rendition
from content.pictures.tests.shown import BROKEN, SHOWN
from content.tests import browser

pytestmark = [pytest.mark.browser, browser.MISSING]
DRAW = """
// What is shown on nothing, in its own size or in this one; null where nothing is.
const draw = (data, size) => new Promise((done) => {
    const image = new Image();
    image.onerror = () => done(null);
    image.onload = () => {
        const [width, height] = size ?? [image.naturalWidth, image.naturalHeight];
        const context = Object.assign(document.createElement("canvas"), { width, height })
            .getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, width, height);
        done(context.getImageData(0, 0, width, height));
    };
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    image.src = URL.createObjectURL(new Blob([bytes]));
});
"""
# The sizes of both, and the mean error of the worst channel, of 255; colours count as much as
# they cover.
COMPARE = """
function error(one, other) {
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < one.length; i++) {
        const covers = (pixels) => (i % 4 === 3 ? 1 : pixels[i | 3] / 255);
        sums[i % 4] += Math.abs(one[i] * covers(one) - other[i] * covers(other));
    }
    return Math.max(...sums) / (one.length / 4);
}
const [before, after, size, done] = arguments;
Promise.all([draw(before, size), draw(after, null)]).then((both) => done(
    both.every(Boolean)
    && [...both.map(({ width, height }) => [width, height]), error(...both.map(({ data }) => data))]
));
"""
SHOWS = """
const [data, done] = arguments;
draw(data, null).then((shown) => done(Boolean(shown?.data.some(Boolean))));
"""


# One of each kind; the deep run shows the others too, that differ in numbers.
TYPICAL = set({re.sub(r"[\d:]+", "", name): name for name in SHOWN}.values())


@pytest.fixture(autouse=True, scope="module")
def blank_page(driver: webdriver.Chrome) -> None:
    browser.begin_anew(driver)


def ask(driver: webdriver.Chrome, script: str, *arguments: Any) -> Any:
    """What a script makes of pictures, as the browser draws them."""
    given = [b64encode(each).decode() if isinstance(each, bytes) else each for each in arguments]
    return driver.execute_async_script(DRAW + script, *given)


def error_of(
    driver: webdriver.Chrome,
    before: bytes,
    after: clean.Picture | Rendition,
    *,
    is_scaled: bool = False,
) -> float:
    """How much what was made of a picture differs from it; `is_scaled`: drawn as large."""
    size = [after.width, after.height]
    compared = ask(driver, COMPARE, before, after.content, size if is_scaled else None)
    assert compared, "not shown"
    assert compared[:2] == [size, size]
    return compared[2]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in TYPICAL else pytest.mark.deep) for name in SHOWN],
)
def test_what_a_browser_shows_looks_the_same_when_clean(name, driver):
    sample, content = SHOWN[name], SHOWN[name].content()
    picture = clean.process(clean.inspect(BytesIO(content)))
    assert error_of(driver, content, picture) <= sample.bound
    for rendition in picture.renditions:
        error = error_of(driver, content, rendition, is_scaled=True)
        assert error <= sample.rendition_bound


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_refused_as_broken_is_not_shown_by_a_browser(name, driver):
    assert not ask(driver, SHOWS, BROKEN[name]())
