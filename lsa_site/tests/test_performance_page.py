"""What the page on performance says of indexes."""

from pathlib import Path

from django.conf import settings

from bench import plans
from core.database.filters import ChangedSince


def test_it_shows_the_plan_of_every_list_as_the_declarations_have_it():
    page = Path(settings.BASE_DIR, "docs/performance.md").read_text()
    assert plans.table() in page


def test_only_an_equality_or_search_leaves_something_to_sort():
    found = [plan for document, listing in plans.LISTS for plan in plans.plans(document, listing)]
    assert [plan for plan in found if plan.sorts and plan.asked.startswith("nothing")] == []


def test_what_goes_on_from_a_cursor_or_by_a_time_has_an_index():
    for document, listing in plans.LISTS:
        keys = [listing.sorted_by(name) for name in listing.ordering]
        times = [
            key
            for each in listing.filters
            if isinstance(each, ChangedSince)
            for key in (each.changed, each.shown)
        ]
        for key in keys + times:
            assert plans.best_index(document, None, key) == ([key, "_id"], False)
