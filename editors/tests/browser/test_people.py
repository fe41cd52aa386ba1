"""One's own account, other people's, and what happened."""

from typing import Any

import pytest

from conftest import PASSWORD

NEW = "jalan-merpati-3"


@pytest.fixture
def member(admin, word):
    account = {"email": f"{word}@lsa.example", "username": word, "password": PASSWORD}
    admin.api.post(f"{admin.url}/api/v1/auth/register", json=account).raise_for_status()
    return type(admin)(admin.url, word)


def test_the_password_is_changed_from_the_menu_and_no_token_is_shown(page, member):
    page.log_in(member)
    page.open("/")
    page.click(".who")
    page.click("a[href$='/password']")
    page.fill("[name=current_password]", "salah")
    page.fill("[name=new_password]", NEW)
    page.click("form button.main")
    page.wait(lambda: page.texts(".wrong .errors") not in ([], [""]))
    page.fill("[name=current_password]", PASSWORD)
    page.fill("[name=new_password]", NEW)
    page.click("form button.main")
    page.wait(lambda: page.all("main [role=status]"))
    assert "token" not in page.one("body").text
    # This browser stays in; elsewhere the sessions have ended.
    page.click("main .actions a")
    page.wait_for_text("h1", member.name)
    assert member.read("auth/me").status_code == 401


def sessions_of(person) -> list[dict[str, Any]]:
    return person.read("auth/sessions").json()["data"]


def test_people_see_where_they_are_logged_in_and_end_it_elsewhere_and_here(page, member):
    elsewhere = type(member)(member.url, member.name)
    page.log_in(member)
    page.open("/api/v1/auth/me")
    page.click("main a[href$='/auth/sessions']")
    page.wait(lambda: page.all(".card .badges"))
    count = len(page.all(".card"))
    [ended] = [each["id"] for each in sessions_of(elsewhere) if each["is_current"]]
    page.click(f"[data-opens=delete-{ended}]")
    page.click(f"#delete-{ended} button.danger")
    page.wait(lambda: len(page.all(".card")) == count - 1)
    assert elsewhere.read("auth/me").status_code == 401
    page.click(".card:has(.badges) h2 a")
    page.click("[data-opens=delete-item]")
    page.click("#delete-item button.danger")
    page.wait(lambda: not page.all(".account .who"))
    assert len(sessions_of(member)) == count - 2


def test_admins_deactivate_and_are_told_what_it_means(page, member, admin):
    page.log_in(admin)
    page.open("/")
    page.click(".menu a[href$='/users']")
    page.search(member.name)
    page.wait(lambda: page.texts(".card h2") == [member.name])
    page.click(".card h2 a")
    page.click("#form-patch summary")
    assert page.one("[data-box=role] .hint").text
    page.fill("#form-patch [name=is_active]", "false")
    page.click("#form-patch button.main")
    page.wait(lambda: page.texts("#notice") not in ([], [""]))
    assert member.read("auth/me").status_code == 401
    page.click(".menu a[href$='/activity']")
    page.click(".filters summary")
    page.fill("[name=resource]", "users")
    page.click(".filters button")
    page.wait(lambda: "resource=users" in page.driver.current_url)
    assert any(member.name in line for line in page.texts(".history li"))
