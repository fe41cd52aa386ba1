"""Two sites on one database, written to in every way: no reader sees what is long past.

A blog's title is a number that only grows. What a reader sees must be no older than what the
database held before the time that a proof of freshness lasts; in calm, both sites show each write
as soon as they hear of it.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from bson import ObjectId
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from conftest import PASSWORD
from content.tests.site import served
from core.database.embedded_server import Server
from core.front.freshness import PROOF_SECONDS
from lsa_site.tests.processes import freeze, until

pytestmark = [pytest.mark.wire, pytest.mark.own_database]
SECONDS = 10
# Of a reader, so that two cores are left with something for those who answer.
PAUSE = 0.02
SETTINGS = {
    "SECRET_KEY": "a key of two sites that are one service, for tests only",
    "RATE_LIMIT_WRITE": "",
    "RATE_LIMIT_AUTH": "",
}
NOT_THERE = -1
MANY = 150


class Sites(NamedTuple):
    first: str
    second: str
    log: Path

    def database(self) -> Server:
        return Server.recorded(self.log)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        pid = self.database().pid
        freeze(pid)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def sites(seeded, tmp_path_factory) -> Iterator[Sites]:
    """The first has the embedded database, which it starts again; the second uses it too."""
    var, other = seeded(tmp_path_factory.mktemp("first")), tmp_path_factory.mktemp("second")
    with served(var, **SETTINGS) as first:
        url = Server.recorded(var / "mongo.log").url
        with served(other, **SETTINGS | {"MONGODB_URL": url}) as second:
            yield Sites(first, second, var / "mongo.log")


class World:
    """What was written, and what may be seen of it."""

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self.client: MongoClient = MongoClient(sites.database().url, timeoutMS=SECONDS * 1000)
        self.blogs = self.client["lsa"]["blogs"]
        self.id = ObjectId()
        self.number = 0
        self.token = self.log_in()
        # When each number was acknowledged, and from when to when there was no document.
        self.acknowledged: list[tuple[float, int]] = []
        self.absences: list[list[float]] = []

    def log_in(self) -> str:
        credentials = {"username": "admin", "password": PASSWORD}
        answer = requests.post(f"{self.sites.first}/auth/login", data=credentials, timeout=SECONDS)
        return answer.json()["access_token"]

    def document(self) -> dict[str, Any]:
        return {
            "_id": self.id,
            "title": str(self.number),
            "content": "Isi.",
            "author": "a@lsa.example",
            "version": self.number,
        }

    # --- Writing -----------------------------------------------------------------------

    def write(self, how: Callable[["World"], None]) -> None:
        """One step, with the next number; one that fails may have been carried out."""
        self.number += 1
        with suppress(PyMongoError, requests.RequestException, Refused):
            how(self)
            self.acknowledged.append((time.monotonic(), self.number))

    def directly(self) -> None:
        self.blogs.replace_one({"_id": self.id}, self.document(), upsert=True)
        self.is_there()

    def through(self, url: str) -> None:
        answer = requests.patch(
            f"{url}/blogs/{self.id}",
            json={"title": str(self.number)},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=SECONDS,
        )
        if answer.status_code != 200:
            raise Refused
        # Who wrote through a site sees it there at once.
        assert seen(requests, url, self.id) in (self.number, None)

    def through_the_first(self) -> None:
        self.through(self.sites.first)

    def through_the_second(self) -> None:
        self.through(self.sites.second)

    def in_a_transaction(self) -> None:
        with self.client.start_session() as session, session.start_transaction():
            self.blogs.replace_one({"_id": self.id}, self.document(), upsert=True, session=session)
        self.is_there()

    def by_a_restore(self) -> None:
        draft = self.client["lsa"]["blogs_draft"]
        draft.drop()
        draft.insert_one(self.document())
        # Not in one step here, so that there may be none for a moment.
        self.absences.append([time.monotonic(), float("inf")])
        draft.rename("blogs", dropTarget=True)
        self.is_there()

    def by_its_removal(self) -> None:
        self.absences.append([time.monotonic(), float("inf")])
        self.blogs.delete_one({"_id": self.id})

    def is_there(self) -> None:
        for absence in self.absences:
            absence[1] = min(absence[1], time.monotonic())

    # --- Reading -----------------------------------------------------------------------

    def check(self, asked: float, number: int | None) -> None:
        """That what was seen by a request which began then is not too old; None is a 503."""
        lately = asked - PROOF_SECONDS
        if number == NOT_THERE:
            assert any(start <= time.monotonic() and lately <= end for start, end in self.absences)
        elif number is not None:
            known = [n for when, n in list(self.acknowledged) if when <= lately]
            assert number >= max(known, default=0)

    def shows_now(self, url: str, timeout: float = SECONDS) -> bool:
        return seen(requests, url, self.id, timeout) == self.number


class Refused(Exception):
    """The site did not write."""


def seen(session: Any, url: str, id: ObjectId | None, timeout: float = SECONDS) -> int | None:
    """The number that a reader sees, of the item or in the list."""
    answer = session.get(f"{url}/blogs/{id}" if id else f"{url}/blogs?limit=1", timeout=timeout)
    if answer.status_code == 503:
        return None
    if answer.status_code == 404:
        return NOT_THERE
    assert answer.status_code == 200
    data = answer.json()["data"]
    shown = data if id else (data[0] if data else None)
    return int(shown["title"]) if shown else NOT_THERE


@contextmanager
def readers(world: World) -> Iterator[None]:
    """Read all the while; what one of them finds wrong is raised at the end."""
    stop, faults, reads = threading.Event(), [], []

    def read(url: str, item: ObjectId | None) -> None:
        with requests.Session() as session:
            while not stop.is_set():
                asked = time.monotonic()
                try:
                    world.check(asked, seen(session, url, item))
                except requests.RequestException:
                    continue
                except AssertionError as fault:
                    faults.append(fault)
                    return
                reads.append(1)
                stop.wait(PAUSE)

    urls = (world.sites.first, world.sites.second)
    threads = [
        threading.Thread(target=read, args=(url, item)) for url in urls for item in (world.id, None)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
        until(lambda: faults or len(reads) > MANY)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]


@pytest.fixture
def world(sites: Sites) -> World:
    until(lambda: requests.get(f"{sites.second}/health/ready", timeout=SECONDS).ok)
    world = World(sites)
    world.blogs.delete_many({})
    world.write(World.directly)
    return world


WAYS = [
    World.directly,
    World.through_the_first,
    World.through_the_second,
    World.in_a_transaction,
    World.by_a_restore,
    World.by_its_removal,
]


def check_calm(world: World) -> None:
    """In calm, both sites show each write as soon as they hear of it."""
    for way in (World.directly, World.through_the_first, World.by_a_restore):
        until(lambda way=way: acknowledged(world, way))
        for url in (world.sites.first, world.sites.second):
            until(lambda url=url: world.shows_now(url))


def acknowledged(world: World, way: Callable[[World], None]) -> bool:
    world.write(way)
    return bool(world.acknowledged) and world.acknowledged[-1][1] == world.number


@pytest.mark.parametrize(("seed", "steps"), [(1, 60), pytest.param(2, 600, marks=pytest.mark.deep)])
def test_a_storm_of_writes(world, seed, steps):
    chosen = random.Random(seed)
    with readers(world):
        for _ in range(steps):
            world.write(chosen.choice(WAYS))
    check_calm(world)


def test_a_frozen_database(world):
    def says_so(url: str) -> None:
        until(lambda: seen(requests, url, world.id) is None)

    with readers(world):
        with world.sites.frozen(), ThreadPoolExecutor() as pool:
            list(pool.map(says_so, (world.sites.first, world.sites.second)))
        check_calm(world)


def test_a_killed_database(world):
    with readers(world):
        killed = world.sites.database()
        os.kill(killed.pid, signal.SIGKILL)
        until(lambda: (again := world.sites.database()) and again.pid != killed.pid and again.port)
        for _ in range(10):
            world.write(World.directly)
        check_calm(world)


def test_what_is_unchanged_needs_no_database_as_long_as_it_is_known_to_live(world):
    url = world.sites.second

    def is_answered_from_memory() -> bool:
        until(lambda: world.shows_now(url))
        # Too short for the site to take the database for lost, which it would have to find again
        # before anything is kept.
        with world.sites.frozen(), suppress(requests.Timeout):
            return world.shows_now(url, PROOF_SECONDS / 2)
        return False

    until(is_answered_from_memory)
