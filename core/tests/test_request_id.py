"""The id that ties an answer to its log lines, and the one line that says what was asked."""

import json
import logging
import uuid
from collections.abc import Iterator
from logging.config import DictConfigurator
from typing import Any

import pytest

from conftest import PASSWORD
from core.request_id import RequestIdFilter

ID = "X-Request-ID"
ACCESS = "lsa_site.access"


def given(value: str) -> dict[str, str]:
    return {"HTTP_X_REQUEST_ID": value}


@pytest.fixture
def log(caplog) -> Iterator[Any]:
    """What is logged, each record with its request's id."""
    caplog.set_level(logging.INFO)
    with caplog.filtering(RequestIdFilter()):
        yield caplog


def access(log: Any) -> logging.LogRecord:
    """The access line of the last request."""
    return [record for record in log.records if record.name == ACCESS][-1]


def test_an_answer_has_a_fresh_uuid(anyone):
    first, second = (anyone.get("/blogs")[ID] for _ in range(2))
    assert str(uuid.UUID(first)) == first
    assert first != second


@pytest.mark.parametrize(
    "value", ["a", "0", "Az09._-", "-", "42ca7691-48c7-4d08-93b7-80ccaf378868", "x" * 128]
)
def test_a_well_formed_id_of_the_client_is_kept(anyone, value):
    assert anyone.get("/blogs", **given(value))[ID] == value


@pytest.mark.parametrize(
    "value",
    ["", " ", "x" * 129, "a b", "a/b", "a\nb", "a\n", "a\r\nb: c", "é", "a,b", "${x}", "\0"],
)
def test_a_malformed_one_is_replaced(anyone, value):
    made = anyone.get("/blogs", **given(value))[ID]
    assert str(uuid.UUID(made)) == made


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/", 200),
        ("get", "/health/live", 200),
        ("get", "/openapi.json", 200),
        ("get", "/docs", 200),
        ("get", "/login", 200),
        ("get", "/static/drf_spectacular_sidecar/redoc/LICENSE", 200),
        ("get", "/static/nothing", 404),
        ("get", "/nothing", 404),
        ("get", "/media/uploads/nothing.png", 404),
        ("put", "/blogs", 405),
        ("post", "/blogs", 401),
        ("post", "/auth/register", 422),
        ("options", "/blogs", 200),
    ],
)
def test_every_answer_carries_it(anyone, log, method, path, status):
    response = getattr(anyone, method)(path, **given("mine"))
    assert response.status_code == status
    assert response[ID] == "mine"
    assert access(log).request_id == "mine"


def test_a_preflight_carries_it(anyone, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://lsa.example"]
    asked = {"HTTP_ORIGIN": "https://lsa.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
    assert anyone.options("/blogs", **asked, **given("mine"))[ID] == "mine"


def test_a_refused_host_carries_it(anyone):
    response = anyone.get("/blogs", HTTP_HOST="evil.example", **given("mine"))
    assert response.status_code == 400
    assert response[ID] == "mine"


def test_a_fault_of_ours_carries_it_to_every_line_of_the_log(anyone, log, monkeypatch):
    def fail(*args: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("core.api.lists.read_page", fail)
    response = anyone.get("/blogs", **given("mine"))
    assert response.status_code == 500
    assert response[ID] == response.json()["meta"]["request_id"] == "mine"
    assert len(log.records) > 1
    assert {record.request_id for record in log.records} == {"mine"}


def test_outside_of_a_request_there_is_none(anyone, log):
    anyone.get("/blogs", **given("mine"))
    logging.getLogger("lsa_site").info("afterwards")
    assert log.records[-1].request_id == "-"


def test_one_access_line_says_who_asked_for_what_and_got_which_answer(owner, log):
    response = owner.client.get("/api/v1/auth/me")
    (record,) = [record for record in log.records if record.name == ACCESS]
    said = (record.method, record.path, record.status, record.user, record.request_id)
    assert said == ("GET", "/api/v1/auth/me", 200, owner.id, response[ID])
    assert record.duration_ms >= 0
    assert record.address == "127.0.0.1"
    for part in ("GET", "/api/v1/auth/me", "200", "127.0.0.1", owner.id):
        assert part in record.getMessage()


def test_an_unknown_user_is_a_dash(anyone, log):
    anyone.get("/blogs")
    assert access(log).user == "-"


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_no_line_shows_a_query_a_body_a_token_or_a_password(owner, anyone, log, level):
    log.set_level(level)
    owner.client.get("/api/v1/auth/me?token=in-the-query")
    owner.client.post("/blogs", {"title": "in-the-body", "content": "x"}, format="json")
    body = {"username": "owner", "password": PASSWORD}
    tokens = anyone.post("/auth/login", body, format="json").json()
    anyone.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]}, format="json")
    everything = " ".join(str(vars(record)) for record in log.records if record.name != "asyncio")
    for secret in (
        "in-the-query",
        "in-the-body",
        PASSWORD,
        owner.tokens.access_token,
        tokens["access_token"],
        tokens["refresh_token"],
        "$2b$",
    ):
        assert secret not in everything


@pytest.mark.parametrize(
    "path", ["/a%0Ab", "/a%0D%0Ab", "/a%1B%5B31mb", "/a%C2%85b", "/a%E2%80%A8b"]
)
def test_a_path_cannot_forge_a_line(anyone, log, path):
    anyone.get(path)
    line = access(log).getMessage()
    assert len(line.splitlines()) == 1
    assert line.isprintable()


def formatter(settings: Any, name: str) -> logging.Formatter:
    """The formatter of that name, as the settings describe it."""
    return DictConfigurator({}).configure_formatter(dict(settings.LOGGING["formatters"][name]))


def test_a_line_of_text_begins_with_level_and_id(anyone, log, settings):
    anyone.get("/blogs", **given("mine"))
    line = formatter(settings, "text").format(access(log))
    assert "INFO [mine] lsa_site.access: GET /blogs 200" in line


def test_a_line_of_json_holds_the_same_by_name(owner, log, settings):
    owner.client.get("/auth/me", **given("mine"))
    line = json.loads(formatter(settings, "json").format(access(log)))
    assert line["request_id"] == "mine"
    wanted = {"method": "GET", "path": "/auth/me", "status": 200, "user": owner.id}
    assert wanted.items() <= line.items()
    assert line["duration_ms"] >= 0
