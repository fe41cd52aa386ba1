"""Creating, changing and deleting with forms."""

import pytest

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


@pytest.mark.parametrize("resource", RESOURCES)
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
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=description]", TEXT)
    page.fill("#form-post [name=program_type]", "workshop")
    page.click("#form-post button.main")
    page.wait(lambda: errors_by_box(page).keys() == {"end_date"})
    page.fill("#form-post [name=start_date]", "2026-03-01T08:00")
    page.click("#form-post button.main")
    page.wait_for_text("h1", word)
    assert owner.find("programs", word)[0]["image"]


def test_a_file_that_is_no_picture_is_refused_beside_its_field(page, owner, word, tmp_path):
    (tmp_path / "foto.jpg").write_text("not a picture")
    page.log_in(owner)
    page.open("/api/v1/gallery")
    page.click("#form-post summary")
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=image]", str(tmp_path / "foto.jpg"))
    page.click("#form-post button.main")
    page.wait(lambda: errors_by_box(page).keys() == {"image"})
    assert owner.find("gallery", word) == []


def test_editing_shows_and_takes_the_readers_own_time(page, owner, word):
    item = owner.create("programs", title=word, **PROGRAM)
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Jakarta"})
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


def test_a_field_is_emptied_and_a_picture_removed(page, owner, word):
    item = owner.create("programs", title=word, image=("a.jpg", jpeg()), **PROGRAM)
    page.log_in(owner)
    page.open(f"/api/v1/programs/{item['id']}")
    page.click("#form-patch summary")
    page.one("#form-patch [name=subtitle]").clear()
    page.click("#form-patch [data-removes=image]")
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts("#notice") not in ([], [""]))
    after = owner.read(f"programs/{item['id']}").json()["data"]
    assert (after["subtitle"], after["image"]) == (None, None)


def test_a_picture_is_replaced_while_a_field_is_emptied(page, owner, word, photo):
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


def test_an_edit_over_somebody_elses_is_refused(page, owner, word):
    item = owner.create("blogs", title=word, content=TEXT)
    path = f"/api/v1/blogs/{item['id']}"
    page.log_in(owner)
    page.open(path)
    page.click("#form-patch summary")
    page.fill("#form-patch [name=content]", "Mine")
    owner.api.patch(owner.url + path, json={"content": "Theirs"}).raise_for_status()
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts("#form-patch [data-refusal] p") != [])
    assert page.one("#form-patch [data-if=precondition_failed]").is_displayed()
    assert owner.read(f"blogs/{item['id']}").json()["data"]["content"] == "Theirs"


def test_deleting_asks_first(page, owner, word):
    item = owner.create("blogs", title=word, content=TEXT)
    page.log_in(owner)
    page.open(f"/api/v1/blogs/{item['id']}")
    page.click("[data-opens=delete]")
    page.wait_for_text("#delete-question", word)
    page.click("#delete [data-closes]")
    page.wait(lambda: not page.one("#delete").is_displayed())
    assert owner.read(f"blogs/{item['id']}").status_code == 200
    page.click("[data-opens=delete]")
    page.click("#delete button.danger")
    page.wait(lambda: page.driver.current_url.endswith("/api/v1/blogs"))
    assert owner.read(f"blogs/{item['id']}").status_code == 404


def test_only_the_owner_and_admins_are_offered_changes(page, owner, stranger, admin, word):
    item = owner.create("blogs", title=word, content=TEXT)
    for editor, is_offered in ((owner, True), (admin, True), (stranger, False)):
        page.log_in(editor)
        page.open(f"/api/v1/blogs/{item['id']}")
        page.wait_for_text("h1", word)
        assert bool(page.all("#form-patch")) is is_offered
        assert bool(page.all("#delete")) is is_offered


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


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page, owner, word, tmp_path):
    (tmp_path / "foto.jpg").write_bytes(bytes(5 * 1024 * 1024 + 1))
    page.log_in(owner)
    page.open("/api/v1/gallery")
    page.click("#form-post summary")
    page.fill("#form-post [name=title]", word)
    page.fill("#form-post [name=image]", str(tmp_path / "foto.jpg"))
    page.click("#form-post button.main")
    page.wait(lambda: errors_by_box(page).keys() == {"image"})
    assert errors_by_box(page)["image"] == page.one("[data-box=image] [data-hint]").text


def test_a_session_that_ended_leads_to_the_login(page, admin, word):
    account = {"email": f"{word}@lsa.example", "username": word, "password": "jalan-kenari-17"}
    admin.api.post(f"{admin.url}/api/v1/auth/register", json=account).raise_for_status()
    visitor = type(admin)(admin.url, word)
    page.log_in(visitor)
    page.open("/api/v1/blogs")
    visitor.api.post(f"{admin.url}/api/v1/auth/logout", json={"all": True}).raise_for_status()
    page.click("#form-post summary")
    page.fill("#form-post [name=title]", word)
    page.click("#form-post button.main")
    page.click("#form-post [data-if=not_authenticated] a")
    page.wait(lambda: "/login?next=" in page.driver.current_url)
