"""What the front may answer from memory is what the public would be told now."""

from core.front.marks import WHOLE, mark_of


def test_a_list_that_is_found_unchanged_is_right_only_until_what_is_due_by_now(
    resource, owner, anyone, clock
):
    resource.create(owner.client)
    kept = mark_of(anyone.get(resource.url, **{WHOLE: True}))
    assert kept.until is None
    assert kept.reading.again() == kept.reading.state
    resource.create(owner.client, published_at=clock.at(hours=1))
    # Nothing in the list is another, yet it must not be kept beyond the hour.
    assert kept.reading.again() != kept.reading.state
    later = mark_of(anyone.get(resource.url, **{WHOLE: True}))
    assert later.until == (clock.moment.timestamp() + 3600)
    assert later.reading.again() == later.reading.state
