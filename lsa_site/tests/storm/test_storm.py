"""Many who write at once while processes are killed: nothing acknowledged is lost, nothing is left
half done, and everybody is told."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain, cycle
from pathlib import Path

import pytest
import requests
from pymongo.database import Database

from conftest import PASSWORD, add_admin
from content.pictures.tests.media import TWO_HOURS, make_older
from lsa_site.tests.processes import manage
from lsa_site.tests.storm import findings
from lsa_site.tests.storm.site import SETTINGS, Site, until
from lsa_site.tests.storm.writer import PATIENCE, Writer
from webhooks.tests.receivers import Receiver, receiving

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
# Whatever waits until then is due.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Kills = Sequence[Callable[[Site], None]]
LEASED = ("webhooks", "file_checks", "leases")


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    with ExitStack() as stack:
        site = Site(tmp_path, stack)
        with site.client() as client:
            add_admin(client["lsa"])
        yield site
        site.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_a_killed_database_under_writes_loses_nothing(site, receiver):
    weather(site, receiver, writers=4, seconds=1, kills=[Site.kill_the_database])


@pytest.mark.deep
@pytest.mark.timeout(900)
def test_a_storm_in_which_every_process_is_killed_loses_nothing(site, receiver):
    weather(site, receiver, writers=30, seconds=30, kills=Site.KILLS)


def weather(site: Site, receiver: Receiver, *, writers: int, seconds: float, kills: Kills) -> None:
    """A storm, and what is found when it is over."""
    token = log_in(site)
    since, secret = datetime.now(UTC), subscribe(site, receiver, token)
    crew = storm(site, token, writers=writers, seconds=seconds, kills=kills)
    assert [fault for each in crew for fault in each.faults] == []
    assert "Traceback" not in site.logged(), site.logged()
    with site.client() as client:
        database = client["lsa"]
        calm(site, database)
        findings.check_items(database, crew)
        findings.check_events(database, crew)
        findings.check_files(database, site.var)
        findings.check_deliveries(database, since, receiver.got, secret)


def log_in(site: Site) -> str:
    credentials = {"username": "admin", "password": PASSWORD}
    answer = requests.post(f"{site.url}/auth/login", data=credentials, timeout=PATIENCE)
    return answer.json()["access_token"]


def subscribe(site: Site, receiver: Receiver, token: str) -> str:
    """Have everything told to the receiver; gives the secret."""
    body = {"url": receiver.url, "events": ["*"], "rate_per_minute": 6000}
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.post(f"{site.url}/webhooks", json=body, headers=headers, timeout=PATIENCE)
    return answer.json()["data"]["secret"]


def storm(site: Site, token: str, *, writers: int, seconds: float, kills: Kills) -> list[Writer]:
    """Write for so long, and kill in turn: each at least once."""
    stop, end = threading.Event(), time.monotonic() + seconds
    crew = [Writer(number, lambda: site.url, token, stop) for number in range(writers)]
    for each in crew:
        each.start()
    try:
        for kill in chain(kills, cycle(kills) if len(kills) > 1 else ()):
            # Some writes lie between two kills.
            before = written(crew)
            until(lambda before=before: written(crew) > before + writers)
            kill(site)
            if time.monotonic() > end and kill is kills[-1]:
                break
        stop.wait(max(0, end - time.monotonic()))
    finally:
        stop.set()
        for each in crew:
            each.join()
    return crew


def written(crew: list[Writer]) -> int:
    return sum((Counter(each.statuses) for each in crew), Counter()).total()


def calm(site: Site, database: Database) -> None:
    """Wait until the worker has done what there is, as if all grace and all leases were over."""
    for root in (site.var / "media", site.var / "kept"):
        for path in filter(Path.is_file, root.rglob("*")):
            make_older(path, TWO_HOURS)
    for name in LEASED:
        database[name].update_many({}, {"$unset": {"leased_until": 1}})
    database["file_checks"].update_many({}, {"$set": {"due": LONG_AGO}})
    until(lambda: not any(left(database).values()))
    outcome = manage(site.var, "prune_media", **SETTINGS)
    assert outcome.stdout == "Nothing to remove.\n", outcome.stdout + outcome.stderr


def left(database: Database) -> dict[str, int]:
    """How much the worker has to do."""
    return {
        "events": database["events"].count_documents({"waiting_since": {"$exists": True}}),
        "deliveries": database["webhook_deliveries"].count_documents({"due": {"$exists": True}}),
        "files": database["file_checks"].count_documents({}),
    }
