"""Lists, refusals and the front page, on a desktop, a phone and without scripts."""

from conftest import PASSWORD
from editors.tests.browser.conftest import PHONE, jpeg
from editors.tests.browser.walk import unfold


def create_blogs(owner, word: str, *, count: int, **fields) -> list[str]:
    titles = [f"{word} {number}" for number in range(count)]
    for title in titles:
        owner.create("blogs", title=title, content="Isi.", **fields)
    return titles


def titles_shown(page) -> list[str]:
    return page.texts(".card h2")


def test_the_front_page_leads_to_a_form_to_write_in(page, owner):
    page.log_in(owner)
    page.open("/")
    page.click(".places a[href$='/blogs#form-post']")
    page.wait(lambda: page.driver.switch_to.active_element.get_attribute("id") == "post-title")
    assert page.one("#form-post button.main").is_displayed()


def test_a_list_is_searched_and_shows_pictures(page, owner, word):
    create_blogs(owner, word, count=2, image=("a.jpg", jpeg((50, 50))))
    page.open("/api/v1/blogs")
    page.search(f"{word} 1")
    page.wait(lambda: titles_shown(page) == [f"{word} 1"])
    page.wait(lambda: page.shows_pictures(".card img"))
    # The boxes that were left empty are not part of the address.
    assert page.driver.current_url.endswith(f"?search={word}+1&ordering=-published_at")


def test_a_list_has_pages(page, owner, word):
    titles = create_blogs(owner, word, count=3)
    page.open(f"/api/v1/blogs?search={word}&limit=2&ordering=title")
    assert titles_shown(page) == titles[:2]
    page.click("[rel=next]")
    page.wait(lambda: titles_shown(page) == titles[2:])
    page.click("[rel=prev]")
    page.wait(lambda: titles_shown(page) == titles[:2])


def test_a_list_is_filtered_and_ordered(page, owner, word):
    for number, kind in enumerate(("seminar", "workshop", "seminar")):
        start = f"2026-03-0{number + 1}T02:00:00Z"
        fields = {"description": "Isi.", "program_type": kind, "start_date": start}
        owner.create("programs", title=f"{word} {number}", **fields)
    page.open(f"/api/v1/programs?search={word}")
    page.click(".filters summary")
    page.fill("[name=program_type]", "seminar")
    page.fill("[name=ordering]", "title")
    page.click(".boxes button")
    page.wait(lambda: titles_shown(page) == [f"{word} 0", f"{word} 2"])
    assert page.one("[name=program_type]").get_attribute("value") == "seminar"
    page.fill("[name=starts_after]", "2026-03-02T00:00")
    page.click(".boxes button")
    page.wait(lambda: titles_shown(page) == [f"{word} 2"])
    assert page.one("[name=starts_after]").get_attribute("value") == "2026-03-02T00:00"


def test_a_refused_filter_is_said_beside_its_box(page):
    page.open("/api/v1/programs?author=nobody&limit=many")
    assert page.one("[data-box=author] [data-errors]").text
    assert "many" not in page.one("[role=alert]").text
    page.wait_for_text("[role=alert] li", "Limit")


def test_what_is_not_there_is_a_page_that_leads_back(page):
    page.open("/api/v1/blogs/0123456789abcdef01234567")
    assert page.one("[role=alert]").text
    page.click("[role=alert] a:last-of-type")
    page.wait(lambda: page.driver.current_url.endswith("/api/v1/blogs"))


def test_a_closed_page_leads_to_the_login_and_back(page, owner):
    page.open("/api/v1/users")
    page.click("[role=alert] a")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.main")
    page.wait(lambda: any("owner" in title for title in titles_shown(page)))
    assert page.driver.current_url.endswith("/api/v1/users")


def test_the_json_is_there_on_demand(page, owner, word):
    item = owner.create("blogs", title=word, content="Isi.")
    page.open(f"/api/v1/blogs/{item['id']}")
    assert not page.one("#json").is_displayed()
    page.click(".raw summary")
    page.wait_for_text("#json", f'"id": "{item["id"]}"')


# Where the longest words stand, and what an admin does not come by in test_accessibility.py.
PATHS = (
    *("", "/api/v1/programs?state=all", "/api/v1/programs/{id}", "/api/v1/activity"),
    *("/api/v1/programs/{id}/revisions", "/api/v1/programs/{id}/revisions/1"),
    *("/login", "/none/x"),
)


def test_no_page_is_wider_than_a_phone_however_long_its_words(page, admin):
    fields = {"title": "m" * 200, "subtitle": "w" * 200, "program_type": "human_library"}
    item = admin.create(
        "programs", description="x" * 400, image=("a.jpg", jpeg((50, 50))), **fields
    )
    page.log_in(admin)
    page.resize(PHONE)
    wider = {}
    for path in PATHS:
        page.open(path.format(id=item["id"]))
        unfold(page)
        wider[path] = page.overflow()
    assert {path: pixels for path, pixels in wider.items() if pixels > 0} == {}


def test_without_its_pictures_a_page_is_light(page, admin, word):
    item = admin.create("blogs", title=word, content="Isi.", image=("a.jpg", jpeg((50, 50))))
    page.log_in(admin)
    for path in ("", "/api/v1/blogs?state=all", f"/api/v1/blogs/{item['id']}"):
        page.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        page.open(path)
        page.wait(lambda: page.one("body").get_attribute("data-reader"))
        sizes = """return performance.getEntries().filter((e) => e.initiatorType !== "img")
            .reduce((sum, e) => sum + (e.encodedBodySize ?? 0), 0)"""
        assert 5_000 < page.driver.execute_script(sizes) < 100_000, path


def test_without_scripts_people_still_log_in_read_search_and_create(page, owner, word, photo):
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    page.open("/login?next=/api/v1/gallery")
    page.fill("[name=username]", "owner")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.main")
    page.click("#form-post summary")
    page.one("#form-post [name=title]").send_keys(word)
    page.click("#form-post button.main")
    page.wait(lambda: page.texts("[data-box=image].wrong [data-errors]") not in ([], [""]))
    assert page.one("#form-post [name=title]").get_attribute("value") == word
    page.one("#form-post [name=image]").send_keys(str(photo))
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    page.open("/api/v1/gallery")
    page.one("[name=search]").send_keys(word)
    page.click(".find button")
    page.wait_until_searched(word)
    page.wait(lambda: titles_shown(page) == [word])
