"""All of it without a mouse: Tab, Enter, Space, and arrows within a group of choices."""

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from conftest import PASSWORD
from editors.tests.browser.conftest import PHONE, Page

ENOUGH = 80  # presses of Tab
# Why whoever looks at the page does not see where they are, and whether they are at a selector;
# the page itself may have the focus.
SEEN = """const here = document.activeElement, style = getComputedStyle(here);
const { top, bottom, width } = here.getBoundingClientRect();
function hidden() {
  if (here === document.body) return null;
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "no outline";
  return width && bottom > 0 && top < innerHeight ? null : "out of sight";
}
return [hidden(), here.matches(arguments[0])];"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page, self.driver = page, page.driver

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, selector: str) -> None:
        """Step on until there; each step on the way is seen."""
        for _step in range(ENOUGH):
            self.press(Keys.TAB)
            hidden, is_there = self.driver.execute_script(SEEN, selector)
            assert hidden is None, f"{hidden}: {self.here('outerHTML')[:200]}"
            if is_there:
                return
        pytest.fail(f"{selector} cannot be reached at {self.driver.current_url}")

    def is_at(self, selector: str) -> bool:
        return self.driver.execute_script(
            "return document.activeElement.matches(arguments[0])", selector
        )

    def here(self, name: str) -> str:
        return self.driver.execute_script("return document.activeElement[arguments[0]]", name)

    def fill(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.press(text)

    def follow(self, selector: str) -> None:
        """A link or a button."""
        self.tab_to(selector)
        self.press(Keys.ENTER)


@pytest.fixture
def keyboard(page) -> Keyboard:
    return Keyboard(page)


def test_one_logs_in_writes_publishes_removes_and_restores(page, keyboard, owner, word):
    page.open("/login?next=/api/v1/blogs")
    if not keyboard.is_at("[name=username]"):
        keyboard.tab_to("[name=username]")
    keyboard.press("owner")
    keyboard.fill("[name=password]", PASSWORD)
    keyboard.press(Keys.ENTER)
    page.wait(lambda: page.one("#form-post summary"))

    keyboard.follow("#form-post summary")
    keyboard.fill("[name=title]", word)
    keyboard.fill("[name=content]", "Isi yang panjang.")
    keyboard.tab_to("[name=status]")
    keyboard.press(Keys.ARROW_DOWN)
    keyboard.follow("#form-post button.main")
    page.wait_for_text("h1", word)
    item = page.driver.current_url.rpartition("/")[2]
    assert owner.read(f"blogs/{item}").json()["data"]["status"] == "draft"

    keyboard.tab_to("#form-patch summary")
    keyboard.press(Keys.SPACE)
    keyboard.tab_to("[name=status]")
    keyboard.press(Keys.ARROW_UP)
    keyboard.follow("#form-patch button.main")
    page.wait(lambda: page.one(".state.published"))

    keyboard.follow("[data-opens=delete-item]")
    # What cannot be done by mistake is asked first, and who thinks better of it is where they were.
    page.wait(lambda: keyboard.is_at("#delete-item [data-closes]"))
    keyboard.press(Keys.ENTER)
    page.wait(lambda: keyboard.is_at("[data-opens=delete-item]"))
    keyboard.press(Keys.ENTER)
    page.wait(lambda: keyboard.is_at("#delete-item [data-closes]"))
    keyboard.press(Keys.ESCAPE)
    page.wait(lambda: keyboard.is_at("[data-opens=delete-item]"))
    keyboard.press(Keys.ENTER)
    page.wait(lambda: keyboard.is_at("#delete-item [data-closes]"))
    keyboard.follow("#delete-item .danger")
    page.wait(lambda: page.driver.current_url.endswith("/api/v1/blogs"))

    keyboard.follow(".tabs a[href$='state=trashed']")
    page.wait(lambda: page.driver.current_url.endswith("state=trashed"))
    keyboard.follow(f"form[action$='{item}/restore'] button")
    page.wait(lambda: page.one("#notice").is_displayed())
    assert owner.read(f"blogs/{item}").json()["data"]["status"] == "published"


def test_several_at_once_are_chosen_and_hidden(page, keyboard, owner, word):
    for number in range(2):
        owner.create("blogs", title=f"{word} {number}", content="Isi.")
    page.log_in(owner)
    page.open(f"/api/v1/blogs?search={word}")
    keyboard.tab_to("[data-selects-all]")
    keyboard.press(Keys.SPACE)
    keyboard.follow("[data-acts=unpublish]")
    page.wait(lambda: page.one("#notice").is_displayed())
    assert owner.find("blogs", word) == []


def test_the_content_is_one_step_away_and_the_focus_seen_on_a_phone_too(page, keyboard, owner):
    page.log_in(owner)
    page.resize(PHONE)
    page.open("/api/v1/programs")
    keyboard.follow(".skip")
    keyboard.tab_to("main a, main summary")
    keyboard.tab_to("footer a")


def test_a_refusal_leads_to_what_is_wrong_and_a_conflict_to_its_choice(page, keyboard, owner, word):
    item = owner.create("blogs", title=word, content="Awal")
    path = f"/api/v1/blogs/{item['id']}"
    page.log_in(owner)
    page.open(path)
    keyboard.follow("#form-patch summary")
    keyboard.tab_to("#form-patch [name=title]")
    # What is in a box is chosen on arrival.
    keyboard.press("x", Keys.ENTER)
    page.wait(lambda: page.one("[data-box=title].wrong"))
    page.wait(lambda: keyboard.is_at("#form-patch [name=title]"))
    keyboard.press(f"{word} saya")
    owner.api.patch(owner.url + path, json={"title": f"{word} mereka"}).raise_for_status()
    keyboard.press(Keys.ENTER)
    page.wait(lambda: page.all(".choice"))
    assert keyboard.here("textContent")
    keyboard.follow(".choice [data-whose=theirs] button")
    keyboard.follow("#form-patch button.main")
    page.wait_for_text("h1", f"{word} mereka")
