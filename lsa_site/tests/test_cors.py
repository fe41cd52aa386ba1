"""What pages of other origins may ask, and may read of the answer."""

from typing import Any

import pytest

ORIGIN = "https://lsa.example"
ALLOW = "Access-Control-Allow-"
EXPOSED = {
    *("etag", "location", "retry-after", "x-request-id", "x-total-count"),
    *("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
}
ACCEPTED = {
    *("authorization", "content-type", "if-match", "if-none-match", "x-request-id"),
    *("cache-control", "x-requested-with", "range", "idempotency-key", "traceparent"),
}


def names(value: str) -> set[str]:
    return {name.strip().lower() for name in value.split(",")}


def preflight(
    client: Any, method: str = "PUT", origin: str = ORIGIN, path: str = "/blogs/x"
) -> Any:
    asked = {"HTTP_ORIGIN": origin, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": method}
    return client.options(path, **asked)


@pytest.fixture
def one_origin(settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]


@pytest.fixture
def all_origins(settings) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = True
    settings.CORS_ALLOW_CREDENTIALS = False


def test_by_default_no_other_origin_may_read(anyone):
    response = anyone.get("/blogs", HTTP_ORIGIN=ORIGIN)
    assert response.status_code == 200
    assert f"{ALLOW}Origin" not in response
    assert f"{ALLOW}Origin" not in preflight(anyone)


@pytest.mark.usefixtures("one_origin")
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/blogs", "/api/v1/programs/x", "/auth/login"])
def test_a_preflight_of_a_named_origin_is_granted(anyone, method, path):
    response = preflight(anyone, method, path=path)
    assert response.status_code == 200
    assert response[f"{ALLOW}Origin"] == ORIGIN
    assert method.lower() in names(response[f"{ALLOW}Methods"])
    assert names(response[f"{ALLOW}Headers"]) == ACCEPTED
    assert response[f"{ALLOW}Credentials"] == "true"


@pytest.mark.usefixtures("one_origin")
@pytest.mark.parametrize(
    ("path", "status"), [("/blogs", 200), ("/blogs/x", 400), ("/nothing", 404), ("/auth/me", 401)]
)
def test_a_named_origin_reads_every_answer_and_its_headers(anyone, path, status):
    response = anyone.get(path, HTTP_ORIGIN=ORIGIN)
    assert response.status_code == status
    assert response[f"{ALLOW}Origin"] == ORIGIN
    assert names(response["Access-Control-Expose-Headers"]) == EXPOSED
    assert "origin" in names(response["Vary"])


@pytest.mark.usefixtures("one_origin")
def test_a_named_origin_reads_that_something_went_wrong(anyone, monkeypatch):
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("core.api.lists.read_page", fail)
    response = anyone.get("/blogs", HTTP_ORIGIN=ORIGIN)
    assert response.status_code == 500
    assert response[f"{ALLOW}Origin"] == ORIGIN


@pytest.mark.usefixtures("one_origin")
def test_a_named_origin_reads_that_its_body_is_too_large(anyone, settings):
    settings.MAX_BODY_SIZE = 10
    response = anyone.post("/blogs", {"title": "x" * 20}, HTTP_ORIGIN=ORIGIN)
    assert response.status_code == 400
    assert response[f"{ALLOW}Origin"] == ORIGIN


@pytest.mark.usefixtures("one_origin")
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://lsa.example",
        "https://lsa.example:8443",
        "https://lsa.example.evil.example",
        "https://sub.lsa.example",
        "null",
    ],
)
def test_any_other_origin_reads_nothing(anyone, origin):
    assert f"{ALLOW}Origin" not in anyone.get("/blogs", HTTP_ORIGIN=origin)
    assert f"{ALLOW}Origin" not in preflight(anyone, origin=origin)


@pytest.mark.usefixtures("all_origins")
def test_where_every_origin_may_read_none_may_send_credentials(anyone):
    for response in (anyone.get("/blogs", HTTP_ORIGIN=ORIGIN), preflight(anyone)):
        assert response[f"{ALLOW}Origin"] == "*"
        assert f"{ALLOW}Credentials" not in response


@pytest.mark.usefixtures("one_origin")
@pytest.mark.parametrize(
    "path", ["/health/live", "/health/ready", "/static/lsa.css", "/media/uploads/x"]
)
def test_a_refused_method_can_be_read_by_other_origins_too(anyone, path):
    response = anyone.delete(path, HTTP_ORIGIN=ORIGIN)
    assert response.status_code == 405
    assert response.json()["meta"]["code"] == "method_not_allowed"
    assert response[f"{ALLOW}Origin"] == ORIGIN
