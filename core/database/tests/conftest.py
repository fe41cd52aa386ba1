"""A server of a module's own, and a connection to another one than the other tests use."""

from collections.abc import Callable, Iterator
from typing import Any

import mongoengine
import pytest

from core.database import connection
from core.database.embedded_server import Server

NAME = "scratch"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server.start(":memory:", tmp_path_factory.mktemp("mongo") / "mongo.log")
    yield server
    server.stop()


@pytest.fixture
def reconnect(settings: Any) -> Iterator[Callable[[str | None], None]]:
    """Connects to another URL, the database NAME; the connection of the other tests comes back at
    the end."""
    before = settings.MONGODB_URL

    def to(url: str | None) -> None:
        settings.MONGODB_URL = url
        settings.MONGODB_DATABASE = NAME
        connection.disconnect()

    yield to
    mongoengine.disconnect_all()
    settings.MONGODB_URL = before
    settings.MONGODB_DATABASE = settings.MONGODB_TEST_DB
    connection.register()
