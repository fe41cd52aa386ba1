"""People who read and write a served site all the while, and what they were told."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import requests

from conftest import PASSWORD

# What the service promises to answer within, with a lost database too.
SECONDS = 5
READS = ("/api/v1/blogs", "/api/v1/blogs?search=kabar", "/api/v1/auth/me")
LISTED = "/api/v1/blogs?fields=title&limit=100&count=false"


class Load:
    """`written` holds the ids that were acknowledged; `answers` counts what was answered, by method
    and status; `told_at` is when a write was last acknowledged; `faults` should stay empty."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.written: list[str] = []
        self.answers: Counter[tuple[str, int]] = Counter()
        self.faults: list[str] = []
        self.told_at = float("-inf")
        self.over = threading.Event()
        self.token = self._join()

    def _join(self) -> str:
        person = {"email": "budi@lsa.example", "username": "budi", "password": PASSWORD}
        requests.post(f"{self.url}/api/v1/auth/register", json=person, timeout=SECONDS)
        answer = requests.post(f"{self.url}/api/v1/auth/login", data=person, timeout=SECONDS)
        return answer.json()["access_token"]

    def write(self, client: requests.Session, number: int) -> None:
        item = {"title": f"Kabar {number}", "content": "Kabar dari lapangan."}
        if answer := self._ask(client, "POST", "/api/v1/blogs", 201, json=item):
            self.written.append(answer.json()["data"]["id"])
            self.told_at = time.monotonic()

    def read(self, client: requests.Session, number: int) -> None:
        self._ask(client, "GET", READS[number % len(READS)], 200)

    def _ask(
        self, client: requests.Session, method: str, path: str, good: int, **body: Any
    ) -> requests.Response | None:
        """The answer if it is good. A fault is whatever is neither that nor a 503 that says when to
        come back: another status, no answer in time, a broken connection."""
        try:
            answer = client.request(method, self.url + path, timeout=SECONDS, **body)
        except requests.RequestException as error:
            self.faults.append(f"{time.monotonic()} {method} {path}: {error!r}")
            return None
        self.answers[method, answer.status_code] += 1
        if answer.status_code == good:
            return answer
        if answer.status_code != 503 or int(answer.headers.get("Retry-After", 0)) < 1:
            self.faults.append(f"{method} {path}: {answer.status_code} {answer.text}")
        return None

    def repeat(self, act: Callable[[requests.Session, int], None]) -> None:
        with requests.Session() as client:
            client.headers["Authorization"] = f"Bearer {self.token}"
            number = 0
            while not self.over.is_set():
                act(client, number := number + 1)

    def writes_again(self, since: float) -> bool:
        return self.told_at > since

    def lost(self) -> set[str]:
        """What was acknowledged and is not there."""
        return set(self.written) - set(self._stored())

    def _stored(self) -> Iterator[str]:
        path = LISTED
        while path:
            page = requests.get(self.url + path, timeout=SECONDS).json()
            yield from (item["id"] for item in page["data"])
            path = page["meta"]["next"]


@contextmanager
def under_load(url: str) -> Iterator[Load]:
    """Two who write and two who read, until the end."""
    load = Load(url)
    with ThreadPoolExecutor() as pool:
        tasks = [pool.submit(load.repeat, act) for act in (load.write, load.read) * 2]
        try:
            yield load
        finally:
            load.over.set()
        for task in tasks:
            task.result()
