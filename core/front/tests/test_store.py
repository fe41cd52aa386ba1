"""Answers in memory: bounded in bytes, whatever is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from core.front.marks import Mark
from core.front.store import LARGEST, Entry, Store

ROOM = 100_000
MARK = Mark((), None, None, "/", "-", "", False)


def entry(size: int) -> Entry:
    return Entry([(b"etag", b'"a"')], [], bytes(size), '"a"', MARK, 1)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, ROOM // 4)), max_size=200))
def test_it_takes_no_more_than_its_room_and_knows_what_it_takes(puts):
    store = Store(ROOM)
    for key, size in puts:
        store.put(key, entry(size))
        held = [store.get(each) for each in range(31)]
        assert store.taken == sum(each.size() for each in held if each) <= ROOM


def test_the_least_recently_used_goes():
    store = Store(ROOM)
    size = int(ROOM * LARGEST) - 3000
    count = 0
    while store.taken + entry(size).size() <= ROOM:
        store.put(count, entry(size))
        count += 1
    store.get(0)
    store.put("new", entry(size))
    assert store.get(0)
    assert store.get(1) is None
    assert len(store) == count


def test_one_that_would_leave_no_room_for_others_is_not_kept():
    store = Store(ROOM)
    store.put("a", entry(10))
    store.put("a", entry(int(ROOM * LARGEST)))
    assert store.get("a") is None
    assert store.taken == 0


def test_one_ends_at_the_time_that_its_mark_says(monkeypatch):
    until = entry(1)._replace(mark=MARK._replace(until=1000.0))
    for moment, is_over in ((999.0, False), (1000.0, True)):
        monkeypatch.setattr("time.time", lambda moment=moment: moment)
        assert until.is_over() is is_over
        assert not entry(1).is_over()
