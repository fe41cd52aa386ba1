"""What Prometheus is told: of requests, the database, pictures, logins, and work for later."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from bson import ObjectId
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from conftest import PASSWORD
from content.pictures.documents import FileCheck
from content.tests.resources import RESOURCES
from content.tests.site import served
from core import metrics
from core.database import connection
from core.database.health import WORKER, Health
from core.times import now
from lsa_site import VERSION
from lsa_site.metrics import Stored
from lsa_site.tests.processes import of_this_run
from webhooks import services as webhooks
from webhooks.documents import Delivery, Webhook

METRICS = "/metrics"
REQUESTS = "lsa_request_seconds_count"


def read(text: str) -> dict[tuple[str, frozenset], float]:
    """The samples by name and labels, as Prometheus itself would read them."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def requests_of(method: str, route: str, status: int, source: str = "django") -> dict[str, str]:
    return {"method": method, "route": route, "status": str(status), "source": source}


@pytest.fixture(autouse=True)
def nothing_is_counted_yet() -> None:
    """What earlier tests counted are thousands of samples, which take long to tell and to read."""
    for metric in (metrics.REQUESTS, metrics.DATABASE, metrics.PICTURES, metrics.LOGINS):
        metric.clear()
    for kept in (metrics._requests, metrics._commands):
        kept.cache_clear()


def counted(name: str, **labels: str) -> float:
    """How much has been counted since the test began."""
    return REGISTRY.get_sample_value(name, labels) or 0


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_it_is_in_the_format_that_prometheus_reads(anyone, prefix):
    response = anyone.get(prefix + METRICS)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=")
    assert response["Cache-Control"] == "no-store"
    assert read(response.content.decode())[("lsa_database_up", frozenset())] == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 401),
        ({"HTTP_AUTHORIZATION": "Bearer wrong"}, 401),
        ({"HTTP_AUTHORIZATION": "Basic right"}, 401),
        ({"HTTP_AUTHORIZATION": "Bearer rightly"}, 401),
        ({"HTTP_AUTHORIZATION": "Bearer é"}, 401),
        ({"HTTP_AUTHORIZATION": "Bearer right"}, 200),
        ({"HTTP_AUTHORIZATION": "bearer right"}, 200),
    ],
)
def test_where_there_is_a_token_it_is_asked_for(anyone, settings, given, status):
    settings.METRICS_TOKEN = "right"
    response = anyone.get(METRICS, **given)
    assert response.status_code == status
    assert (response.get("WWW-Authenticate") == "Bearer") == (status == 401)


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("get", "/blogs", "/blogs", 200),
        ("get", "/api/v1/blogs", "/blogs", 200),
        ("get", "/api/v1/blogs/", "/blogs", 200),
        ("get", "/blogs/5f0000000000000000000000", "/blogs/{id}", 404),
        ("get", "/", "/", 200),
        ("post", "/blogs", "/blogs", 401),
        ("get", "/made-up/by-somebody", "other", 404),
        ("get", "/static/lsa.css", "other", 200),
    ],
)
def test_a_request_is_counted_by_its_route(anyone, method, path, route, status):
    assert getattr(anyone, method)(path).status_code == status
    labels = requests_of(method.upper(), route, status)
    assert counted(REQUESTS, **labels) == 1
    assert counted("lsa_request_seconds_sum", **labels) > 0


def test_a_method_that_somebody_made_up_makes_no_series_of_its_own(anyone):
    assert anyone.generic("BREW", "/blogs").status_code == 405
    assert counted(REQUESTS, **requests_of("other", "/blogs", 405)) == 1


@pytest.mark.wire
def test_commands_to_the_database_are_timed(anyone):
    anyone.get("/blogs")
    assert counted("lsa_database_seconds_count", command="find", outcome="ok") >= 1


def test_pictures_are_counted_by_what_became_of_them(owner):
    assert RESOURCES["gallery"].post(owner.client).status_code == 201
    assert counted("lsa_picture_seconds_count", outcome="stored") == 1


@pytest.mark.parametrize(
    ("name", "password", "outcome"),
    [("owner", PASSWORD, "accepted"), ("owner", "wrong", "wrong"), ("nobody", "x", "wrong")],
)
def test_logins_are_counted_by_what_became_of_them(anyone, owner, name, password, outcome):
    anyone.post("/auth/login", {"username": name, "password": password})
    assert counted("lsa_logins_total", outcome=outcome) == 1


def test_logins_that_are_not_even_tried_are_counted_too(anyone, owner):
    for _ in range(11):
        anyone.post("/auth/login", {"username": "owner", "password": "wrong"})
    assert counted("lsa_logins_total", outcome="wrong") == 10
    assert counted("lsa_logins_total", outcome="limited") == 1


def test_work_that_is_due_is_told_with_its_age(anyone):
    FileCheck(name="uploads/a.png", due=now() - timedelta(seconds=90), changes=0).save()
    FileCheck(name="uploads/b.png", due=now() + timedelta(seconds=90), changes=0).save()
    found = read(anyone.get(METRICS).content.decode())
    files = frozenset({("work", "files")})
    assert found[("lsa_work_due", files)] == 1
    assert 90 <= found[("lsa_work_lag_seconds", files)] < 120
    assert found[("lsa_work_lag_seconds", frozenset({("work", "blogs")}))] == 0


def test_which_version_runs_is_told(anyone):
    found = read(anyone.get(METRICS).content.decode())
    assert found[("lsa_version_info", frozenset({("version", VERSION)}))] == 1


def test_the_silence_of_the_worker_is_told(anyone):
    silence = ("lsa_worker_silence_seconds", frozenset())
    assert read(anyone.get(METRICS).content.decode())[silence] == float("inf")
    Health(name=WORKER, checked_at=now() - timedelta(seconds=70)).save()
    assert 70 <= read(anyone.get(METRICS).content.decode())[silence] < 100


def test_what_became_of_the_messages_of_an_endpoint_is_told(anyone):
    values = {"url": "https://hooks.example/", "events": ["*"]}
    key = webhooks.create(values, actor=None)[0]["_id"]
    outcomes = {"outcomes": {"delivered": 7, "failed": 2}}
    Webhook.collection().update_one({"_id": key}, {"$set": outcomes})
    for due in ({"due": now() + timedelta(hours=1)}, {"due": now()}, {}):
        Delivery.collection().insert_one({"webhook_id": key, "event_id": ObjectId(), **due})
    found = read(anyone.get(METRICS).content.decode())

    def of_endpoint(name: str, **labels: str) -> float:
        return found[(name, frozenset({"id": str(key), **labels}.items()))]

    assert of_endpoint("lsa_webhook_tries_total", outcome="delivered") == 7
    assert of_endpoint("lsa_webhook_tries_total", outcome="failed") == 2
    assert of_endpoint("lsa_webhook_waiting") == 2


@pytest.mark.wire
@pytest.mark.own_database
def test_a_lost_database_is_told_and_no_reason_to_tell_nothing(settings):
    before = settings.MONGODB_URL
    settings.MONGODB_URL = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200"
    connection.disconnect()
    try:
        samples = [sample for metric in Stored().collect() for sample in metric.samples]
    finally:
        settings.MONGODB_URL = before
        connection.disconnect()
    found = {sample.name: sample.value for sample in samples}
    assert found["lsa_database_up"] == 0
    assert "lsa_work_due" not in found


@pytest.mark.wire
@pytest.mark.own_database
def test_all_processes_of_a_server_are_told_of_together(tmp_path, database):
    with served(tmp_path, "--workers", "2", **of_this_run()) as url:

        def ask(_: int) -> int:
            return requests.get(f"{url}/api/v1/blogs", timeout=30).status_code

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(ask, range(60))) == {200}
        for _ in range(4):
            found = read(requests.get(url + METRICS, timeout=30).text)
            by_source = {
                source: found.get((REQUESTS, frozenset(asked.items())), 0)
                for source in ("django", "memory")
                for asked in [requests_of("GET", "/blogs", 200, source)]
            }
            assert sum(by_source.values()) == 60
            assert by_source["memory"] > 0
