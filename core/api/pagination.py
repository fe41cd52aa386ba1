"""Reading one page of a collection, and the honest `meta` beside it."""

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from django.http import QueryDict
from pymongo.collection import Collection
from rest_framework.request import Request

from core.api import cursors
from core.database import rereading
from core.database.documents import Raw
from core.database.filters import Clause
from core.database.listing import MAX_SKIP, Listing, ListQuery, Scope, all_of
from core.database.positions import Order
from core.database.rereading import Command, Found

# Characters of stored text: a page of long articles would take seconds and gigabytes.
MAX_TEXT = 4 * 1024 * 1024


class Selection(NamedTuple):
    """What a query selects within its scope: all of it by `where`, of which one page is read."""

    collection: Collection
    query: ListQuery
    where: Clause
    order: Order

    @classmethod
    def of(cls, collection: Collection, listing: Listing, query: ListQuery, scope: Scope) -> Self:
        where = all_of(scope.where, query.where)
        return cls(collection, query, where, listing.order(query, scope))

    @property
    def rest(self) -> Clause:
        """The clause of what comes after the page before."""
        position = self.query.position
        return all_of(self.where, self.order.after(position)) if position else self.where


class Page(NamedTuple):
    """One page of raw documents; `total` is None where it was not asked for."""

    items: list[Raw]
    has_more: bool
    total: int | None

    def found(self) -> tuple[Any, ...]:
        """All that was read, as JSON can tell it."""
        return self.items, self.has_more, self.total


def read_page(selection: Selection, projection: dict[str, int]) -> Page:
    """One query for the page, and a count only where the page does not tell it already.

    A page ends early where its text passes `MAX_TEXT`, and holds at least one item.
    """
    collection, query, _where, order = selection
    shown = projection | {order.key: 1}
    skip = query.skip or 0
    with collection.find(selection.rest, shown, sort=order.sort, skip=skip) as found:
        items, has_more = _bounded(found.limit(query.limit + 1), query.limit)
    if not query.count:
        return Page(items, has_more, None)
    total = _told(query, items, has_more)
    if total is None:
        total = collection.count_documents(selection.where)
    return Page(items, has_more, total)


def was_counted(query: ListQuery, page: Page) -> bool:
    """Whether the page did not tell its total, which was asked for."""
    return page.total is not None and _told(query, page.items, page.has_more) is None


def commands_of(selection: Selection, projection: dict[str, int], *, counts: bool) -> list[Command]:
    """What reads a page again, and counts again where it was counted."""
    collection, query, where, order = selection
    find = rereading.find(
        collection.name,
        selection.rest,
        projection | {order.key: 1},
        sort=dict(order.sort),
        skip=query.skip or 0,
        limit=query.limit + 1,
    )
    if not counts:
        return [find]
    count = [{"$match": where}, {"$group": {"_id": 1, "n": {"$sum": 1}}}]
    return [find, rereading.aggregate(collection.name, count)]


def page_in(query: ListQuery, found: Found) -> Page:
    """The page that these commands found."""
    items, has_more = _bounded(found[0], query.limit)
    if not query.count or len(found) == 1:
        return Page(items, has_more, _told(query, items, has_more) if query.count else None)
    return Page(items, has_more, found[1][0]["n"] if found[1] else 0)


def _told(query: ListQuery, items: list[Raw], has_more: bool) -> int | None:
    """The total, where the page tells it."""
    skip = query.skip or 0
    tells = not has_more and not query.position and (items or not skip)
    return skip + len(items) if tells else None


def _bounded(found: Iterable[Raw], limit: int) -> tuple[list[Raw], bool]:
    """As many as make a page, and whether there are more."""
    items: list[Raw] = []
    text = 0
    for raw in found:
        if len(items) == limit or text > MAX_TEXT:
            return items, True
        items.append(raw)
        text += sum(len(value) for value in raw.values() if isinstance(value, str))
    return items, False


def describe_page(request: Request, selection: Selection, page: Page) -> dict[str, Any]:
    """The `meta` of a list: `next` and `previous` are paths under the request's own prefix.

    `next` goes on with `skip` where the request gave it, else from the place where the page ended.
    """
    query = selection.query
    skip, back = query.skip or 0, max(0, (query.skip or 0) - query.limit)
    return {
        "total": page.total,
        "skip": skip,
        "limit": query.limit,
        "count": len(page.items),
        "has_more": page.has_more,
        "next": _next(request, selection, page.items) if page.has_more else None,
        "previous": _link(request, skip=back, limit=query.limit) if skip else None,
    }


def describe_whole(count: int) -> dict[str, Any]:
    """The `meta` of a list that is always given whole."""
    return {
        "total": count,
        "skip": 0,
        "limit": count,
        "count": count,
        "has_more": False,
        "next": None,
        "previous": None,
    }


def _next(request: Request, selection: Selection, items: list[Raw]) -> str | None:
    collection, query, _where, order = selection
    if query.skip is not None:
        after = query.skip + len(items)
        return _link(request, skip=after, limit=query.limit) if after <= MAX_SKIP else None
    position = order.position(items[-1])
    if position is None:
        return None
    cursor = cursors.written(position, collection.name)
    return _link(request, cursor=cursor, limit=query.limit)


def _link(request: Request, **changes: Any) -> str:
    params: QueryDict = request.query_params.copy()
    for name, value in changes.items():
        params[name] = str(value)
    return f"{request.path}?{params.urlencode()}"
