"""What all tests share: a database, an empty start, and people."""

import fcntl
import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import hypothesis  # noqa: F401 (its plugins ask who holds an object, which a freeze would hide)
import mongoengine
import mongomock
import pymongo
import pytest
import requests
from bson import ObjectId
from django.conf import settings as django_settings
from django.core import mail
from mongoengine.connection import get_connection
from pymongo import DeleteMany
from pymongo.database import Database
from pymongo.monitoring import CommandListener, register
from rest_framework.test import APIClient

from accounts import users
from accounts.credentials import sessions
from accounts.credentials.tokens import RefreshToken
from accounts.documents import Session, User
from accounts.roles import Role
from content.tests import clock as clocks
from content.tests.browser import driver  # noqa: F401 (a fixture)
from content.tests.resources import Resource, cases
from content.tests.site import served
from core.background import run_later
from core.database import connection, indexes
from core.database.documents import BaseDocument, Raw
from core.database.embedded_server import Server
from core.times import now

PASSWORD = "jalan-kenari-17"
# Also bcrypt's hashes, JSON web tokens (and their two parts), and secrets of webhooks.
SECRET = re.compile(rf"{PASSWORD}|\$2[aby]\$\d\d|eyJ[\w-]{{8}}|whsec_\w|(sessionid|csrftoken)=\w")


class Use(CommandListener):
    """Whether anything was asked of the database since it was emptied: many tests ask nothing, and
    to empty it again took them longer than they do."""

    seen = False

    def started(self, event: object) -> None:
        self.seen = True

    def succeeded(self, event: object) -> None:
        """It was seen when it started."""

    failed = succeeded


use = Use()
register(use)  # with every client that is made from now on


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--mongo",
        choices=("wire", "mock"),
        default="wire",
        help="wire: a database server (MONGODB_URL, else one of its own); mock: mongomock",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = config.getoption("-m")
    for marker in ("clients", "deep"):
        if marker not in chosen:
            items[:] = [item for item in items if not item.get_closest_marker(marker)]
    if config.getoption("--mongo") == "mock":
        skip = pytest.mark.skip(reason="needs a database server")
        for item in items:
            if item.get_closest_marker("wire"):
                item.add_marker(skip)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: to walk it in search of garbage, again and
    again, cost a twentieth of the run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A database with all collections and indexes, for the whole run."""
    if request.config.getoption("--mongo") == "mock":
        use_mongomock()
        indexes.ensure_indexes()
        yield
        return
    server = None
    if not django_settings.MONGODB_URL:
        server = Server.start(":memory:", tmp_path_factory.mktemp("mongo") / "mongo.log")
        # Asked often, else a client that was told of a step-down that was none waits 10 seconds.
        django_settings.MONGODB_URL = (
            f"{server.url}&serverMonitoringMode=poll&heartbeatFrequencyMS=500"
        )
    connection.disconnect()
    indexes.ensure_indexes()
    yield
    # Open clients delay the stop.
    mongoengine.disconnect_all()
    if server:
        server.stop()


def use_mongomock() -> None:
    django_settings.MONGODB_URL = "mongodb://mongomock"
    mongoengine.disconnect_all()
    mongoengine.register_connection(
        "default",
        db=django_settings.MONGODB_TEST_DB,
        uuidRepresentation="standard",
        mongo_client_class=lambda **options: mongomock.MongoClient(tz_aware=True),
    )


@pytest.fixture(scope="session")
def takes_bulk_writes(database: None) -> bool:
    """Whether one command may write to many collections, which MongoDB learned in version 8."""
    return get_connection().server_info()["versionArray"][0] >= 8


def empty_collections(*, in_one_command: bool) -> None:
    """Asked collection by collection, this cost small tests a twelfth of their time."""
    collections = [document.collection() for document in BaseDocument.all_stored()]
    with pymongo.timeout(connection.NO_LIMIT):  # a busy machine may take long over what is left
        if in_one_command:
            deletions = [DeleteMany({}, namespace=each.full_name) for each in collections]
            get_connection().bulk_write(deletions, ordered=False)
            return
        for each in collections:
            each.delete_many({})


@pytest.fixture(autouse=True)
def empty_start(request: pytest.FixtureRequest, settings: Any, tmp_path: Any) -> None:
    """Emptied collections and a folder for files of one's own.

    Tests of processes with a database of their own (marked `own_database`) need neither.
    """
    if not request.node.get_closest_marker("own_database"):
        # Before a setting is changed for this test: what it sets is for the whole run.
        request.getfixturevalue("database")
        if use.seen or request.config.getoption("--mongo") == "mock":  # which tells no listeners
            empty_collections(in_one_command=request.getfixturevalue("takes_bulk_writes"))
            use.seen = False
    settings.MEDIA_ROOT = tmp_path / "media"
    kept = django_settings.STORAGES["kept"]
    kept = kept | {"OPTIONS": kept["OPTIONS"] | {"location": tmp_path / "kept"}}
    settings.STORAGES = settings.STORAGES | {"kept": kept}


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test makes the service log, it holds no password, hash, token or cookie."""
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    assert not [line for record in records if SECRET.search(line := record.getMessage())]


class Person(NamedTuple):
    """Somebody with an account and a client that is logged in."""

    raw: Raw
    client: APIClient
    tokens: sessions.TokenPair

    @property
    def id(self) -> str:
        return str(self.raw["_id"])

    @property
    def email(self) -> str:
        return self.raw["email"]


def new_client() -> APIClient:
    """A client whose requests are answered as a server would, faults included."""
    return APIClient(raise_request_exception=False)


def join(name: str, *, role: Role = Role.AUTHOR) -> Person:
    """Somebody who came long ago and is logged in: of that no event is left.

    In two commands, where `users.new_user` and `sessions.log_in` take six and a hash.
    """
    moment, token = now(), RefreshToken()
    raw = account(name, role) | {"_id": ObjectId(), "created_at": moment, "last_login": moment}
    session = Session(
        id=ObjectId(),
        user_id=raw["_id"],
        token=token["jti"],
        user_agent="",
        expires_at=moment + token.lifetime,
    )
    User.collection().insert_one(raw)
    Session.collection().insert_one(session.to_mongo().to_dict())
    access = token.vouch_for(raw, session.id).access_token
    tokens = sessions.TokenPair(str(access), str(token), int(access.lifetime.total_seconds()))
    client = new_client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return Person(raw, client, tokens)


@cache
def account(name: str, role: Role) -> Raw:
    """What is stored of somebody new, whose password is hashed once."""
    user = users.new_user(
        email=f"{name}@lsa.example", username=name, password=PASSWORD, full_name=None, role=role
    )
    return user.to_mongo().to_dict()


def add_admin(database: Database) -> None:
    """Have an `admin` with PASSWORD in the database of a site."""
    database["users"].insert_one(dict(account("admin", Role.ADMIN)))


# The two that differ most: an optional image and a required logo. The deep run asks the others too.
TYPICAL = ("programs", "partners")


@pytest.fixture(params=cases(*TYPICAL))
def resource(request: pytest.FixtureRequest) -> Resource:
    """Tests that ask for it run once for each resource."""
    return request.param


@pytest.fixture
def anyone() -> APIClient:
    return new_client()


@pytest.fixture
def owner() -> Person:
    return join("owner")


@pytest.fixture
def stranger() -> Person:
    return join("stranger")


@pytest.fixture
def contributor() -> Person:
    return join("contributor", role=Role.CONTRIBUTOR)


@pytest.fixture
def editor() -> Person:
    return join("editor", role=Role.EDITOR)


@pytest.fixture
def admin() -> Person:
    return join("admin", role=Role.ADMIN)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """A function that fills an empty folder with what `manage.py serve --seed` leaves there, whose
    admin has PASSWORD: drawing the samples anew for each server would take some seconds each."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which all processes of the run share
    sample, draft = folder / "seeded", folder / "seeding"
    with (folder / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not sample.exists():
            with served(draft, "--seed", ADMIN_PASSWORD=PASSWORD) as url:
                assert requests.get(f"{url}/blogs", timeout=30).json()["data"]
            draft.rename(sample)
    return partial(shutil.copytree, sample, dirs_exist_ok=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> clocks.Clock:
    """The clock, which stands still until the test moves it."""
    return clocks.install(monkeypatch)


@pytest.fixture
def mailbox(mailoutbox: list[mail.EmailMessage]) -> Callable[[], list[mail.EmailMessage]]:
    """A function that gives the e-mails sent so far, also those on their way."""

    def read() -> list[mail.EmailMessage]:
        # One thread works in order, so when this is done so is what was queued before.
        run_later(int).result(timeout=30)
        return mailoutbox

    return read
