"""What a change costs: the article, its version, its event, in one transaction."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import requests

from bench import servers
from bench.table import Row

ARTICLES = 100
TEXT = "Isi yang agak panjang. " * 40


def rows(folder: Path) -> Iterator[Row]:
    with servers.site(folder, RATE_LIMIT_WRITE="") as site, requests.Session() as client:
        client.headers["Authorization"] = f"Bearer {servers.log_in(site.url)}"
        address = f"{site.url}/api/v1/blogs"
        made: list[str] = []

        def create(number: int) -> requests.Response:
            body = {"title": f"Judul nomor {number}", "content": TEXT}
            answer = client.post(address, json=body)
            made.append(f"{address}/{answer.json()['data']['id']}")
            return answer

        def change(number: int) -> requests.Response:
            return client.patch(made[number], json={"title": f"Judul baru {number}"})

        def delete(number: int) -> requests.Response:
            return client.delete(made[number])

        yield _row("create an article", create)
        yield _row("change its title", change)
        yield _row("delete it", delete)


def _row(label: str, write: Callable[[int], requests.Response]) -> Row:
    began = time.perf_counter()
    for number in range(ARTICLES):
        write(number).raise_for_status()
    each = (time.perf_counter() - began) / ARTICLES * 1000
    return Row(f"{label}, one after another", each, "ms")
