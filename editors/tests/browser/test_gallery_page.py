"""The example page in docs/: sharp pictures of the gallery, no larger than they must be."""

import re
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from content.tests import browser
from editors.tests.browser.conftest import PATIENCE, People, jpeg

WORDS = "Sebuah foto untuk halaman contoh"
WIDTHS = (320, 640, 960, 1280)
# Without those of other tests.
PICTURES = f"""
return [...document.images].filter(image => image.alt === "{WORDS}").map(image => ({{
    source: image.currentSrc, width: image.clientWidth, height: image.clientHeight,
    natural: image.naturalWidth, complete: image.complete,
    preview: image.style.backgroundImage, alt: image.alt,
}}))
"""


NOTICE = "return document.querySelector('[role=alert]')?.textContent"


@pytest.fixture(autouse=True)
def nothing_shown_before(driver: webdriver.Chrome) -> None:
    browser.begin_anew(driver)


@pytest.fixture(scope="module")
def address(people: People, origin: str) -> str:
    """The page beside the site, whose gallery has two photographs."""
    file = jpeg((1500, 1000))
    for name in ("rapat", "kelas"):
        picture = {"image": (f"{name}.jpg", file), "image_alt": WORDS}
        people.owner.create("gallery", title=name, **picture)
    return f"{origin}/gallery.html?api={people.owner.url}"


def shown(
    driver: webdriver.Chrome, address: str, width: int, height: int, density: int
) -> list[dict[str, Any]]:
    """The pictures of the page on such a screen, once they have arrived."""
    metrics = browser.screen(width, height, density=density, mobile=density > 1)
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    # A browser that has a larger one already takes that.
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    driver.get(address)

    def arrived(driver: webdriver.Chrome) -> list[dict[str, Any]] | None:
        found = driver.execute_script(PICTURES)
        return found if found and all(p["complete"] and p["natural"] for p in found) else None

    return WebDriverWait(driver, PATIENCE, 0.05).until(arrived)


def width_of(source: str) -> int:
    [width] = re.findall(r"/media/uploads/\S+\.(\d+)\.webp$", source)
    return int(width)


@pytest.mark.parametrize(
    ("width", "height", "density", "columns"),
    [(390, 844, 3, 1), (390, 844, 1, 1), (1280, 900, 1, 2), (1280, 900, 2, 2)],
    ids=["phone", "old phone", "desktop", "sharp desktop"],
)
def test_each_screen_gets_the_smallest_sharp_picture(
    driver, address, width, height, density, columns
):
    pictures = shown(driver, address, width, height, density)
    assert len(pictures) == 2
    for picture in pictures:
        needed = picture["width"] * density
        assert picture["width"] > width / columns * 0.8
        assert width_of(picture["source"]) == next(w for w in WIDTHS if w >= needed)
        assert picture["preview"].startswith('url("data:image/webp;base64,')
        assert picture["alt"]
    overflow = "return document.documentElement.scrollWidth > window.innerWidth"
    assert not driver.execute_script(overflow)


def test_the_place_of_each_picture_is_kept_before_it_arrives(driver, address):
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/media/*"]})
    try:
        driver.get(address)
        pictures = WebDriverWait(driver, PATIENCE, 0.05).until(lambda d: d.execute_script(PICTURES))
    finally:
        driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    for picture in pictures:
        assert picture["natural"] == 0
        assert picture["height"] == pytest.approx(picture["width"] * 2 / 3, abs=1)


def test_it_says_what_is_wrong_when_it_cannot_load(driver, origin):
    for api, said in (("http://127.0.0.1:9", "ALLOWED_ORIGINS"), (origin, "?api=")):
        driver.get(f"{origin}/gallery.html?api={api}")
        text = WebDriverWait(driver, PATIENCE, 0.05).until(lambda d: d.execute_script(NOTICE))
        assert said in text
