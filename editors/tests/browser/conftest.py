"""A running site and a real Chromium, shared by all browser tests; each has its own items."""

import io
import json
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlsplit
from uuid import uuid4

import pytest
import requests
from PIL import Image
from pymongo import MongoClient
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from accounts.roles import Role, stored_as
from conftest import PASSWORD
from content.tests.browser import MISSING, begin_anew, screen
from content.tests.site import served
from core.database.embedded_server import Server
from editors.tests.browser.neighbours import Mailbox, documents_served, receiving_mail
from lsa_site.tests.processes import reserved_port

PATIENCE = 15
PHONE = (360, 740)
PICKED = ("select-one", "datetime-local")
# WebDriver does these in up to ten steps, with scripts that are sent and compiled anew: to fill a
# box took it 67 ms of CPU, where this takes 7.
TEXTS = """return [...document.querySelectorAll(arguments[0])]
    .map((each) => each.checkVisibility() ? each.innerText.trim() : "");"""
# The type of a box that has the focus, and what is in it is chosen, to be overwritten.
READY = f"""const [selector, value] = arguments, box = document.querySelector(selector);
box.focus();
if (document.activeElement !== box) return null;
if ({list(PICKED)}.includes(box.type)) box.value = value;
else if (box.type !== "file") box.select();
return box.type;"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """This hook sees the items of the whole run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for name in ("browser", "own_database", "wire"):
                item.add_marker(name)
            item.add_marker(MISSING)


class Site:
    """The running service as its API shows it to `name`, an editor."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.api = requests.Session()
        login = {"username": name, "password": PASSWORD}
        token = self.api.post(f"{url}/api/v1/auth/login", data=login).json()["access_token"]
        self.api.headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self.cookie = self._browser_cookie(login)

    def _browser_cookie(self, login: dict[str, str]) -> str:
        with requests.Session() as visit:
            visit.get(f"{self.url}/login")
            form = login | {"csrfmiddlewaretoken": visit.cookies["csrftoken"]}
            visit.post(f"{self.url}/login", data=form, allow_redirects=False)
            return visit.cookies["sessionid"]

    def create(self, resource: str, **fields: Any) -> dict[str, Any]:
        files = {name: fields.pop(name) for name in ("image", "logo") if name in fields}
        answer = self.api.post(f"{self.url}/api/v1/{resource}", data=fields, files=files)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    def read(self, path: str) -> requests.Response:
        return self.api.get(f"{self.url}/api/v1/{path}")

    def find(self, resource: str, word: str) -> list[dict[str, Any]]:
        return self.read(f"{resource}?search={word}").json()["data"]


class Page:
    """What a person sees and does in the browser."""

    def __init__(self, driver: webdriver.Chrome, site: Site) -> None:
        self.driver, self.site = driver, site

    def open(self, path: str) -> None:
        self.driver.get(self.site.url + path)

    def log_in(self, editor: Site) -> None:
        """As the login form does, without its time."""
        cookie = {"name": "sessionid", "value": editor.cookie, "url": self.site.url}
        self.driver.execute_cdp_cmd("Network.setCookie", cookie)

    def resize(self, size: tuple[int, int]) -> None:
        metrics = screen(*size, mobile=size == PHONE)
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def one(self, selector: str) -> WebElement:
        return self.wait(lambda: self.driver.find_element(By.CSS_SELECTOR, selector))

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return self.driver.execute_script(TEXTS, selector)

    def click(self, selector: str) -> None:
        """Click what is shown, as soon as it can be."""
        self.wait(lambda: self._try_click(selector))

    def _try_click(self, selector: str) -> bool:
        self.driver.find_element(By.CSS_SELECTOR, selector).click()
        return True

    def fill(self, selector: str, value: str) -> None:
        """Text is typed and a file chosen; a choice or a moment is what its picker leaves."""
        kind = self.wait(lambda: self.driver.execute_script(READY, selector, value))
        if kind == "file":
            self.one(selector).send_keys(value)
        elif kind not in PICKED:
            # As an input method types: a key for each letter takes some milliseconds each.
            self.driver.execute_cdp_cmd("Input.insertText", {"text": value})

    def search(self, words: str) -> None:
        self.fill("[name=search]", words)
        self.click(".find button")
        self.wait_until_searched(words)

    def wait_until_searched(self, words: str) -> None:
        """By its address: what was shown before may be the same."""
        self.wait(lambda: f"search={quote_plus(words)}" in self.driver.current_url)

    def wait(self, condition: Callable[[], Any]) -> Any:
        """What the condition gives as soon as it is true, whatever goes wrong before."""
        deadline, trouble = time.monotonic() + PATIENCE, None
        while time.monotonic() < deadline:
            try:
                if value := condition():
                    return value
            except WebDriverException as error:
                trouble = error.msg
            time.sleep(0.05)
        pytest.fail(f"waited in vain at {self.driver.current_url}: {trouble}")

    def wait_for_text(self, selector: str, text: str) -> None:
        self.wait(lambda: text in next(iter(self.texts(selector)), ""))

    def shows_pictures(self, selector: str) -> bool:
        """Whether there are such pictures and each was drawn."""
        images = self.all(selector)
        drawn = "return arguments[0].complete && arguments[0].naturalWidth > 0"
        return bool(images) and all(self.driver.execute_script(drawn, image) for image in images)

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        # On a phone the window grows with its page; what the page is laid out for does not.
        width = "const { scrollWidth, clientWidth } = document.documentElement;"
        return self.driver.execute_script(f"{width} return scrollWidth - clientWidth")


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    with receiving_mail() as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Where a front end is served, which the site allows."""
    with documents_served() as origin:
        yield origin


class People(NamedTuple):
    owner: Site
    stranger: Site
    admin: Site


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """Where the site will be, as its own address is a setting of it."""
    with reserved_port() as port:
        yield port


@pytest.fixture(scope="session")
def people(
    tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox, origin: str, port: int
) -> Iterator[People]:
    """The real server with a database of its own, and three editors."""
    var = tmp_path_factory.mktemp("site")
    database = Server.start(":memory:", var / "mongo.log")
    settings = {
        "MONGODB_URL": database.url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_ORIGINS": origin,
        "EMAIL_URL": mailbox.url,
        "SECRET_KEY": uuid4().hex,
        "RATE_LIMIT_AUTH": "",
        "RATE_LIMIT_WRITE": "",
        # Receivers are on this machine.
        "WEBHOOK_ALLOW_PRIVATE": "true",
    }
    try:
        with served(var, "--port", str(port), has_worker=True, **settings) as url:
            for name in People._fields:
                account = {"email": f"{name}@lsa.example", "username": name, "password": PASSWORD}
                requests.post(f"{url}/api/v1/auth/register", json=account).raise_for_status()
            with MongoClient(database.url) as client:
                change = {"$set": stored_as(Role.ADMIN)}
                client["lsa"]["users"].update_one({"username": "admin"}, change)
            yield People(*(Site(url, name) for name in People._fields))
    finally:
        database.stop()


@pytest.fixture
def owner(people: People) -> Site:
    return people.owner


@pytest.fixture
def stranger(people: People) -> Site:
    return people.stranger


@pytest.fixture
def admin(people: People) -> Site:
    return people.admin


@pytest.fixture
def page(driver: webdriver.Chrome, people: People) -> Iterator[Page]:
    """A browser that nobody is logged in with; whatever a test does in it, the page has no
    errors and asks nobody else for anything."""
    begin_anew(driver)
    page = Page(driver, people.owner)
    drain(driver)
    yield page
    errors, addresses = drain(driver)
    assert errors == []
    assert {urlsplit(address).netloc for address in addresses} <= {urlsplit(page.site.url).netloc}


def drain(driver: webdriver.Chrome) -> tuple[list[str], list[str]]:
    """The console's errors but for refused requests, and the addresses asked over HTTP."""
    errors = [
        entry["message"]
        for entry in driver.get_log("browser")
        if entry["level"] == "SEVERE" and entry["source"] != "network"
    ]
    events = [e["message"] for e in driver.get_log("performance")]
    sent = [json.loads(e) for e in events if '"Network.requestWillBeSent"' in e]
    addresses = [e["message"]["params"]["request"]["url"] for e in sent]
    return errors, [address for address in addresses if address.startswith("http")]


@pytest.fixture
def word() -> str:
    """A word that only this test's items carry."""
    return f"kata{uuid4().hex[:10]}"


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "kegiatan.jpg"
    path.write_bytes(jpeg())
    return path


@cache
def jpeg(size: tuple[int, int] = (800, 500)) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 64).convert("RGB").save(file, "JPEG")
    return file.getvalue()
