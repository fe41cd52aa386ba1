"""What a list may be asked, as pure data: one declaration per resource.

From a `Listing` follow the accepted query parameters and their validation, the OpenAPI document,
the forms for people and the indexes. What is not declared is refused by name, so no operator and
no private field ever reaches the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.database import search
from core.database.documents import Raw
from core.database.filters import Clause, Filter, State
from core.database.positions import Order, Position
from core.text import sort_key

# The database walks over what is skipped. `next` ends here too.
MAX_SKIP = 10_000
MAX_LIMIT = 1000
MAX_SEARCH_LENGTH = 200
# By what titles are sorted, kept with each document.
SORT_KEY = "sort_key"


class ListQuery(NamedTuple):
    """A list as asked for, in the database's terms.

    What was not asked for is None, but for `where` and `count`; `names` are the fields to show.
    """

    where: Clause
    state: str | None
    ordering: str | None
    position: Position | None
    skip: int | None
    limit: int
    names: list[str] | None
    count: bool


@dataclass(frozen=True)
class Scope:
    """Which documents a list is about, whatever is asked of it, and how it is ordered unless told.

    `sort_keys` says of orderings by which stored key they go here, where that is another than the
    listing's.
    """

    where: Clause = field(default_factory=dict)
    ordering: str | None = None
    sort_keys: Mapping[str, str] = field(default_factory=dict)


EVERYTHING = Scope()


@dataclass(frozen=True)
class Listing:
    """What may be asked of a list of documents.

    `ordering` names the sortable fields and `default_ordering` the order unless told. `title` is
    the one among them that is sorted as a reader would, `sort_keys` says by which stored key
    others go than by that of their name. `searched` names the text fields whose words are
    searched; `default_limit` is the page size when none is given.
    """

    searched: tuple[str, ...]
    ordering: tuple[str, ...] = ("created_at", "updated_at")
    default_ordering: str = "-created_at"
    title: str | None = None
    sort_keys: tuple[tuple[str, str], ...] = ()
    filters: tuple[Filter, ...] = ()
    default_limit: int = MAX_LIMIT

    @property
    def orderings(self) -> list[str]:
        """The accepted values of `ordering`."""
        return [sign + name for name in self.ordering for sign in ("", "-")]

    @property
    def equalities(self) -> dict[str, str]:
        """The stored fields of filters that are equalities, by the filter's name."""
        return {each.name: each.equals for each in self.filters if each.equals}

    def derived(self, raw: Raw) -> Raw:
        """What is kept beside a document's fields so that it can be found and sorted."""
        found = {search.KEY: search.words(raw.get(name) for name in self.searched)}
        if not self.title:
            return found
        title = raw.get(self.title)
        # An empty key sorts lowest, as what has no title.
        return found | {SORT_KEY: sort_key(title if isinstance(title, str) else "")}

    def sorted_by(self, name: str, scope: Scope = EVERYTHING) -> str:
        """The stored field that an ordering goes by."""
        own = SORT_KEY if name == self.title else dict(self.sort_keys).get(name, name)
        return scope.sort_keys.get(name, own)

    def indexes(self) -> list[dict[str, Any]]:
        """Index declarations that serve every shape this list may be asked in.

        Each ordering has one, read in either direction; that of a filter that many documents may
        equal goes on in the default order, and search has its own. What is unique has an index
        as such.
        """
        orders = [(self.sorted_by(name), "_id") for name in self.ordering]
        default = self.sorted_by(self.default_ordering.lstrip("-"))
        equalities = [(f.equals, default, "_id") for f in self.filters if f.needs_index]
        words = [(search.KEY,)] if self.searched else []
        return [{"fields": list(keys)} for keys in (*orders, *equalities, *words)]

    def query(self, given: dict[str, Any]) -> ListQuery:
        """The query for parameters that were read and found valid."""
        clauses = [each.clause(given[each.name]) for each in self.filters if each.name in given]
        if sought := given.get("search", "").strip():
            clauses.append(search.clause(sought))
        states = [given[each.name] for each in self.filters if isinstance(each, State)]
        return ListQuery(
            where=all_of(*clauses),
            state=states[0] if states else None,
            ordering=given.get("ordering"),
            position=given.get("cursor"),
            skip=given.get("skip"),
            limit=given["limit"],
            names=given.get("fields"),
            count=given["count"],
        )

    def order(self, query: ListQuery, scope: Scope = EVERYTHING) -> Order:
        """The order that a query asks for, goes on in, or has by default."""
        going_on = query.position and query.position.ordering
        ordering = query.ordering or going_on or scope.ordering or self.default_ordering
        return Order(ordering, self.sorted_by(ordering.lstrip("-"), scope))


def all_of(*clauses: Clause) -> Clause:
    """The clause of what fits all of them."""
    given = [clause for clause in clauses if clause]
    if len(given) < 2:
        return given[0] if given else {}
    return {"$and": given}
