"""What Prometheus collects: what was counted, and how the work for later stands."""

from collections.abc import Iterable

import pymongo
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from content import steps
from core import metrics
from core.api.exception_handler import respond
from core.api.views import read_only
from core.database import health
from core.database.connection import PING_SECONDS
from core.database.failures import DATABASE_ERRORS
from core.errors import Unauthenticated
from lsa_site import VERSION
from webhooks import watching

NEVER = float("inf")


@read_only
def show(request: HttpRequest) -> HttpResponse:
    """In Prometheus's text format, to whoever has `METRICS_TOKEN`, where there is one."""
    wanted = f"bearer {settings.METRICS_TOKEN}"
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and not constant_time_compare(f"{scheme.lower()} {token}", wanted):
        return respond(Unauthenticated())
    text = generate_latest(metrics.registry()) + generate_latest(_stored())
    return HttpResponse(text, CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _stored() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Stored())
    return registry


class Stored(Collector):
    """What the database knows, and so the same whichever process or machine is asked."""

    def collect(self) -> Iterable[Metric]:
        try:
            with pymongo.timeout(PING_SECONDS):
                found = [*_work(), _worker(), *_webhooks()]
        except DATABASE_ERRORS:
            found = []
        up = GaugeMetricFamily(
            "lsa_database_up", "Whether the database answers.", value=1 if found else 0
        )
        version = InfoMetricFamily("lsa_version", "Which version answers.", {"version": VERSION})
        return [version, up, *found]


def _work() -> list[Metric]:
    count = GaugeMetricFamily("lsa_work_due", "Pieces of work that are due.", labels=["work"])
    lag = GaugeMetricFamily(
        "lsa_work_lag_seconds", "For how long the oldest piece is due.", labels=["work"]
    )
    for name, backlog in steps.backlogs().items():
        count.add_metric([name], backlog.count)
        lag.add_metric([name], backlog.seconds)
    return [count, lag]


def _worker() -> Metric:
    silence = health.silence(health.WORKER)
    return GaugeMetricFamily(
        "lsa_worker_silence_seconds",
        "For how long no worker has told that it lives.",
        value=NEVER if silence is None else silence,
    )


def _webhooks() -> list[Metric]:
    behind = GaugeMetricFamily(
        "lsa_webhooks_behind_seconds",
        "For how long the oldest event or message waits that could be sent.",
        value=watching.lag(),
    )
    tries = CounterMetricFamily(
        "lsa_webhook_tries", "Tries to deliver, by what became of them.", labels=["id", "outcome"]
    )
    waiting = GaugeMetricFamily("lsa_webhook_waiting", "Messages that wait.", labels=["id"])
    for endpoint in watching.standings():
        tries.add_metric([endpoint.id, "delivered"], endpoint.delivered)
        tries.add_metric([endpoint.id, "failed"], endpoint.failed)
        waiting.add_metric([endpoint.id], endpoint.waiting)
    return [behind, tries, waiting]
