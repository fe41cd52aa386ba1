"""Swagger UI and ReDoc under the content security policy, with nothing from elsewhere."""

from selenium.webdriver.common.keys import Keys

from conftest import PASSWORD

CREATE = "[id^=operations-programs-].opblock-post"
LIST = "[id^=operations-programs-].opblock-get"
STATUS = ".live-responses-table .response .response-col_status"


def test_swagger_ui_logs_in_creates_with_a_picture_and_lists(page, word, photo, owner):
    page.open("/docs")
    page.click(".scheme-container .authorize")
    page.fill("#oauth_username", "owner")
    page.fill("#oauth_password", PASSWORD)
    page.click(".modal-ux .modal-btn.authorize")
    page.click(".modal-ux .btn-done")
    page.click(f"{CREATE} .opblock-summary-control")
    page.click(f"{CREATE} .try-out__btn")
    for name, value in {"title": word, "description": "Isi.", "program_type": "seminar"}.items():
        choose(page, name, value)
    page.one(f"{CREATE} [data-property-name=image] [type=file]").send_keys(str(photo))
    page.click(f"{CREATE} .execute")
    page.wait_for_text(f"{CREATE} {STATUS}", "201")
    [item] = owner.find("programs", word)
    assert item["image_meta"]["width"] == 800
    page.click(f"{LIST} .opblock-summary-control")
    page.click(f"{LIST} .try-out__btn")
    page.click(f"{LIST} .execute")
    page.wait_for_text(f"{LIST} {STATUS}", "200")
    page.wait_for_text(f"{LIST} .live-responses-table .highlight-code", word)


def choose(page, name: str, value: str) -> None:
    row = f"{CREATE} [data-property-name={name}]"
    element = page.one(f"{row} :is(input, textarea, select)")
    if element.tag_name == "select":
        element.send_keys(value)
        return
    # Over the sample value: React takes no notice of `clear`. At once: it draws at each key.
    element.send_keys(Keys.CONTROL, "a")
    page.driver.execute_cdp_cmd("Input.insertText", {"text": value})


def test_redoc_shows_the_reference(page):
    page.open("/redoc")
    page.wait_for_text("redoc h1", "LSA API")
    # Not its `text`: to lay out so long a page for that takes seconds.
    written = "return document.querySelector('redoc').textContent.includes('/api/v1/programs')"
    page.wait(lambda: page.driver.execute_script(written))
    # Its maker's logo, which is elsewhere, leaves no broken picture.
    assert not any(image.is_displayed() for image in page.all("redoc img"))
