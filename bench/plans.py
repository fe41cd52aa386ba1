"""`python -m bench.plans`: which declared index serves which shape of list, for the documentation.

The embedded database sorts without indexes, so this follows from the declarations, as MongoDB
plans (equality, sort, range): an index is walked in either direction.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lsa_site.settings")
django.setup()

from accounts.documents import User  # noqa: E402 (Django must be set up first)
from content.documents import RESOURCES  # noqa: E402
from core.database import search  # noqa: E402
from core.database.documents import BaseDocument  # noqa: E402
from core.database.listing import Listing  # noqa: E402

LISTS = [(document, document.LISTING) for document in (*RESOURCES, User)]


class Plan(NamedTuple):
    """How a list with one equality filter, search words, or neither is read in one order."""

    collection: str
    asked: str
    order: str
    index: list[str]
    sorts: bool

    def __str__(self) -> str:
        cells = (
            self.collection,
            self.asked,
            f"`{self.order}`",
            f"`{', '.join(self.index)}`",
            "what matches" if self.sorts else "no",
        )
        return f"| {' | '.join(cells)} |"


def plans(document: type[BaseDocument], listing: Listing) -> Iterator[Plan]:
    """Raises LookupError for a shape that no declared index serves."""
    name = document.collection_name()
    firsts = {"nothing": None} | {f"`{f.name}`": f.equals for f in listing.filters if f.equals}
    for asked, first in (firsts | {"`search`": search.KEY}).items():
        for order in listing.ordering:
            yield Plan(name, asked, order, *best_index(document, first, listing.sorted_by(order)))


def best_index(
    document: type[BaseDocument], first: str | None, order: str
) -> tuple[list[str], bool]:
    """The index, and whether what it finds must be sorted in memory."""
    declared = [list(model.document["key"]) for model in document.declared_indexes()]
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
