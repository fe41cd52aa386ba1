"""One declaration per resource of what a list may be asked.

From a `Listing` follow the accepted query parameters, their validation, the OpenAPI
document, the browsable forms and the indexes. What is not declared is refused by name, so
no operator and no private field ever reaches the database.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lsa_site.api import search
from lsa_site.api.errors import Invalid
from lsa_site.api.fields import has_controls, read_moment

Clause = dict[str, Any]
MAX_SKIP = 1_000_000
MAX_LIMIT = 1000
MAX_SEARCH_LENGTH = 200


class Refused(ValueError):
    """A parameter value that is not acceptable; the text says what is."""


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", value) and minimum <= int(value) <= maximum:
            return int(value)
        raise Refused(
            _("Enter a whole number from %(minimum)d to %(maximum)d.")
            % {"minimum": minimum, "maximum": maximum}
        )

    return read


def truth(value: str) -> bool:
    if value not in ("true", "false"):
        raise Refused(_("Enter true or false."))
    return value == "true"


def moment(value: str) -> datetime:
    try:
        # In a query string a plus sign that was not encoded arrives as a space.
        return read_moment(value.replace(" ", "+"))
    except (ValueError, OverflowError) as error:
        raise Refused(
            _("Enter a date or a date and time, such as 2026-01-31T09:00:00Z.")
        ) from error


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    allowed = tuple(choices)

    def read(value: str) -> str:
        if value not in allowed:
            raise Refused(_("Choose one of: %s.") % ", ".join(allowed))
        return value

    return read


def email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise Refused(error.messages[0]) from error
    return value


def search_text(value: str) -> str:
    if len(value) > MAX_SEARCH_LENGTH or has_controls(value):
        raise Refused(
            _("Enter at most %d characters, without control characters.") % MAX_SEARCH_LENGTH
        )
    return value.strip()


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list.

    `read` turns its text into a value or raises `Refused`; `clause` turns the value into
    the database's query; `schema` is its OpenAPI schema. `equals` names the stored field
    where the filter is an equality, which an index can begin with.
    """

    name: str
    read: Callable[[str], Any]
    clause: Callable[[Any], Clause]
    schema: dict[str, Any]
    label: Any = ""
    equals: str | None = None


def address(name: str, *, label: Any = "") -> Filter:
    """Equality with an e-mail address."""
    schema = {"type": "string", "format": "email"}
    return Filter(name, email, lambda value: {name: value}, schema, label, name)


def choice(name: str, choices: Iterable[str], *, label: Any = "") -> Filter:
    """Equality with one of some words; `all` is no filter."""
    allowed = ["all", *choices]
    return Filter(
        name,
        one_of(allowed),
        lambda value: {} if value == "all" else {name: value},
        {"type": "string", "enum": allowed},
        label,
        name,
    )


def flag(name: str, *, default: bool, label: Any = "") -> Filter:
    """A boolean; a document that lacks the field counts as `default`."""
    return Filter(
        name,
        truth,
        lambda value: {name: {"$ne": not value} if value == default else value},
        {"type": "boolean"},
        label,
    )


def since(name: str, stored: str, *, label: Any = "") -> Filter:
    """The stored time is at or after a moment."""
    schema = {"type": "string", "format": "date-time"}
    return Filter(name, moment, lambda value: {stored: {"$gte": value}}, schema, label)


def before(name: str, stored: str, *, label: Any = "") -> Filter:
    """The stored time is earlier than a moment."""
    schema = {"type": "string", "format": "date-time"}
    return Filter(name, moment, lambda value: {stored: {"$lt": value}}, schema, label)


CREATED = (
    since("created_after", "created_at", label=gettext_lazy("Created from")),
    before("created_before", "created_at", label=gettext_lazy("Created before")),
)


class ListQuery(NamedTuple):
    """A list as asked for, in the database's terms."""

    where: Clause
    sort: list[tuple[str, int]]
    skip: int
    limit: int
    names: list[str] | None
    count: bool


@dataclass(frozen=True)
class Listing:
    """What may be asked of a list of documents.

    `ordering` names the sortable fields, `searched` the text fields whose words are
    searched, `default_limit` the page size when none is given.
    """

    searched: tuple[str, ...]
    ordering: tuple[str, ...] = ("created_at", "updated_at")
    filters: tuple[Filter, ...] = ()
    default_limit: int = MAX_LIMIT

    @property
    def orderings(self) -> list[str]:
        """The accepted values of `ordering`."""
        return [sign + name for name in self.ordering for sign in ("", "-")]

    @property
    def parameters(self) -> list[str]:
        """The names of all accepted query parameters."""
        common = ["skip", "limit", "ordering", "search", "fields", "count"]
        return [*common, *(item.name for item in self.filters)]

    def indexes(self) -> list[dict[str, Any]]:
        """Index declarations that serve every shape this list may be asked in.

        Each ordering has one, read in either direction; an equality filter's goes on in
        the default order, and search has its own.
        """
        orders = [(name, "_id") for name in self.ordering]
        equalities = [(f.equals, "created_at", "_id") for f in self.filters if f.equals]
        return [{"fields": list(keys)} for keys in (*orders, *equalities, (search.KEY,))]

    def parse(self, params: QueryDict, selectable: Iterable[str]) -> ListQuery:
        """Read query parameters; raises `Invalid` that names each wrong one and what is allowed.

        `selectable` are the field names that `fields` may choose from.
        """
        reader = _Reader(params, self.parameters)
        ordering = reader.read("ordering", one_of(self.orderings), "-created_at")
        clauses = [
            item.clause(value)
            for item in self.filters
            if (value := reader.read(item.name, item.read, None)) is not None
        ]
        text = reader.read("search", search_text, "")
        query = ListQuery(
            where=_all([*clauses, search.clause(text) if text else {}]),
            sort=_sort(ordering),
            skip=reader.read("skip", whole_number(0, MAX_SKIP), 0),
            limit=reader.read("limit", whole_number(1, MAX_LIMIT), self.default_limit),
            names=reader.read("fields", _names(selectable), None),
            count=reader.read("count", truth, True),
        )
        reader.finish()
        return query


class _Reader:
    """Reads each parameter once and gathers what is wrong with them."""

    def __init__(self, params: QueryDict, allowed: list[str]) -> None:
        self.params = params
        self.errors: dict[str, list[str]] = {}
        for name in params.keys() - set(allowed):
            self.errors[name] = [_("Unknown parameter. Allowed are: %s.") % ", ".join(allowed)]

    def read(self, name: str, read: Callable[[str], Any], default: Any) -> Any:
        values = self.params.getlist(name)
        if not values:
            return default
        if len(values) > 1:
            self.errors[name] = [_("Give this parameter once.")]
            return default
        try:
            return read(values[0])
        except Refused as refused:
            self.errors[name] = [str(refused)]
            return default

    def finish(self) -> None:
        if self.errors:
            raise Invalid(_("The query parameters are not valid."), errors=self.errors)


def _names(selectable: Iterable[str]) -> Callable[[str], list[str]]:
    allowed = list(selectable)

    def read(value: str) -> list[str]:
        names = [name.strip() for name in value.split(",")]
        if not set(names) <= set(allowed):
            raise Refused(_("Choose from: %s.") % ", ".join(allowed))
        return [name for name in allowed if name in {*names, "id"}]

    return read


def _sort(ordering: str) -> list[tuple[str, int]]:
    """The ordering with the id as tie-break in the same direction."""
    direction = -1 if ordering.startswith("-") else 1
    return [(ordering.lstrip("-"), direction), ("_id", direction)]


def _all(clauses: Iterable[Clause]) -> Clause:
    given = [clause for clause in clauses if clause]
    if len(given) < 2:
        return given[0] if given else {}
    return {"$and": given}
