"""What a list may be asked, as pure data: one declaration per resource.

From a `Listing` follow the accepted query parameters and their validation, the OpenAPI document,
the forms for people and the indexes. What is not declared is refused by name, so no operator and
no private field ever reaches the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from core.addresses import spellings
from core.database import search
from core.database.documents import Raw
from core.text import sort_key

Clause = dict[str, Any]
# The database walks over what is skipped. `next` ends here too.
MAX_SKIP = 10_000
MAX_LIMIT = 1000
MAX_SEARCH_LENGTH = 200
# By what titles are sorted, kept with each document.
SORT_KEY = "sort_key"


# --- Kinds of filters ------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list; its kind says which values it takes.

    `equals` names the stored field where the filter is an equality, which an index can begin
    with.
    """

    name: str
    label: Any

    @property
    def equals(self) -> str | None:
        return None

    def clause(self, value: Any) -> Clause:
        """The database's query for a value that was read."""
        raise NotImplementedError


@dataclass(frozen=True)
class Address(Filter):
    """Equality with an e-mail address, in whichever form of its domain either was written."""

    @property
    def equals(self) -> str | None:
        return self.name

    def clause(self, value: str) -> Clause:
        forms = spellings(value)
        return {self.name: {"$in": forms} if len(forms) > 1 else value}


@dataclass(frozen=True)
class Choice(Filter):
    """Equality with one of some words, or with any of several; none is no filter."""

    choices: tuple[tuple[str, Any], ...]

    @property
    def equals(self) -> str | None:
        return self.name

    def clause(self, value: list[str]) -> Clause:
        if not value:
            return {}
        return {self.name: value[0] if len(value) == 1 else {"$in": value}}


@dataclass(frozen=True)
class Flag(Filter):
    """A boolean; a document that lacks the field counts as `default`."""

    default: bool

    def clause(self, value: bool) -> Clause:
        return {self.name: {"$ne": not value} if value == self.default else value}


@dataclass(frozen=True)
class Since(Filter):
    """The stored time is at or after a moment."""

    stored: str

    def clause(self, value: Any) -> Clause:
        return {self.stored: {"$gte": value}}


@dataclass(frozen=True)
class Before(Filter):
    """The stored time is earlier than a moment."""

    stored: str

    def clause(self, value: Any) -> Clause:
        return {self.stored: {"$lt": value}}


CREATED = (
    Since("created_after", _("Created from"), "created_at"),
    Before("created_before", _("Created before"), "created_at"),
)


# --- A list ----------------------------------------------------------------------------


class ListQuery(NamedTuple):
    """A list as asked for, in the database's terms; `names` are the fields to show, None all."""

    where: Clause
    sort: list[tuple[str, int]]
    skip: int
    limit: int
    names: list[str] | None
    count: bool


@dataclass(frozen=True)
class Listing:
    """What may be asked of a list of documents.

    `ordering` names the sortable fields, `title` the one among them that is sorted as a reader
    would, `searched` the text fields whose words are searched, `default_limit` the page size
    when none is given.
    """

    searched: tuple[str, ...]
    ordering: tuple[str, ...] = ("created_at", "updated_at")
    title: str | None = None
    filters: tuple[Filter, ...] = ()
    default_limit: int = MAX_LIMIT

    @property
    def orderings(self) -> list[str]:
        """The accepted values of `ordering`."""
        return [sign + name for name in self.ordering for sign in ("", "-")]

    def derived(self, raw: Raw) -> Raw:
        """What is kept beside a document's fields so that it can be found and sorted."""
        found = {search.KEY: search.words(raw.get(name) for name in self.searched)}
        if not self.title:
            return found
        title = raw.get(self.title)
        # An empty key sorts lowest, as what has no title.
        return found | {SORT_KEY: sort_key(title if isinstance(title, str) else "")}

    def sorted_by(self, name: str) -> str:
        """The stored field that an ordering goes by."""
        return SORT_KEY if name == self.title else name

    def indexes(self) -> list[dict[str, Any]]:
        """Index declarations that serve every shape this list may be asked in.

        Each ordering has one, read in either direction; an equality filter's goes on in
        the default order, and search has its own.
        """
        orders = [(self.sorted_by(name), "_id") for name in self.ordering]
        equalities = [(f.equals, "created_at", "_id") for f in self.filters if f.equals]
        return [{"fields": list(keys)} for keys in (*orders, *equalities, (search.KEY,))]

    def query(self, given: dict[str, Any]) -> ListQuery:
        """The query for parameters that were read and found valid."""
        clauses = [each.clause(given[each.name]) for each in self.filters if each.name in given]
        if given["search"].strip():
            clauses.append(search.clause(given["search"]))
        return ListQuery(
            where=_all(clauses),
            sort=self._sort(given["ordering"]),
            skip=given["skip"],
            limit=given["limit"],
            names=given.get("fields"),
            count=given["count"],
        )

    def _sort(self, ordering: str) -> list[tuple[str, int]]:
        """The ordering with the id as tie-break in the same direction."""
        direction = -1 if ordering.startswith("-") else 1
        return [(self.sorted_by(ordering.lstrip("-")), direction), ("_id", direction)]


def _all(clauses: Iterable[Clause]) -> Clause:
    given = [clause for clause in clauses if clause]
    if len(given) < 2:
        return given[0] if given else {}
    return {"$and": given}
