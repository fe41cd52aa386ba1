"""Reading one page of a collection, and the honest `meta` beside it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import QueryDict
from pymongo.collection import Collection
from rest_framework.request import Request

from core.database.documents import Raw
from core.database.listing import MAX_SKIP, ListQuery

# Characters of stored text: a page of long articles would take seconds and gigabytes.
MAX_TEXT = 4 * 1024 * 1024


class Page(NamedTuple):
    """One page of raw documents; `total` is None where it was not asked for."""

    items: list[Raw]
    has_more: bool
    total: int | None


def read_page(collection: Collection, query: ListQuery, projection: dict[str, int]) -> Page:
    """One query for the page, and a count only where the page does not tell it already.

    A page ends early where its text passes `MAX_TEXT`, and holds at least one item.
    """
    with collection.find(query.where, projection, sort=query.sort, skip=query.skip) as cursor:
        items, has_more = _bounded(cursor.limit(query.limit + 1), query.limit)
    if not query.count:
        return Page(items, has_more, None)
    is_last_page = not has_more and (items or not query.skip)
    total = query.skip + len(items) if is_last_page else collection.count_documents(query.where)
    return Page(items, has_more, total)


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


def describe_page(request: Request, query: ListQuery, page: Page) -> dict[str, Any]:
    """The `meta` of a list: `next` and `previous` are paths under the request's own prefix."""
    after, back = query.skip + len(page.items), max(0, query.skip - query.limit)
    has_next = page.has_more and after <= MAX_SKIP
    return {
        "total": page.total,
        "skip": query.skip,
        "limit": query.limit,
        "count": len(page.items),
        "has_more": page.has_more,
        "next": _link(request, skip=after, limit=query.limit) if has_next else None,
        "previous": _link(request, skip=back, limit=query.limit) if query.skip else None,
    }


def _link(request: Request, **changes: Any) -> str:
    params: QueryDict = request.query_params.copy()
    for name, value in changes.items():
        params[name] = str(value)
    return f"{request.path}?{params.urlencode()}"
