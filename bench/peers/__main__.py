"""`make bench-peers`: the newest 10 of 30 articles, for 8 connections and from one worker each."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import growth, servers, table
from bench.load import load
from bench.table import Row
from core.database.embedded_server import Server

ARTICLES = 30
# The Python that has the requirements beside this file.
PYTHON = str(servers.ROOT / ".venv-peers/bin/python")
PEERS = {
    "FastAPI, Motor, Uvicorn": (
        *("uvicorn", "bench.peers.fastapi_service:application"),
        *("--no-access-log", "--log-level=warning"),
    ),
    "Eve, Granian": (
        *("granian", "bench.peers.eve_service:application"),
        *("--interface=wsgi", "--workers=1", "--blocking-threads=4", "--log-level=error"),
    ),
}


def rows(folder: Path) -> Iterator[Row]:
    with servers.site(folder) as site:
        growth.fill(folder, ARTICLES)
        yield _row("this service", site, "/api/v1/blogs")
        environment = os.environ | {"PEER_MONGODB_URL": database_url(folder)}
        for name, command in PEERS.items():
            port = servers.free_port()
            whole = [PYTHON, "-m", *command, "--port", str(port)]
            url = f"http://127.0.0.1:{port}"
            with servers.started(whole, environment, url, "/blogs") as peer:
                yield _row(name, peer, "/blogs")


def database_url(folder: Path) -> str:
    """Where the site's embedded database listens, as it noted itself."""
    return Server.recorded(folder / "var/mongo.log").url


def _row(name: str, server: servers.Running, path: str) -> Row:
    it = load(server, path, {})
    return Row(f"newest 10 of {ARTICLES}: {name}", it.cpu * 1e6, "us", note=str(it))


def main() -> int:
    print(table.heading())
    with tempfile.TemporaryDirectory(prefix="lsa-peers-") as name:
        return 0 if table.show(rows(Path(name))) else 1


if __name__ == "__main__":
    sys.exit(main())
