"""Webhooks, as an admin looks after them in the browser."""

from collections.abc import Iterator

import pytest

from content.tests.browser import DESKTOP
from editors.tests.browser.conftest import PHONE, Page
from webhooks.tests.receivers import Receiver, receiving

LIST = "/api/v1/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def subscribe(page: Page, admin, url: str) -> str:
    """Create a webhook with the form; gives its secret."""
    page.log_in(admin)
    page.open(LIST)
    page.click("#form-post summary")
    page.fill("#form-post [name=url]", url)
    page.click("#form-post [name=events][value='blog.published']")
    page.click("#form-post button.main")
    return page.wait(lambda: page.one("#secret").get_attribute("value"))


@pytest.mark.parametrize(
    "size",
    [pytest.param(DESKTOP, id="desktop", marks=pytest.mark.deep), pytest.param(PHONE, id="phone")],
)
def test_one_is_made_tested_and_watched(page, admin, receiver, size):
    page.resize(size)
    secret = subscribe(page, admin, receiver.url)
    assert secret.startswith("whsec_")
    page.click("[data-copies=secret]")
    page.wait_for_text("[data-copies=secret]", "Sudah disalin")
    assert page.overflow() <= 0
    page.click("#once a")
    page.wait_for_text("h1", receiver.url)
    assert secret not in page.driver.page_source
    page.click("form[action$='/test'] button")
    page.wait_for_text("#notice", "204")
    assert page.overflow() <= 0
    assert receiver.got[0].verified(secret)["type"] == "ping"
    assert '"type": "ping"' in page.one(".payload .code").text
    page.click("form[action$='/redeliver'] button")
    page.wait(lambda: len(receiver.got) == 2)
    page.click(".crumbs li:nth-last-child(2) a")
    page.wait_for_text(".card h2", "ping")
    page.open(page.driver.current_url.removeprefix(page.site.url).removesuffix("/deliveries"))
    page.click("main a[href$='/health']")
    page.wait_for_text(".success_rate dd", "1")
    assert page.overflow() <= 0


def test_a_new_secret_is_shown_once(page, admin, receiver):
    fields = {"url": receiver.url, "events": ["blog.published"]}
    made = admin.api.post(admin.url + LIST, json=fields).json()["data"]
    first = made["secret"]
    page.log_in(admin)
    page.open(f"{LIST}/{made['id']}")
    page.click("form[action$='/rotate-secret'] button")
    second = page.wait(lambda: page.one("#secret").get_attribute("value"))
    assert second != first
    page.click("main form[action$='/test'] button")
    page.wait_for_text("#notice", "204")
    assert receiver.got[0].verified(second) == receiver.got[0].verified(first)


def is_refused(page: Page, field: str) -> bool:
    """Whether that is said beside its box."""
    return page.texts(f"[data-box={field}].wrong [data-errors]") not in ([], [""])


def test_refusals_are_said_beside_their_boxes_and_what_was_ticked_is_kept(page, admin, receiver):
    page.log_in(admin)
    page.open(LIST)
    page.click("#form-post summary")
    page.fill("#form-post [name=url]", receiver.url)
    page.click("#form-post button.main")
    page.wait(lambda: is_refused(page, "events"))
    for name in ("blog.published", "gallery.deleted"):
        page.click(f"#form-post [value='{name}']")
    page.fill("#form-post [name=url]", "http://user@127.0.0.1/")
    page.click("#form-post button.main")
    page.wait(lambda: is_refused(page, "url"))
    page.fill("#form-post [name=url]", receiver.url)
    page.click("#form-post button.main")
    page.click("#once a")
    page.wait_for_text("h1", receiver.url)
    path = page.driver.current_url.removeprefix(f"{page.site.url}/api/v1/")
    assert admin.read(path).json()["data"]["events"] == ["blog.published", "gallery.deleted"]
    page.click("#form-patch summary")
    page.click("#form-patch [value='blog.published']")
    page.click("#form-patch [value='blog.created']")
    # Somebody else ticks another box in the meantime.
    theirs = {"events": ["blog.published", "user.registered"]}
    admin.api.patch(f"{admin.url}/api/v1/{path}", json=theirs).raise_for_status()
    page.click("#form-patch button.main")
    page.wait(
        lambda: (
            page.texts(".choice pre")
            == ["blog.published, user.registered", "blog.created, gallery.deleted"]
        )
    )
    page.click(".choice [data-whose=theirs] button")
    page.click("#form-patch [value='program.created']")
    page.click("#form-patch button.main")
    expected = ["program.created", *theirs["events"]]
    page.wait(lambda: admin.read(path).json()["data"]["events"] == expected)


def test_without_scripts_what_was_ticked_stays_and_the_secret_is_shown(page, admin, receiver):
    page.log_in(admin)
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    page.open(LIST)
    page.click("#form-post summary")
    page.one("#form-post [name=url]").send_keys("x")
    for name in ("blog.published", "gallery.deleted"):
        page.click(f"#form-post [value='{name}']")
    page.click("#form-post button.main")
    page.wait(lambda: is_refused(page, "url"))
    ticked = [box.get_attribute("value") for box in page.all("#form-post [name=events]:checked")]
    assert ticked == ["blog.published", "gallery.deleted"]
    page.one("#form-post [name=url]").clear()
    page.one("#form-post [name=url]").send_keys(receiver.url)
    page.click("#form-post button.main")
    page.wait_for_text(".secret dd", "whsec_")
