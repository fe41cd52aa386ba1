"""What readers wait while others log in: a password costs 0.2 s of a core, on purpose."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import servers
from bench.load import load
from bench.table import Row

AT_ONCE = 8
READERS = 2


def rows(folder: Path) -> Iterator[Row]:
    with servers.site(folder, CACHE_READS="false") as site:
        yield _row("alone", site)
        with people_logging_in(site.url, AT_ONCE):
            yield _row(f"while {AT_ONCE} log in", site)


def _row(when: str, site: servers.Running) -> Row:
    reading = load(site, ["/api/v1/blogs"], {}, connections=READERS)
    return Row(f"list for {READERS} readers, {when}, p50", reading.median, "ms", note=str(reading))


@contextmanager
def people_logging_in(url: str, number: int) -> Iterator[None]:
    done = threading.Event()
    people = [threading.Thread(target=_log_in, args=(url, done)) for _ in range(number)]
    for person in people:
        person.start()
    try:
        yield
    finally:
        done.set()
        for person in people:
            person.join()


def _log_in(url: str, done: threading.Event) -> None:
    while not done.is_set():
        servers.log_in(url)
