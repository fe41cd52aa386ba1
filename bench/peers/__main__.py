"""`make bench-peers`: the newest 10 of 30 articles, for 8 connections and from one worker each."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench import growth, servers, table
from bench.load import load
from bench.table import Row
from core.database.embedded_server import Server

ARTICLES = 30
LIST = "/api/v1/blogs"
SPELLINGS = [f"{LIST}?limit={10:0{m}}&skip={0:0{n}}" for m in range(2, 8) for n in range(1, 6)]
# Where `make bench-peers` installs what it can of what they need.
FOLDER = servers.ROOT / ".venv-peers"
PYTHON = (str(FOLDER / "bin/python"), "-m")


class Peer(NamedTuple):
    """A service: what must be there to run it (a pattern below FOLDER), how it is started, and the
    path of its list."""

    needs: str
    command: tuple[str, ...]
    path: str

    @property
    def is_installed(self) -> bool:
        return any(FOLDER.glob(self.needs))


PEERS = {
    "FastAPI, Motor, Uvicorn": Peer(
        "lib/*/site-packages/uvicorn",
        (
            *(*PYTHON, "uvicorn", "bench.peers.fastapi_service:application"),
            *("--no-access-log", "--log-level=warning"),
        ),
        "/blogs",
    ),
    "Eve, Granian": Peer(
        "lib/*/site-packages/eve",
        (
            *(*PYTHON, "granian", "bench.peers.eve_service:application"),
            *("--interface=wsgi", "--workers=1", "--blocking-threads=4", "--log-level=error"),
        ),
        "/blogs",
    ),
    "Payload, Node.js": Peer(
        "payload/node_modules/payload",
        ("node", str(FOLDER / "payload/server.mjs")),
        "/api/blogs?limit=10&sort=-created_at",
    ),
    "Strapi on SQLite, Node.js": Peer(
        "strapi/node_modules/@strapi/strapi",
        ("node", str(FOLDER / "strapi/server.js")),
        "/api/blogs?pagination%5BpageSize%5D=10&sort=createdAt:desc",
    ),
}


def rows(folder: Path) -> Iterator[Row]:
    with servers.site(folder) as ours:
        growth.fill(folder, ARTICLES)
        yield _row("this service, from memory", ours, [LIST])
        with servers.site(folder, CACHE_READS="false") as asking:
            yield _row("this service, asking the database", asking, [LIST])
            yield _row("the same, in 30 spellings, which nobody shares", asking, SPELLINGS)
        environment = {
            "NODE_ENV": "production",
            "PEER_MONGODB_URL": database_url(folder),
            "PEER_SQLITE": str(folder / "peer.db"),
        }
        for name, peer in PEERS.items():
            if peer.is_installed:
                yield _row_of(name, peer, os.environ | environment)
            else:
                print(f"{name} could not be installed, and is not asked.")


def database_url(folder: Path) -> str:
    """Where the site's embedded database listens, as it noted itself."""
    return Server.recorded(folder / "var/mongo.log").url


def _row_of(name: str, peer: Peer, environment: dict[str, str]) -> Row:
    port = servers.free_port()
    command, url = [*peer.command, "--port", str(port)], f"http://127.0.0.1:{port}"
    with servers.started(command, environment, url, peer.path) as server:
        return _row(name, server, [peer.path])


def _row(name: str, server: servers.Running, paths: Sequence[str]) -> Row:
    it = load(server, paths, {})
    return Row(f"newest 10 of {ARTICLES}: {name}", it.cpu * 1e6, "us", note=str(it))


def main() -> int:
    print(table.heading())
    with tempfile.TemporaryDirectory(prefix="lsa-peers-") as name:
        return 0 if table.show(rows(Path(name))) else 1


if __name__ == "__main__":
    sys.exit(main())
