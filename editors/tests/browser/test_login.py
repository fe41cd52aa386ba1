"""The login form in a browser."""

from conftest import PASSWORD


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


def test_a_wrong_password_is_said_on_the_form(page):
    page.open("/login")
    log_in(page, "not the password")
    page.wait(lambda: page.texts("[role=alert]") != [])
    assert page.one("[name=username]").get_attribute("value") == "Owner@LSA.example"
    assert page.one("[name=password]").get_attribute("value") == ""


def test_empty_boxes_are_said_beside_themselves(page):
    page.open("/login")
    page.click("form button.main")
    page.wait(lambda: len([text for text in page.texts(".box .errors") if text]) == 2)


def test_pages_are_indonesian(page):
    page.open("/login")
    assert page.one("html").get_attribute("lang") == "id"
    assert "Lembaga Sinergi Analitika" in page.one("header").text
    assert page.one("h1").text == "Masuk"
