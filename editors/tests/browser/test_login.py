"""The login form in a browser."""

import pytest
import requests

from conftest import PASSWORD
from content.tests.browser import DESKTOP
from editors.tests.browser.conftest import PHONE


def log_in(page, password: str) -> None:
    page.fill("[name=username]", "Owner@LSA.example")
    page.fill("[name=password]", password)
    page.click("form button.main")


def test_a_person_logs_in_and_out_with_a_form(page):
    page.open("/api/v1/partners")
    page.click(".account a")
    log_in(page, PASSWORD)
    page.wait_for_text(".account .who", "owner")
    assert page.driver.current_url.endswith("/api/v1/partners")
    page.click(".account button")
    page.wait(lambda: not page.all(".account .who"))
    assert page.driver.current_url.endswith("/api/v1/partners")
    assert page.all("#form-post") == []


@pytest.fixture
def forgetful(people, word) -> str:
    """The address of somebody who has an account and no idea of the password."""
    account = {"email": f"{word}@lsa.example", "username": word, "password": PASSWORD}
    requests.post(f"{people.owner.url}/api/v1/auth/register", json=account).raise_for_status()
    return account["email"]


def test_a_forgotten_password_is_replaced_from_the_login_to_the_login(page, mailbox, forgetful):
    page.open("/login")
    page.click("[href$='/password-reset']")
    page.fill("[name=email]", forgetful)
    page.click("form button.main")
    page.wait(lambda: page.texts("[role=status]") != [])
    page.driver.get(page.wait(lambda: mailbox.link_for(forgetful)))
    page.fill("[name=new_password]", "short")
    page.click("form button.main")
    page.wait(lambda: any(page.texts(".box .errors")))
    page.fill("[name=new_password]", "perahu-siang-44")
    page.click("form button.main")
    page.wait(lambda: page.texts("[role=status]") != [])
    page.click(".actions [href$='/login']")
    page.fill("[name=username]", forgetful)
    page.fill("[name=password]", "perahu-siang-44")
    page.click("form button.main")
    page.wait_for_text(".account .who", forgetful.partition("@")[0])


@pytest.mark.parametrize(
    "size",
    [pytest.param(DESKTOP, id="desktop", marks=pytest.mark.deep), pytest.param(PHONE, id="phone")],
)
def test_who_is_invited_makes_an_account_and_is_logged_in(page, admin, mailbox, word, size):
    page.resize(size)
    page.log_in(admin)
    page.open("/api/v1/users")
    page.click("#form-post summary")
    page.fill("#form-post [name=email]", f"{word}@lsa.example")
    page.fill("#form-post [name=role]", "editor")
    page.click("#form-post button.main")
    page.wait(lambda: page.texts("#notice") not in ([], [""]))
    link = page.wait(lambda: mailbox.link_for(f"{word}@lsa.example"))
    page.driver.delete_all_cookies()
    page.driver.get(link)
    page.fill("[name=username]", "admin")
    page.fill("[name=full_name]", "Ani Lestari")
    page.fill("[name=password]", "short")
    page.click("form button.main")
    page.wait(lambda: any(page.texts(".box .errors")))
    page.fill("[name=password]", "perahu-siang-44")
    page.click("form button.main")
    page.wait(lambda: any(page.texts(".wrong:has([name=username]) .errors")))
    page.fill("[name=username]", word)
    page.fill("[name=password]", "perahu-siang-44")
    assert page.overflow() <= 0
    page.click("form button.main")
    page.wait_for_text(".account .who", "Ani Lestari")
    assert admin.find("users", word)[0]["role"] == "editor"


def test_a_form_of_before_another_login_says_so_and_leads_on(page):
    page.open("/login")
    # A login in another tab gives the cookie of forged forms a new value.
    page.driver.add_cookie({"name": "csrftoken", "value": "a" * 32})
    log_in(page, PASSWORD)
    page.wait(lambda: page.texts("[role=alert]") != [])
    page.click(".actions a")
    log_in(page, PASSWORD)
    page.wait_for_text(".account .who", "owner")


def test_empty_boxes_are_said_beside_themselves_and_a_wrong_password_on_the_form(page):
    page.open("/login")
    page.click("form button.main")
    page.wait(lambda: len([text for text in page.texts(".box .errors") if text]) == 2)
    log_in(page, "not the password")
    page.wait(lambda: page.texts("[role=alert]") != [])
    assert page.one("[name=username]").get_attribute("value") == "Owner@LSA.example"
    assert page.one("[name=password]").get_attribute("value") == ""
