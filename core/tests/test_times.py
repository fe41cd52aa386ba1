"""Times in and out."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api.fields import read_moment
from core.times import isoformat, now


def test_now_is_whole_milliseconds():
    assert now().microsecond % 1000 == 0
    assert now().tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_can_be_read(moment):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert read_moment(isoformat(moment)) == moment


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)))
def test_a_naive_time_is_utc(moment):
    assert isoformat(moment) == isoformat(moment.replace(tzinfo=UTC))
    jakarta = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=7)))
    assert isoformat(jakarta) == isoformat(moment)


@given(st.text("0123456789-+:.TZWz ٣"))
def test_any_other_text_is_a_value_error(text):
    with suppress(ValueError, OverflowError):
        assert read_moment(text).tzinfo is UTC


@pytest.mark.parametrize("moment", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)])
def test_the_ends_of_time(moment):
    assert isoformat(moment).endswith("Z")
