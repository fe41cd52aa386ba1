"""States, several at once, history, preview links: what editors do after writing."""

from datetime import UTC, datetime, timedelta

import pytest

from conftest import PASSWORD
from editors.tests.browser.conftest import jpeg

TEXT = "Paragraf pertama."


@pytest.fixture
def contributor(admin, word):
    account = {"email": f"{word}@lsa.example", "username": word, "password": PASSWORD}
    made = admin.api.post(f"{admin.url}/api/v1/auth/register", json=account).json()["data"]
    path = f"{admin.url}/api/v1/users/{made['id']}"
    admin.api.patch(path, json={"role": "contributor"}).raise_for_status()
    return type(admin)(admin.url, word)


def titles(page) -> list[str]:
    return page.texts(".card h2")


def state_of(person, item) -> str:
    return person.read(f"blogs/{item['id']}").json()["data"]["status"]


def test_tabs_show_each_state_with_its_badge(page, owner, word):
    for state in ("published", "draft"):
        owner.create("blogs", title=f"{word} {state}", content=TEXT, status=state)
    page.log_in(owner)
    page.open("/api/v1/blogs")
    page.click(".tabs a[href*=draft]")
    page.wait(lambda: f"{word} draft" in titles(page))
    assert f"{word} published" not in titles(page)
    page.search(word)
    page.wait(lambda: titles(page) == [f"{word} draft"])
    assert page.all(".tabs [aria-current]")[0].get_attribute("href").endswith("state=draft")
    assert len(page.all(".card .state.draft")) == 1
    page.open(f"/api/v1/blogs?state=all&search={word}")
    assert len(page.all(".card .state")) == 2


def test_several_are_published_unpublished_trashed_and_restored(page, owner, stranger, word):
    mine = [
        owner.create("blogs", title=f"{word} {number}", content=TEXT, status="draft")
        for number in range(2)
    ]
    stranger.create("blogs", title=f"{word} lain", content=TEXT)
    page.log_in(owner)

    def look_at(state: str) -> None:
        page.open(f"/api/v1/blogs?state={state}&search={word}")

    def act(name: str) -> None:
        page.click("[data-selects-all]")
        page.click(f"[data-acts={name}]")
        page.wait(lambda: page.texts("#notice") not in ([], [""]))

    look_at("draft")
    act("publish")
    assert [state_of(owner, item) for item in mine] == ["published"] * 2
    look_at("published")
    # What is somebody else's is not offered.
    assert (len(titles(page)), len(page.all("[data-selects]"))) == (3, 2)
    act("unpublish")
    assert [state_of(owner, item) for item in mine] == ["draft"] * 2
    look_at("draft")
    act("trash")
    assert owner.read(f"blogs/{mine[0]['id']}").status_code == 404
    look_at("trashed")
    act("restore")
    assert [state_of(owner, item) for item in mine] == ["draft"] * 2


def test_one_is_scheduled_in_the_time_of_the_site(page, owner, word):
    page.log_in(owner)
    page.open("/api/v1/blogs")
    page.click("#form-post summary")
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=content]", TEXT)
    assert not page.one("[data-box=published_at]").is_displayed()
    page.click("#form-post [value=scheduled]")
    page.wait(lambda: page.one("[data-box=published_at]").is_displayed())
    assert "WIB" in page.one("[data-box=published_at] label").text
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    page.fill("#form-post [name=published_at]", f"{day}T09:00")
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    assert "09:00 WIB" in page.one(".item .published_at dd").text
    [item] = owner.read(f"blogs?state=scheduled&search={word}").json()["data"]
    assert item["published_at"] == f"{day}T02:00:00.000Z"
    # Who changes their mind publishes it now.
    page.click("#form-patch summary")
    page.click("#form-patch [value=published]")
    page.click("#form-patch button.main")
    page.wait(lambda: state_of(owner, item) == "published")


def test_the_history_shows_what_changed_and_leads_back(page, owner, word):
    item = owner.create("blogs", title=word, content="Satu dua tiga")
    path = f"{owner.url}/api/v1/blogs/{item['id']}"
    owner.api.patch(path, json={"content": "Satu 2 tiga"}).raise_for_status()
    page.log_in(owner)
    page.open(f"/api/v1/blogs/{item['id']}")
    page.click("a[href$=revisions]")
    page.wait(lambda: len(page.all(".history li")) == 2)
    page.click(".history li a")
    page.wait(lambda: page.texts(".change del") == ["dua"])
    assert page.texts(".change ins") == ["2"]
    page.driver.back()
    page.click(".history li:last-child a")
    page.click(".act button.main")
    page.wait_for_text(".item .prose", "Satu dua tiga")
    assert owner.read(f"blogs/{item['id']}").json()["data"]["content"] == "Satu dua tiga"


def test_a_link_to_a_draft_is_made_to_copy(page, owner, word):
    item = owner.create("blogs", title=word, content=TEXT, status="draft")
    page.log_in(owner)
    page.open(f"/api/v1/blogs/{item['id']}")
    page.click("form[action$=preview] button")
    link = page.one("[data-shown] input").get_attribute("value")
    assert "?preview=" in link
    assert "satu jam" in page.one("[data-shown] .hint").text
    # No other site shows it: the link leads to its page here, for whoever has it.
    page.driver.delete_all_cookies()
    page.driver.get(link)
    page.wait_for_text("h1", word)


def test_contributors_are_offered_drafts_only_and_told_why(page, contributor, admin, word):
    page.log_in(contributor)
    page.open("/api/v1/blogs")
    page.click("#form-post summary")
    assert page.all("#form-post [name=status]") == []
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=content]", TEXT)
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    [item] = contributor.read(f"blogs?state=draft&search={word}").json()["data"]
    path = f"{admin.url}/api/v1/blogs/{item['id']}"
    admin.api.patch(path, json={"status": "published"}).raise_for_status()
    page.open(f"/api/v1/blogs/{item['id']}")
    assert page.all("#form-patch") == []
    assert "editor" in page.one("main > .hint").text


def test_the_front_page_says_what_there_is_to_do(page, owner, word):
    draft = owner.create("blogs", title=f"{word} draf", content=TEXT, status="draft")
    owner.create("gallery", title=f"{word} foto", image=("a.jpg", jpeg((50, 50))))
    page.log_in(owner)
    page.open("/")
    lists = {box.find_element("css selector", "h2").text: box.text for box in page.all(".entries")}
    assert any(f"{word} draf" in text for text in lists.values())
    assert sum(f"{word} foto" in text for text in lists.values()) == 2  # lately; not described
    page.click(f".entries a[href$='{draft['id']}']")
    page.wait_for_text("h1", word)
