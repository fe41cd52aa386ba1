"""CPU time per request as a multiple of the floor, what readers wait, and the memory it takes."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import requests

from bench import servers
from bench.load import Load, load
from bench.table import Row

API = "/api/v1"
ARTICLES = TOKENS = 30
MEBIBYTE = 1024
# Seconds to warm up before each of three turns, of which the middle one is shown. Where there is no
# limit to keep, the first has to do.
WARM_UPS = (1, 0, 0)
# A reading that nobody shares has become dearer, if it takes more than this.
UNSHARED = 24


class Turn(NamedTuple):
    """What was measured, and the floor right after: a machine that others use too is never for long
    as fast as before."""

    here: Load
    floor: Load

    def ratio(self) -> float:
        return self.here.cpu / self.floor.cpu

    def __str__(self) -> str:
        cpu = f"{self.here.cpu * 1e6:.0f} us (floor {self.floor.cpu * 1e6:.0f})"
        return f"{cpu}, {self.here}"


def rows(folder: Path) -> Iterator[Row]:
    yield from _from_memory(folder / "memory")
    yield from _from_the_database(folder / "database")


def _from_memory(folder: Path) -> Iterator[Row]:
    """What has not changed since it was last read."""
    folder.mkdir()
    with servers.site(folder) as site:
        answer = requests.get(f"{site.url}{API}/blogs", timeout=5)
        item = f"{API}/blogs/{answer.json()['data'][0]['id']}"
        known = {"If-None-Match": answer.headers["ETag"]}
        yield _row(site, folder, "list, unchanged since last read", [f"{API}/blogs"], {}, 3)
        yield _row(site, folder, "304 for it, unchanged", [f"{API}/blogs"], known, 3)
        yield _row(site, folder, "one item, unchanged", [item], {}, 3)


def _from_the_database(folder: Path) -> Iterator[Row]:
    folder.mkdir()
    with servers.site(folder, CACHE_READS="false") as site:
        tokens = list(islice(servers.access_tokens(site.url), TOKENS))
        yield from _cases(site, folder, tokens, f"of the seed's {_total(site)}")
        yield from _memory(site)
        write_articles(site, tokens[0], ARTICLES)
        yield _row(site, folder, f"list, newest 10 of {_total(site)}", [f"{API}/blogs"], {}, None)
        listed = requests.get(f"{site.url}{API}/blogs?limit={ARTICLES}", timeout=5).json()["data"]
        items = [f"{API}/blogs/{item['id']}" for item in listed]
        label = f"{ARTICLES} items by turns, none for two at once"
        yield _row(site, folder, label, items, {}, UNSHARED)


def _cases(site: servers.Running, folder: Path, tokens: Sequence[str], which: str) -> Iterator[Row]:
    answer = requests.get(f"{site.url}{API}/blogs", timeout=5)
    item = f"{API}/blogs/{answer.json()['data'][0]['id']}"
    known = {"If-None-Match": answer.headers["ETag"]}
    bearer = {"Authorization": f"Bearer {tokens[0]}"}
    live = f"{API}/health/live"
    yield _row(site, folder, "an empty answer of Django's", [live], {}, None)
    yield _row(site, folder, f"list, {which}, total included", [f"{API}/blogs"], {}, 18)
    spellings = [f"{API}/blogs?limit={limit}" for limit in range(ARTICLES, 2 * ARTICLES)]
    label = f"{ARTICLES} such lists by turns, none for two at once"
    yield _row(site, folder, label, spellings, {}, UNSHARED)
    yield _row(site, folder, "304 for that list", [f"{API}/blogs"], known, None)
    yield _row(site, folder, "one item", [item], {}, 14)
    # The front does not know such a request, so Django makes the answer.
    anew = {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
    yield _row(site, folder, "list, made anew", [f"{API}/blogs"], anew, None)
    yield _row(site, folder, "one item, made anew", [item], anew, None)
    me = [f"{API}/auth/me"]
    yield _row(site, folder, "GET /auth/me", me, bearer, 14)
    label = f"for {TOKENS} tokens by turns, none for two at once"
    yield _row(site, folder, label, me, bearer, UNSHARED, tokens)


def _row(
    site: servers.Running,
    folder: Path,
    label: str,
    paths: Sequence[str],
    headers: dict[str, str],
    limit: float | None,
    tokens: Sequence[str] = (),
) -> Row:
    body = folder / "body"
    body.write_bytes(requests.get(site.url + paths[0], headers=headers, timeout=5).content)
    with servers.floor(body) as bare:
        turns = [
            Turn(
                load(site, paths, headers, tokens=tokens, seconds=1, warm_up=warm_up),
                load(bare, ["/"], {}, seconds=1, warm_up=warm_up),
            )
            for warm_up in WARM_UPS[: None if limit else 1]
        ]
    middle = sorted(turns, key=Turn.ratio)[len(turns) // 2]
    return Row(label, middle.ratio(), "x", limit, str(middle))


def write_articles(site: servers.Running, token: str, total: int) -> None:
    """Articles without pictures until there are so many."""
    for number in range(_total(site), total):
        requests.post(
            f"{site.url}{API}/blogs",
            json={"title": f"Berita {number}", "content": "Kabar dari lapangan. " * 20},
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        ).raise_for_status()


def _total(site: servers.Running) -> int:
    return requests.get(f"{site.url}{API}/blogs", timeout=5).json()["meta"]["total"]


def _memory(site: servers.Running) -> Iterator[Row]:
    """What the worker has after 1,000 requests and after 10,000, whatever came before."""
    early = _memory_after(site, 1_000)
    late = _memory_after(site, 9_000)
    note = f"{early / MEBIBYTE:.0f} MiB after 1,000"
    yield Row("memory of the worker after 10,000 requests", late / MEBIBYTE, "MiB", 150, note)
    yield Row("the same beside that after 1,000", late / early, "", 1.1)


def _memory_after(site: servers.Running, count: int) -> int:
    sent = 0
    while sent < count:
        sent += load(site, [f"{API}/blogs"], {}, seconds=1, warm_up=0).requests
    return servers.memory(site.worker)
