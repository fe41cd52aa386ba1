"""Where nothing is given unasked, what many ask for at once is read once for all of them, and is
never older than the question of any."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
import requests
from django.conf import settings

from content.documents import Blog
from content.tests.site import served
from lsa_site.tests.far_database import relay_to
from lsa_site.tests.processes import of_this_run

pytestmark = pytest.mark.wire
READERS, READS, PAUSE, PATIENCE = 4, 30, 5, 10
# Seconds that an answer of the database is on its way, in which much is written.
DISTANCE = 0.02


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The URL of a site that gives nothing unasked, and has its database far away."""
    with relay_to(settings.MONGODB_URL) as relay:
        own = of_this_run() | {"MONGODB_URL": relay.url, "CACHE_READS": "false"}
        with served(tmp_path, **own) as url:
            relay.delay = DISTANCE
            yield url


class Number:
    """A blog whose title is a number that only grows; `written` is the last one acknowledged."""

    def __init__(self) -> None:
        self.blog = Blog(title="0001", content="Isi.", author="a@lsa.example").save()
        self.written = 1
        self._lock = threading.Lock()

    def grow(self) -> None:
        with self._lock:
            number = self.written + 1
            change = {"$set": {"title": f"{number:04}"}}
            Blog.collection().update_one({"_id": self.blog.id}, change)
            self.written = number


def read(number: Number, url: str) -> None:
    """Many times; before some of them it grows, while others read what it was."""
    with requests.Session() as session:
        for count in range(READS):
            if count % PAUSE == 0:
                number.grow()
            written = number.written
            data = session.get(url, timeout=PATIENCE).json()["data"]
            [shown] = data if isinstance(data, list) else [data]
            assert int(shown["title"]) >= written


def test_each_sees_what_was_written_before_they_asked(site):
    number = Number()
    urls = [f"{site}/blogs/{number.blog.id}", f"{site}/blogs?ids={number.blog.id}"]
    with ThreadPoolExecutor(len(urls) * READERS) as pool:
        list(pool.map(partial(read, number), urls * READERS))
