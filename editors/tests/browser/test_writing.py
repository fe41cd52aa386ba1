"""Writing: nothing typed is lost, formatted, pasted, shown as readers will see it."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from conftest import PASSWORD
from editors.tests.browser.conftest import jpeg

TEXT = "Paragraf pertama."
# Pairs of files: what a program puts on the clipboard, and the Markdown that is made of it.
PASTED = Path(__file__).parent / "pasted"
WITH_A_PICTURE = {"word", "google_docs", "libreoffice", "hostile"}


@pytest.fixture
def writer(admin, word):
    """A person of this test's own, whose sessions may end."""
    account = {"email": f"{word}@lsa.example", "username": word, "password": PASSWORD}
    admin.api.post(f"{admin.url}/api/v1/auth/register", json=account).raise_for_status()
    return type(admin)(admin.url, word)


def open_new(page, writer) -> None:
    page.log_in(writer)
    page.open("/api/v1/blogs")
    page.click("#form-post summary")


def open_edit(page, writer, item) -> None:
    page.log_in(writer)
    page.open(f"/api/v1/blogs/{item['id']}")
    page.click("#form-patch summary")


def value_of(page, selector: str) -> str:
    return page.one(selector).get_attribute("value")


def kept(page) -> str:
    return page.driver.execute_script("return JSON.stringify(localStorage)")


def test_what_was_not_saved_is_offered_again_to_who_wrote_it_only(page, writer, owner, word):
    open_new(page, writer)
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=content]", TEXT)
    page.wait(lambda: TEXT in kept(page))
    page.log_in(owner)
    page.open("/api/v1/blogs")
    assert page.all(".unsent") == []
    page.log_in(writer)
    page.open("/api/v1/blogs")
    assert page.one(".unsent p").text.endswith(" WIB.")
    page.click(".unsent .main")
    assert value_of(page, "#form-post [name=title]") == word
    assert value_of(page, "#form-post [name=content]") == TEXT
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    page.open("/api/v1/blogs")
    assert page.all(".unsent") == []
    assert TEXT not in kept(page)


def test_leaving_with_unsaved_text_is_warned_of(page, writer):
    open_new(page, writer)
    page.one("#form-post [name=title]").send_keys("Catatan")
    leave = "return window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert page.driver.execute_script(leave) is False
    assert value_of(page, "#form-post [name=title]") == "Catatan"
    page.one("#form-post [name=title]").clear()


def test_a_session_that_ended_is_renewed_on_the_page_and_the_text_saved(page, writer, word):
    item = writer.create("blogs", title=word, content="Lama")
    open_edit(page, writer, item)
    page.fill("#form-patch [name=content]", TEXT)
    end = f"{writer.url}/api/v1/auth/logout"
    writer.api.post(end, json={"all": True}).raise_for_status()
    page.click("#form-patch button.main")
    page.wait(lambda: page.one("#renewal").is_displayed())
    page.fill("#renewal [name=password]", "salah-sekali")
    page.click("#renewal .main")
    page.wait(lambda: page.one("#renewal [data-refusal]").is_displayed())
    page.fill("#renewal [name=password]", PASSWORD)
    page.click("#renewal .main")
    page.wait_for_text(".item .prose", TEXT)
    after = writer.api.get(f"{writer.url}/api/v1/blogs/{item['id']}").json()["data"]
    assert after["content"] == TEXT


def test_a_login_in_another_tab_does_not_stand_in_the_way(page, writer, word):
    open_new(page, writer)
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=content]", TEXT)
    # Logging in again gives the cookie of forged forms a new value.
    fresh = type(writer)(writer.url, writer.name)
    page.driver.add_cookie({"name": "sessionid", "value": fresh.cookie})
    page.driver.add_cookie({"name": "csrftoken", "value": "a" * 32})
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)


def test_a_stale_edit_shows_theirs_and_mine_and_one_chooses(page, owner, word):
    item = owner.create("blogs", title=word, content="Awal", tags="satu")
    open_edit(page, owner, item)
    page.fill("#form-patch [name=content]", "Tulisan saya")
    page.fill("#form-patch [name=tags]", "dua")
    theirs = {"content": "Tulisan mereka", "title": f"{word} baru"}
    path = f"{owner.url}/api/v1/blogs/{item['id']}"
    owner.api.patch(path, json=theirs).raise_for_status()
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts(".choice pre") == ["Tulisan mereka", "Tulisan saya"])
    # What only they changed is taken; what only I changed stays.
    assert value_of(page, "#form-patch [name=title]") == f"{word} baru"
    assert value_of(page, "#form-patch [name=tags]") == "dua"
    page.click(".choice [data-whose=theirs] button")
    assert value_of(page, "#form-patch [name=content]") == "Tulisan mereka"
    page.click("#form-patch button.main")
    page.wait_for_text(".item .tags dd", "dua")
    after = owner.read(f"blogs/{item['id']}").json()["data"]
    assert (after["content"], after["title"]) == ("Tulisan mereka", f"{word} baru")
    assert after["tags"] == ["dua"]


def test_text_kept_over_an_older_version_overwrites_nobody(page, owner, word):
    item = owner.create("blogs", title=word, content="Awal")
    open_edit(page, owner, item)
    page.fill("#form-patch [name=content]", "Tulisan saya")
    page.wait(lambda: "Tulisan saya" in kept(page))
    path = f"{owner.url}/api/v1/blogs/{item['id']}"
    owner.api.patch(path, json={"content": "Tulisan mereka"}).raise_for_status()
    page.open(f"/api/v1/blogs/{item['id']}")
    page.click(".unsent .main")
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts(".choice pre") == ["Tulisan mereka", "Tulisan saya"])
    assert owner.read(f"blogs/{item['id']}").json()["data"]["content"] == "Tulisan mereka"
    page.click("#form-patch button.main")
    page.wait_for_text(".item .prose", "Tulisan saya")


def test_sending_twice_makes_one(page, owner, word):
    open_new(page, owner)
    page.fill("#form-post [name=content]", TEXT)
    page.one("#form-post [name=title]").send_keys(word, Keys.ENTER, Keys.ENTER, Keys.ENTER)
    page.wait_for_text("h1", word)
    assert len(owner.find("blogs", word)) == 1


def test_keys_and_buttons_format_and_can_be_undone(page, owner):
    open_new(page, owner)
    area = page.one("#form-post [name=content]")
    area.send_keys("kata", Keys.CONTROL, "a")
    area.send_keys(Keys.CONTROL, "b")
    assert area.get_attribute("value") == "**kata**"
    area.send_keys(Keys.CONTROL, "i")
    assert area.get_attribute("value") == "***kata***"
    area.send_keys(Keys.CONTROL, "z")
    assert area.get_attribute("value") == "**kata**"
    page.click("#form-post .tool.heading")
    page.click("#form-post .tool.quotation")
    assert area.get_attribute("value") == "> ## **kata**"
    page.click("#form-post .tool.quotation")
    assert area.get_attribute("value") == "## **kata**"
    area.clear()


def test_the_preview_is_what_readers_will_see(page, owner):
    open_new(page, owner)
    area = page.one("#form-post [name=content]")
    area.send_keys("## Judul\n\n- satu dua")
    page.wait_for_text("#form-post .words", "3")
    area.send_keys("\n\n<b onclick=x>tiga</b>")
    page.click("#form-post .toolbar [aria-expanded]")
    page.wait_for_text("#form-post .preview h2", "Judul")
    assert page.texts("#form-post .preview li") == ["satu dua"]
    assert page.all("#form-post .preview b") == []
    area.send_keys("\n\n> kutipan")
    page.wait_for_text("#form-post .preview blockquote", "kutipan")
    area.clear()


def paste(page, html: str) -> None:
    page.driver.execute_script(
        """const [area, html] = arguments, data = new DataTransfer();
        data.setData('text/html', html); area.focus();
        area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));""",
        page.one("#form-post [name=content]"),
        html,
    )


def test_what_word_processors_copy_becomes_markdown(page, owner):
    open_new(page, owner)
    paths = {path.stem: path for path in PASTED.glob("*.html")}
    written, said = {}, {}
    for name, path in paths.items():
        page.one("#form-post [name=content]").clear()
        paste(page, path.read_text())
        written[name] = value_of(page, "#form-post [name=content]")
        said[name] = page.one("#form-post .pasted").text
    page.one("#form-post [name=content]").clear()
    assert written == {
        name: path.with_suffix(".md").read_text()[:-1] for name, path in paths.items()
    }
    # How many pictures did not come along is said where there were any.
    assert {name for name in said if said[name]} == WITH_A_PICTURE
    assert all("1" in said[name] for name in WITH_A_PICTURE)


def test_a_picture_of_this_service_comes_along(page, owner, word):
    picture = ("a.jpg", jpeg((50, 50)))
    image = owner.create("blogs", title=word, content="Isi.", image=picture)["image"]
    open_new(page, owner)
    paste(page, f'<p>Teks <b>tebal<img src="{page.site.url}{image}" alt="Warga">lagi</b></p>')
    written = f"Teks **tebal**![Warga]({image})**lagi**"
    assert value_of(page, "#form-post [name=content]") == written
    assert page.one("#form-post .pasted").text == ""
    page.one("#form-post [name=content]").clear()
