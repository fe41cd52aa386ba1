"""Many pictures at once: in turn, and no more of them than a few."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from traceback import walk_tb
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from content.pictures.cleaning import clean, turns
from content.pictures.tests import corpus
from content.pictures.tests.looks import process
from content.pictures.tests.media import stored_files, upload
from content.tests.resources import RESOURCES


def test_pictures_at_once_do_not_disturb_each_other():
    contents = [corpus.jpeg(800, 600), corpus.png(800, 600), corpus.gif(400, 300, frames=9)]
    expected = [process(content) for content in contents]
    results: dict[int, clean.Picture] = {}

    def work(number: int) -> None:
        results[number] = process(contents[number % 3])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results[number] for number in range(6)] == expected * 2


def test_pictures_leave_threads_to_everybody_else():
    assert turns.large.places + turns.small.places < settings.REQUEST_THREADS


class Gate:
    """Lets pictures into their turn and keeps them there until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened, self.inside, self.most = threading.Event(), 0, 0
        self._changed, self._work = threading.Condition(), clean._cleaned
        monkeypatch.setattr(clean, "_cleaned", self._held)

    def _held(self, source: Any) -> clean.Picture:
        with self._changed:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self._changed.notify_all()
        self.opened.wait(20)
        with self._changed:
            self.inside -= 1
        return self._work(source)

    def wait_for(self, inside: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.inside == inside, 20)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(monkeypatch)
    yield gate
    gate.opened.set()


SMALL, LARGE = corpus.jpeg(100, 100), corpus.jpeg(2_001, 1_000)


@pytest.mark.parametrize(("content", "at_once"), [(SMALL, 2), (LARGE, 1)])
def test_pictures_take_turns(gate, content, at_once):
    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(process, content) for _ in range(4)]
        gate.wait_for(at_once)
        gate.opened.set()
        assert len({result.result().content for result in results}) == 1
    assert gate.most == at_once


@pytest.mark.parametrize(
    ("content", "queue", "at_once"), [(SMALL, "small", 2), (LARGE, "large", 1)]
)
def test_where_a_few_wait_already_the_next_is_told_to_come_back(
    gate, monkeypatch, owner, content, queue, at_once
):
    monkeypatch.setattr(turns, queue, turns.Queue(at_once=at_once, waiting=0))
    with ThreadPoolExecutor(at_once) as pool:
        running = [pool.submit(process, content) for _ in range(at_once)]
        gate.wait_for(at_once)
        response = RESOURCES["gallery"].post(owner.client, image=upload(content))
        gate.opened.set()
        assert all(result.result() for result in running)
    assert response.status_code == 503
    assert response.json()["meta"]["code"] == "busy"
    assert int(response["Retry-After"]) > 0
    assert RESOURCES["gallery"].collection().count_documents({}) == 0
    assert stored_files() == set()
    # And then there is room again.
    assert RESOURCES["gallery"].post(owner.client, image=upload(content)).status_code == 201


def test_reading_a_header_waits_for_nobody(gate, monkeypatch):
    monkeypatch.setattr(turns, "large", turns.Queue(at_once=1, waiting=0))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(process, LARGE)
        gate.wait_for(1)
        assert clean.inspect(corpus.BytesIO(LARGE)).size == (2_001, 1_000)
        gate.opened.set()


def test_a_refused_picture_ends_its_turn_and_leaves_no_bitmap(monkeypatch):
    monkeypatch.setattr(turns, "large", turns.Queue(at_once=1, waiting=0))
    no_such_filter = b"\x09"
    rows = (b"\0" + bytes(2_000)) * 1_999 + no_such_filter + bytes(2_000)
    content = corpus.raw_png(2_000, 2_000, 8, 0, rows)
    with pytest.raises(clean.InvalidImage) as error:
        process(content)
    assert process(LARGE)
    assert not [image for image in images_held_by(error.value) if image._im is not None]


def images_held_by(error: BaseException | None) -> list[Image.Image]:
    if error is None:
        return []
    frames = [frame for frame, _line in walk_tb(error.__traceback__)]
    found = [v for f in frames for v in f.f_locals.values() if isinstance(v, Image.Image)]
    return found + images_held_by(error.__cause__)
