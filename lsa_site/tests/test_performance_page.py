"""What the page on performance says of indexes."""

from pathlib import Path

from django.conf import settings

from bench import plans


def test_it_shows_the_plan_of_every_list_as_the_declarations_have_it():
    page = Path(settings.BASE_DIR, "docs/performance.md").read_text()
    assert plans.table() in page


def test_only_an_equality_or_search_leaves_something_to_sort():
    found = [plan for document, listing in plans.LISTS for plan in plans.plans(document, listing)]
    assert [plan for plan in found if plan.sorts and plan.asked == "nothing"] == []
