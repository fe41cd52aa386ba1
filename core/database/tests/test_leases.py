"""Leases: one holder at a time, and nobody holds one for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.database import leases
from core.database.leases import Lease


def expire(name: str) -> None:
    """As if its time had passed."""
    Lease.collection().update_one({"_id": name}, {"$set": {"leased_until": leases.now()}})


def test_one_at_a_time_has_it(database):
    assert leases.take("sweep", seconds=60)
    assert leases.take("sweep", seconds=60) is None
    assert leases.take("another", seconds=60)


def test_of_many_at_once_one_gets_it(database):
    for name in ("first", "second", "third"):
        with ThreadPoolExecutor(8) as pool:
            taken = list(pool.map(lambda _, name=name: leases.take(name, seconds=60), range(8)))
        assert len([each for each in taken if each]) == 1


def test_it_ends_by_itself_and_then_is_no_longer_ours(database):
    slow = leases.take("sweep", seconds=60)
    expire("sweep")
    quick = leases.take("sweep", seconds=60)
    assert quick
    assert not leases.renew(Lease.collection(), slow, seconds=60)
    leases.release(Lease.collection(), slow)
    assert leases.take("sweep", seconds=60) is None
    assert leases.renew(Lease.collection(), quick, seconds=60)


def test_renewed_it_lasts_on(database):
    held = leases.take("sweep", seconds=60)
    expire("sweep")
    assert leases.renew(Lease.collection(), held, seconds=60)
    assert leases.take("sweep", seconds=60) is None


def test_it_is_let_go_of_also_by_who_fails(database):
    def fail() -> None:
        with leases.holding("sweep", seconds=60) as is_ours:
            assert is_ours
            with leases.holding("sweep", seconds=60) as is_theirs:
                assert not is_theirs
            assert leases.take("sweep", seconds=60) is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert leases.take("sweep", seconds=60)
