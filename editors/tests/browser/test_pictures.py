"""Pictures as they come from phones: shown, made smaller, turned, sent with progress."""

from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver.common.by import By

from editors.tests.browser.conftest import jpeg

LIMIT = 5 * 1024 * 1024
RIGHT_SIDE_UP = {274: 6}  # EXIF: turn by a quarter to the right


def open_new(page, person) -> None:
    page.log_in(person)
    page.open("/api/v1/gallery")
    page.click("#form-post summary")


def refusal(page) -> str:
    return page.one("#form-post [data-box=image] [data-errors]").text


@pytest.fixture
def large(tmp_path) -> Path:
    """A photograph of some 6 MB that was taken upright."""
    exif = Image.Exif()
    exif.update(RIGHT_SIDE_UP)
    path = tmp_path / "foto.jpg"
    picture = Image.effect_noise((3200, 2400), 90).convert("RGB")
    picture.save(path, "JPEG", quality=92, exif=exif)
    assert path.stat().st_size > LIMIT
    return path


def test_a_large_photograph_that_is_sent_at_once_is_made_small_enough_and_upright(
    page, owner, word, large
):
    open_new(page, owner)
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=image_alt]", "Kegiatan di lapangan")
    page.fill("#form-post [name=image]", str(large))
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    [item] = owner.find("gallery", word)
    assert item["image_meta"]["size"] <= LIMIT
    assert item["image_meta"]["height"] > item["image_meta"]["width"]
    assert item["image_alt"] == "Kegiatan di lapangan"


def test_another_picture_that_is_chosen_while_one_is_saved_is_the_one_that_is_sent(
    page, owner, word, large, photo
):
    open_new(page, owner)
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=image]", str(large))
    keep = "window.large = document.querySelector('#form-post [name=image]').files"
    page.driver.execute_script(keep)
    page.fill("#form-post [name=image]", str(photo))
    page.driver.execute_script("""
        const input = document.querySelector("#form-post [name=image]");
        input.form.querySelector("button.main").click();
        input.files = window.large;
        input.dispatchEvent(new Event("change"));
    """)
    page.wait_for_text("h1", word)
    [item] = owner.find("gallery", word)
    assert item["image_meta"]["height"] > item["image_meta"]["width"]


def test_what_the_browser_cannot_read_is_explained_and_not_sent(page, owner, word, tmp_path):
    open_new(page, owner)
    page.fill("#form-post [name=title]", word)
    for name, said in (("foto.jpg", "JPEG, PNG"), ("foto.heic", "HEIC")):
        (tmp_path / name).write_bytes(b"\0\0\0\x18ftypheic" + bytes(LIMIT))
        page.fill("#form-post [name=image]", str(tmp_path / name))
        page.wait(lambda said=said: said in refusal(page))
        page.click("#form-post button.main")
        assert said in refusal(page)
        assert len(page.all("#form-post .wrong")) == 1
        assert owner.find("gallery", word) == []


def test_a_picture_is_shown_moves_nothing_and_can_be_dropped_again(page, owner, photo):
    open_new(page, owner)
    # The events of a choice are over when the browser's own tools have made it.
    button = page.one("#form-post button.main")
    page.fill("#form-post [name=image]", str(photo))
    place = button.rect["y"]
    page.wait(lambda: page.shows_pictures("#form-post .chosen img"))
    assert button.rect["y"] == place
    page.click("#form-post .chosen button")
    assert page.one("#form-post [name=image]").get_attribute("value") == ""


def test_a_slow_upload_shows_its_progress_and_can_be_cancelled(page, owner, word, tmp_path):
    (tmp_path / "foto.jpg").write_bytes(jpeg((900, 750)))
    open_new(page, owner)
    page.fill("#form-post [name=image]", str(tmp_path / "foto.jpg"))
    page.wait(lambda: page.shows_pictures("#form-post .chosen img"))
    page.fill("#form-post [name=title]", word)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000}
    page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", slow)
    try:
        page.click("#form-post button.main")
        page.wait(lambda: page.one("#form-post progress").is_displayed())
        page.driver.find_element(By.CSS_SELECTOR, "#form-post .sending button").click()
        page.wait(lambda: page.one("#form-post [data-refusal]").is_displayed())
    finally:
        fast = slow | {"uploadThroughput": -1}
        page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", fast)
    assert page.one("#form-post [name=title]").get_attribute("value") == word
    assert owner.find("gallery", word) == []
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
