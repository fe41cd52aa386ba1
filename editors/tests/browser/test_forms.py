"""Creating, changing and deleting with forms."""

import pytest

from conftest import TYPICAL
from editors.tests.browser.conftest import jpeg

TEXT = "Baris pertama.\nBaris kedua yang cukup panjang."
RESOURCES = {
    "programs": {"title": "", "description": TEXT, "program_type": "seminar", "image": ""},
    "blogs": {"title": "", "content": TEXT, "image": ""},
    "gallery": {"title": "", "description": TEXT, "image": ""},
    "partners": {"name": "", "website_url": "https://mitra.example/", "logo": ""},
}
PROGRAM = {
    "subtitle": "Angkatan pertama",
    "description": TEXT,
    "program_type": "seminar",
    "start_date": "2026-03-01T02:00:00Z",
}


def errors_by_box(page) -> dict[str, str]:
    boxes = page.all("form [data-box].wrong")
    return {
        box.get_attribute("data-box"): box.find_element("css selector", "[data-errors]").text
        for box in boxes
    }


@pytest.mark.parametrize(
    "resource",
    [pytest.param(name, marks=[] if name in TYPICAL else pytest.mark.deep) for name in RESOURCES],
)
def test_each_resource_is_created_with_a_picture(page, owner, word, photo, resource):
    page.log_in(owner)
    page.open(f"/api/v1/{resource}")
    page.click("#form-post summary")
    for name, value in RESOURCES[resource].items():
        given = {"title": word, "name": word, "image": str(photo), "logo": str(photo)}
        page.fill(f"#form-post [name={name}]", value or given[name])
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    page.wait(lambda: page.shows_pictures(".item .picture img"))
    assert page.texts("#notice") != [""]
    [item] = owner.find(resource, word)
    assert page.driver.current_url.endswith(f"/api/v1/{resource}/{item['id']}")
    picture = item.get("image_meta") or item["logo_meta"]
    assert (picture["width"], picture["height"]) == (800, 500)
    assert item.get("content", item.get("description")) in (TEXT, None)


def test_refusals_stand_beside_their_fields_and_nothing_typed_is_lost(page, owner, word, photo):
    page.log_in(owner)
    page.open("/api/v1/programs")
    page.click("#form-post summary")
    page.fill("#form-post [name=title]", "ab")
    page.fill("#form-post [name=image]", str(photo))
    page.fill("#form-post [name=end_date]", "2026-03-01T09:00")
    page.click("#form-post button.main")
    page.wait(lambda: errors_by_box(page).keys() >= {"title", "description", "program_type"})
    assert all(errors_by_box(page).values())
    assert "Perbaiki kolom yang ditandai" in page.one("#form-post [data-refusal]").text
    page.fill("#form-post [name=title]", word)
    # What was put right is complained of no more.
    assert "title" not in errors_by_box(page)
    page.fill("#form-post [name=description]", TEXT)
    page.fill("#form-post [name=program_type]", "workshop")
    page.click("#form-post button.main")
    page.wait(lambda: errors_by_box(page).keys() == {"end_date"})
    page.fill("#form-post [name=start_date]", "2026-03-01T08:00")
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    assert owner.find("programs", word)[0]["image"]


def test_editing_shows_and_takes_the_time_of_the_site_wherever_one_is(page, owner, word):
    item = owner.create("programs", title=word, **PROGRAM)
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    page.log_in(owner)
    page.open(f"/api/v1/programs/{item['id']}")
    page.click("#form-patch summary")
    start = page.one("#form-patch [name=start_date]")
    assert start.get_attribute("value") == "2026-03-01T09:00"
    page.fill("#form-patch [name=end_date]", "2026-03-02T00:30")
    page.fill("#form-patch [name=program_type]", "training")
    page.fill("#form-patch [name=is_active]", "false")
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts("#notice") not in ([], [""]))
    after = owner.read(f"programs/{item['id']}").json()["data"]
    changed = {name for name in item if item[name] != after[name]}
    assert changed == {
        *("end_date", "program_type", "is_active"),
        *("version", "updated_at", "etag"),
    }
    assert after["end_date"] == "2026-03-01T17:30:00.000Z"
    assert after["program_type"] == "training"
    assert after["is_active"] is False


def test_a_picture_is_replaced_while_a_field_is_emptied_and_removed(page, owner, word, photo):
    item = owner.create("programs", title=word, image=("a.jpg", jpeg((50, 50))), **PROGRAM)
    page.log_in(owner)
    page.open(f"/api/v1/programs/{item['id']}")
    page.click("#form-patch summary")
    page.one("#form-patch [name=subtitle]").clear()
    page.fill("#form-patch [name=image]", str(photo))
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts("#notice") not in ([], [""]))
    after = owner.read(f"programs/{item['id']}").json()["data"]
    assert after["subtitle"] is None
    assert after["image_meta"]["width"] == 800
    assert after["start_date"] == item["start_date"]
    page.click("#form-patch summary")
    page.fill("#form-patch [name=subtitle]", "Angkatan kedua")
    page.click("#form-patch [data-removes=image]")
    page.click("#form-patch button.main")
    page.wait_for_text(".item", "Angkatan kedua")
    assert owner.read(f"programs/{item['id']}").json()["data"]["image"] is None


def test_an_item_goes_to_the_trash_and_for_good(page, owner, word):
    item = owner.create("blogs", title=word, content=TEXT)
    page.log_in(owner)
    page.open(f"/api/v1/blogs/{item['id']}")
    page.click("[data-opens=delete-item]")
    page.wait_for_text("#question-item", word)
    page.click("#delete-item [data-closes]")
    page.wait(lambda: not page.one("#delete-item").is_displayed())
    assert owner.read(f"blogs/{item['id']}").status_code == 200
    page.click("[data-opens=delete-item]")
    page.click("#delete-item button.danger")
    page.wait(lambda: page.driver.current_url.endswith("/api/v1/blogs"))
    page.wait_for_text("#notice", "tempat sampah")
    assert owner.read(f"blogs/{item['id']}").status_code == 404
    page.open(f"/api/v1/blogs?state=trashed&search={word}")
    page.click(f"[data-opens=delete-{item['id']}]")
    page.click(f"#delete-{item['id']} button.danger")
    page.wait(lambda: page.texts(".card h2") == [])
    trashed = owner.read(f"blogs?state=trashed&search={word}").json()
    assert trashed["data"] == []


def test_an_account_is_changed_by_its_owner_and_by_admins(page, admin):
    account = {"email": "wati@lsa.example", "username": "wati", "password": "jalan-kenari-17"}
    registered = admin.api.post(f"{admin.url}/api/v1/auth/register", json=account).json()["data"]
    page.log_in(admin)
    page.open(f"/api/v1/users/{registered['id']}")
    page.click("#form-patch summary")
    page.fill("#form-patch [name=role]", "admin")
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts("#notice") not in ([], [""]))
    assert admin.read(f"users/{registered['id']}").json()["data"]["is_admin"] is True
    page.log_in(type(admin)(admin.url, "wati"))
    page.open("/api/v1/auth/me")
    page.click("#form-patch summary")
    page.fill("#form-patch [name=full_name]", "Wati Lestari")
    page.click("#form-patch button.main")
    page.wait_for_text(".account .who", "Wati Lestari")
