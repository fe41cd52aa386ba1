"""All that a real server logs, line by line: in one format, and nothing secret in it."""

import json
import re
from typing import NamedTuple

import pytest
import requests

from content.tests.site import running
from lsa_site.tests.processes import PATIENCE, manage

pytestmark = [pytest.mark.wire, pytest.mark.own_database]

PASSWORD, NEW_PASSWORD = "kereta-pagi-27", "kapal-malam-31"
METRICS_TOKEN = "for-the-collector-alone"
BROKEN = '{"password": "in-broken-json'


class Run(NamedTuple):
    """What a server wrote until it ended, and what it must not have written."""

    format: str
    lines: list[str]
    secrets: set[str]


def ask(url: str, method: str, path: str, **how: object) -> requests.Response:
    return requests.request(method, f"{url}/api/v1{path}", timeout=PATIENCE, **how)


def use(url: str) -> set[str]:
    """Ask for what has to do with secrets, with right, wrong and broken values; gives them."""
    person = {"email": "tono@lsa.example", "username": "tono", "password": PASSWORD}
    ask(url, "POST", "/auth/register", json=person)
    tokens = ask(url, "POST", "/auth/login", json=person).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    refreshed = ask(
        url, "POST", "/auth/refresh", json={"refresh_token": tokens["refresh_token"]}
    ).json()
    ask(url, "POST", "/auth/login", json=person | {"password": "a-wrong-password"})
    ask(url, "POST", "/auth/login", data=BROKEN, headers={"Content-Type": "application/json"})
    blog = {"title": "Judul", "content": "Isi.", "status": "draft"}
    made = ask(url, "POST", "/blogs", json=blog, headers=bearer).json()["data"]
    preview = ask(url, "POST", f"/blogs/{made['id']}/preview", headers=bearer).json()["data"]
    ask(url, "GET", f"/blogs/{made['id']}?preview={preview['token']}")
    ask(url, "GET", f"/blogs/{made['id']}?preview=a-wrong-preview")
    ask(url, "POST", "/auth/password/reset", json={"email": person["email"]})
    reset = {"token": "a-wrong-link", "new_password": NEW_PASSWORD}
    ask(url, "POST", "/auth/password/reset/confirm", json=reset)
    new = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    newest = ask(url, "POST", "/auth/password", json=new, headers=bearer).json()
    ask(url, "GET", "/auth/me", headers={"Authorization": "Bearer a-wrong-token"})
    ask(url, "GET", "/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    given = [tokens, refreshed, newest]
    return use_pages(url, person | {"password": NEW_PASSWORD}) | {
        *(answer[name] for answer in given for name in ("access_token", "refresh_token")),
        *(PASSWORD, NEW_PASSWORD, METRICS_TOKEN, preview["token"], "$2b$"),
        *("a-wrong-password", "a-wrong-token", "a-wrong-preview", "a-wrong-link", "in-broken-json"),
    }


def use_pages(url: str, person: dict[str, str]) -> set[str]:
    """Log in as a browser does; gives its cookies."""
    browser = requests.Session()
    page = browser.get(f"{url}/login", timeout=PATIENCE).text
    form = {"csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]}
    browser.post(f"{url}/login", data=form | person, headers={"Referer": url}, timeout=PATIENCE)
    return {cookie.value for cookie in browser.cookies}


@pytest.fixture(scope="module", params=["json", pytest.param("text", marks=pytest.mark.deep)])
def run(request, seeded, tmp_path_factory) -> Run:
    """A server that was started, used and stopped."""
    var = seeded(tmp_path_factory.mktemp(request.param))
    environment = {
        "DJANGO_SETTINGS_MODULE": "lsa_site.tests.quick_site",
        "LOG_FORMAT": request.param,
        "LOG_LEVEL": "DEBUG",
        "METRICS_TOKEN": METRICS_TOKEN,
        "EMAIL_URL": "dummy:",
    }
    with running(var, **environment) as site:
        secrets = use(site.url)
        return Run(request.param, site.stop().splitlines(), secrets)


def test_nothing_secret_is_in_any_line(run):
    assert len(run.lines) > 20
    assert len(run.secrets) > 15
    found = {secret for secret in run.secrets for line in run.lines if secret in line}
    assert found == set()


def test_a_log_in_json_is_json_from_the_first_line_to_the_last(run):
    if run.format == "text":
        pytest.skip("it is for people")
    records = [json.loads(line) for line in run.lines]
    assert all({"levelname", "message"} <= record.keys() for record in records)
    assert any("Serving on" in record["message"] for record in records)
    assert any(record.get("address") == "127.0.0.1" for record in records)


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["serve"], {"MAX_FILE_SIZE": "5MB"}),
        pytest.param(["serve", "--host", "203.0.113.1"], {}, marks=pytest.mark.deep),
        (["worker", "--once"], {"MONGODB_URL": "mongodb://h/?w=0", "SECRET_KEY": "x" * 64}),
    ],
)
def test_so_is_the_line_of_a_start_that_fails(tmp_path, arguments, environment):
    failed = manage(tmp_path, *arguments, LOG_FORMAT="json", **environment)
    assert failed.returncode == 1
    assert failed.stdout == ""
    records = [json.loads(line) for line in failed.stderr.splitlines()]
    assert records[-1]["levelname"] in ("ERROR", "CRITICAL")
