"""`python -m bench.plans`: which declared index serves which shape of list, for the documentation.

The embedded database sorts without indexes, so this follows from the declarations, as MongoDB
plans (equality, sort, range): an index is walked in either direction.
"""

import os
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")
django.setup()

from accounts.documents import User  # noqa: E402 (Django must be set up first)
from content.documents import RESOURCES  # noqa: E402
from content.publishing import states  # noqa: E402
from core.database import search  # noqa: E402
from core.database.documents import BaseDocument  # noqa: E402
from core.database.filters import ChangedSince, Choice, State  # noqa: E402
from core.database.listing import Listing  # noqa: E402
from core.events import Event  # noqa: E402

LISTS = [(document, document.LISTING) for document in (*RESOURCES, User, Event)]
# What a list of one state begins with, whose ever or of one author.
STATES = {"a `state`": states.KEY, "a `state`, one's own": "author_id"}


class Plan(NamedTuple):
    """How a list that is asked one thing, or nothing, is read in some orders."""

    collection: str
    asked: str
    orders: list[str]
    indexes: list[list[str]]
    sorts: bool

    def __str__(self) -> str:
        cells = (
            self.collection,
            self.asked,
            ", ".join(f"`{order}`" for order in self.orders),
            " and ".join(f"`{', '.join(index)}`" for index in self.indexes),
            "what matches" if self.sorts else "no",
        )
        return f"| {' | '.join(cells)} |"


def plans(document: type[BaseDocument], listing: Listing) -> Iterator[Plan]:
    """Raises LookupError for a shape that no declared index serves."""
    collection, orders = document.collection_name(), list(listing.ordering)
    for asked, first in _firsts(listing):
        yield from _ordered(document, listing, asked, first)
    for each in listing.filters:
        if isinstance(each, ChangedSince):
            times = [best_index(document, None, key)[0] for key in (each.changed, each.shown)]
            yield Plan(collection, f"`{each.name}`", orders, times, sorts=True)


def _firsts(listing: Listing) -> Iterator[tuple[str, str | None]]:
    """What a list can be asked, and the stored field that an index for it begins with."""
    broad = [each for each in listing.filters if isinstance(each, Choice) and each.is_broad]
    yield " or ".join(["nothing", *(f"`{each.name}`" for each in broad)]), None
    yield from ((f"`{name}`", stored) for name, stored in listing.equalities.items())
    if listing.searched:
        yield "`search`", search.KEY
    if any(isinstance(each, State) for each in listing.filters):
        yield from STATES.items()


def _ordered(
    document: type[BaseDocument], listing: Listing, asked: str, first: str | None
) -> Iterator[Plan]:
    """One thing that is asked: a plan for each way to put it in order."""

    def best(order: str) -> tuple[list[str], bool]:
        return best_index(document, first, listing.sorted_by(order))

    for (index, sorts), orders in groupby(listing.ordering, best):
        yield Plan(document.collection_name(), asked, list(orders), [index], sorts)


def best_index(
    document: type[BaseDocument], first: str | None, order: str
) -> tuple[list[str], bool]:
    """The index, and whether what it finds must be sorted in memory."""
    declared = [["_id"], *(list(model.document["key"]) for model in document.declared_indexes())]
    before = [first] if first else []
    in_order = [index for index in declared if index == [*before, order, "_id"]]
    if in_order:
        return in_order[0], False
    found = [index for index in declared if index[: len(before)] == before and before]
    if not found:
        raise LookupError(f"{document.collection_name()} by {order}, with {first}")
    return max(found, key=len), True


def table() -> str:
    """In Markdown."""
    rows = [str(plan) for document, listing in LISTS for plan in plans(document, listing)]
    heading = "| collection | asked with | order | index | sorted in memory |"
    return "\n".join([heading, "| --- | --- | --- | --- | --- |", *rows])


if __name__ == "__main__":
    print(table())
