"""What proves that something read earlier is still right."""

import math
import time

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.front import freshness
from core.front.freshness import COLLECTIONS, PROOF_SECONDS, Freshness


@pytest.fixture
def fresh() -> Freshness:
    fresh = Freshness()
    fresh.proved(math.inf)
    return fresh


def test_nothing_is_fresh_before_the_first_proof():
    fresh = Freshness()
    assert fresh.take() is None
    assert not fresh.holds(0, [])


def test_what_nothing_changed_holds(fresh):
    taken = fresh.take()
    assert fresh.holds(taken, ["blogs"])
    fresh.changed("programs")
    assert fresh.holds(taken, ["blogs"])


def test_a_change_of_any_of_its_collections_ends_it(fresh):
    taken = fresh.take()
    fresh.changed("users")
    assert not fresh.holds(taken, ["blogs", "users"])
    assert fresh.holds(fresh.take(), ["blogs", "users"])


def test_a_change_of_everything_ends_it_whatever_it_depends_on(fresh):
    taken = fresh.take()
    fresh.changed(None)
    assert not fresh.holds(taken, [])


def test_a_proof_lasts_a_while_from_the_moment_it_is_of(fresh, monkeypatch):
    now = time.monotonic()
    fresh.proved(now)
    taken = fresh.take()
    monkeypatch.setattr(freshness.time, "monotonic", lambda: now + PROOF_SECONDS - 0.1)
    assert fresh.holds(taken, [])
    monkeypatch.setattr(freshness.time, "monotonic", lambda: now + PROOF_SECONDS)
    assert not fresh.holds(taken, [])
    assert fresh.take() is None


def test_what_was_taken_before_a_gap_is_not_fresh_after_it(fresh, monkeypatch):
    now = time.monotonic()
    fresh.proved(now)
    taken = fresh.take()
    monkeypatch.setattr(freshness.time, "monotonic", lambda: now + 60)
    fresh.proved(now + 60)
    assert not fresh.holds(taken, [])
    assert fresh.holds(fresh.take(), [])


def test_what_was_taken_before_a_loss_is_not_fresh_after_it(fresh):
    taken = fresh.take()
    fresh.lost()
    assert fresh.take() is None
    fresh.proved(math.inf)
    assert not fresh.holds(taken, [])


def test_any_number_of_collections_takes_bounded_memory(fresh):
    taken = fresh.take()
    for number in range(3 * COLLECTIONS):
        fresh.changed(f"scratch_{number}")
    assert len(fresh._changed) <= COLLECTIONS
    assert not fresh.holds(taken, ["scratch_0"])


class Reading(RuleBasedStateMachine):
    """Readers of two collections, whose answers are the number of writes they saw."""

    def __init__(self) -> None:
        super().__init__()
        self.fresh = Freshness()
        self.stored = {"a": 0, "b": 0}
        self.untold: list[str] = []
        self.kept: list[tuple[int | None, str, int]] = []

    @rule(name=st.sampled_from("ab"))
    def write(self, name: str) -> None:
        self.stored[name] += 1
        self.untold.append(name)

    @rule()
    def tell(self) -> None:
        while self.untold:
            self.fresh.changed(self.untold.pop(0))

    @rule()
    def prove(self) -> None:
        self.tell()
        self.fresh.proved(math.inf)

    @rule()
    def lose(self) -> None:
        """The stream breaks, and what it had to tell is never told."""
        self.fresh.lost()
        self.untold.clear()

    @rule(name=st.sampled_from("ab"), between=st.sampled_from(["", "a", "b"]))
    def read(self, name: str, between: str) -> None:
        taken, seen = self.fresh.take(), self.stored[name]
        if between:
            self.write(between)
        self.kept.append((taken, name, seen))

    @invariant()
    def what_holds_is_what_is_stored_but_for_what_is_untold(self) -> None:
        for taken, name, seen in self.kept:
            if self.fresh.holds(taken, [name]):
                assert seen >= self.stored[name] - self.untold.count(name)


TestReading = Reading.TestCase
