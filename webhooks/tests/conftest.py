"""A clock that can be moved, endpoints, receivers, and the work of a worker."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.credentials import sessions
from core import times
from core.database.documents import Raw
from webhooks import outbox, services
from webhooks.delivery.dispatch import Dispatcher
from webhooks.tests.receivers import Receiver, receiving


class Clock:
    """The time, and as much later as it was moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **parts: float) -> None:
        self.ahead += timedelta(**parts)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(times, "clock", moved)
    return moved


@pytest.fixture
def new_receiver() -> Iterator[Callable[[], Receiver]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(receiving())


@pytest.fixture
def receiver(new_receiver: Callable[[], Receiver]) -> Receiver:
    return new_receiver()


@pytest.fixture(autouse=True)
def receivers_may_be_here(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def subscribe(admin: Any) -> Callable[..., tuple[Raw, str]]:
    """A function that makes an endpoint; gives it and its secret."""

    def make(url: str, **values: Any) -> tuple[Raw, str]:
        values = {"events": ["*"], "rate_per_minute": 6000} | values
        return services.create({"url": url, **values}, actor=sessions.actor_of(admin.raw))

    return make


@pytest.fixture
def work() -> Iterator[Callable[[], None]]:
    """A function that does what a worker does about webhooks, until nothing is due."""
    dispatcher = Dispatcher(threads=4)

    def run() -> None:
        while outbox.fan_out():
            pass
        dispatcher.deliver()
        dispatcher.finish()

    yield run
    dispatcher.finish()
