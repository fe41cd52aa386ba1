"""Somebody who writes items of their own, and keeps a journal of what was acknowledged."""

import random
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from content.pictures.tests import corpus
from content.tests.resources import RESOURCES, Resource

# Longer than any answer takes, also on a busy machine: what does not come by then hangs.
PATIENCE = 60
PAUSE = 0.2  # where nobody listens
PICTURE = corpus.jpeg(340, 30)  # which has one rendition
# Few, so that writers want the same slugs now and then.
TITLES = [f"Badai ke-{number}" for number in range(20)]
ITEMS = 3  # of one writer, at most
CREATION = 0.2  # of its writes, as long as there are fewer


class Doubtful(Exception):
    """An error or a broken connection: the write may or may not have happened."""


@dataclass
class Item:
    """What is known of an item: the texts of its versions that were acknowledged (None where the
    answer did not say), how it stands, and how many writes of it are in doubt."""

    resource: Resource
    id: str
    version: int
    status: str
    texts: dict[int, str | None] = field(default_factory=dict)
    doubts: int = 0
    is_in_doubt: bool = False
    removal_tried: bool = False
    is_removed: bool = False

    @property
    def url(self) -> str:
        return self.resource.item(self.id)


class Writer(threading.Thread):
    """Writes until it is told to stop, one request after another."""

    def __init__(self, number: int, url: Callable[[], str], token: str, stop: Any) -> None:
        super().__init__(name=f"writer {number}")
        self.number, self._url, self._stop_asked = number, url, stop
        self._chosen = random.Random(number)
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._written = 0
        self.items: list[Item] = []
        self.doubtful_creations = 0
        self.statuses: dict[int, int] = {}
        self.faults: list[str] = []
        self._trail: deque[str] = deque(maxlen=20)

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self._step()
            except Doubtful:
                self._stop_asked.wait(PAUSE)
            except Exception as error:
                trail = "; ".join(self._trail)
                self.faults.append(f"{type(error).__name__}: {error} after {trail}")
                return

    def _step(self) -> None:
        living = [each for each in self.items if not each.is_removed]
        if not living or (len(living) < ITEMS and self._chosen.random() < CREATION):
            return self._create()
        item = self._chosen.choice(living)
        if item.is_in_doubt:
            return self._look(item)
        trashed = item.status == "trashed"
        return self._chosen.choice(IN_TRASH if trashed else OUT_OF_TRASH)(self, item)

    # --- Writes ------------------------------------------------------------------------

    def _create(self) -> None:
        resource = self._chosen.choice(list(RESOURCES.values()))
        title, text = self._chosen.choice(TITLES), self._text()
        body = resource.body | {resource.title: title, resource.text: text}
        try:
            data = self._ask("POST", resource.url, data=body, files=picture(resource))
        except Doubtful:
            self.doubtful_creations += 1
            raise
        assert data[resource.text] == text
        assert data["version"] == 1
        item = Item(resource, data["id"], 0, "")
        self.items.append(item)
        acknowledged(item, data)

    def _change(self, item: Item) -> None:
        text = self._text()
        data = self._write(item, "PATCH", json={item.resource.text: text})
        assert data[item.resource.text] == text
        acknowledged(item, data)

    def _change_picture(self, item: Item) -> None:
        data = {item.resource.text: self._text()}
        files = picture(item.resource)
        acknowledged(item, self._write(item, "PATCH", data=data, files=files))

    def _publish_or_not(self, item: Item) -> None:
        wanted = "draft" if item.status == "published" else "published"
        data = self._write(item, "PATCH", json={"status": wanted})
        assert data["status"] == wanted
        acknowledged(item, data)

    def _trash(self, item: Item) -> None:
        self._write(item, "DELETE")
        item.version, item.status = item.version + 1, "trashed"
        item.texts[item.version] = None

    def _restore(self, item: Item) -> None:
        acknowledged(item, self._write(item, "POST", "/restore"))
        assert item.status != "trashed"

    def _remove(self, item: Item) -> None:
        item.removal_tried = True
        self._write(item, "DELETE", "?permanently=true")
        item.is_removed = True

    def _go_back(self, item: Item) -> None:
        version = self._chosen.randint(1, item.version)
        data = self._write(item, "POST", f"/revisions/{version}/restore")
        if item.texts.get(version):
            assert data[item.resource.text] == item.texts[version]
        # To where it is already is no change.
        acknowledged(item, data, may_stay=True)

    # --- Reading -----------------------------------------------------------------------

    def _look(self, item: Item) -> None:
        """How an item stands after a write that is in doubt."""
        kept = self._ask("GET", f"{item.url}/revisions", missing=item.removal_tried)
        if kept is None:
            item.is_removed = True
            return
        assert kept[0]["version"] in (item.version, item.version + 1), f"{item} is {kept[0]}"
        item.version, item.status = kept[0]["version"], kept[0]["status"]
        item.is_in_doubt = item.removal_tried = False

    def _text(self) -> str:
        self._written += 1
        return f"Tulisan {self._written} dari penulis {self.number}."

    def _write(self, item: Item, method: str, path: str = "", **body: Any) -> Any:
        try:
            return self._ask(method, item.url + path, **body)
        except Doubtful:
            item.doubts, item.is_in_doubt = item.doubts + 1, True
            raise

    def _ask(self, method: str, path: str, *, missing: bool = False, **body: Any) -> Any:
        try:
            answer = self._session.request(method, self._url() + path, timeout=PATIENCE, **body)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            self._trail.append(f"{method} {path}: broken, {datetime.now(UTC):%X.%f}")
            raise Doubtful from error
        status = answer.status_code
        took = answer.elapsed.total_seconds()
        self._trail.append(f"{method} {path}: {status}, {datetime.now(UTC):%X.%f}, {took:.1f} s")
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == 503:
            assert "Retry-After" in answer.headers
            raise Doubtful
        if status == 404 and missing:
            return None
        assert status in (200, 201), f"{method} {path}: {status} {answer.text}"
        return answer.json()["data"]


OUT_OF_TRASH = (
    *(Writer._change, Writer._change_picture, Writer._publish_or_not, Writer._go_back) * 2,
    *(Writer._trash, Writer._trash, Writer._remove),
)
IN_TRASH = (Writer._restore, Writer._restore, Writer._remove)


def picture(resource: Resource) -> dict[str, Any]:
    return {resource.picture: ("foto.jpg", PICTURE, "image/jpeg")}


def acknowledged(item: Item, data: dict[str, Any], *, may_stay: bool = False) -> None:
    expected = (item.version, item.version + 1) if may_stay else (item.version + 1,)
    assert data["version"] in expected, f"{item} is {data}"
    item.version, item.status = data["version"], data["status"]
    item.texts[item.version] = data[item.resource.text]
