"""The kinds of filters that a list may declare: which stored documents a value asks for."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bson import ObjectId
from django.utils.translation import gettext_lazy as _

from core.addresses import spellings
from core.times import now

Clause = dict[str, Any]
# As many fit in an address that every proxy passes on.
MAX_IDS = 100


def caseless(text: str) -> str:
    """A text as it is compared without regard to case (Unicode, D145), composed: for short ones,
    since normalising takes the square of a run of combining marks."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list; its kind says which values it takes.

    `equals` names the stored field where the filter is an equality, which an index can begin
    with: one of its own, unless the field `is_unique` and has one as such. `is_for_people` is
    whether it has a box on the pages.
    """

    name: str
    label: Any

    is_for_people = True
    is_unique = False

    @property
    def equals(self) -> str | None:
        return None

    @property
    def needs_index(self) -> bool:
        return self.equals is not None and not self.is_unique

    def clause(self, value: Any) -> Clause:
        """The database's query for a value that was read."""
        raise NotImplementedError


@dataclass(frozen=True)
class State(Filter):
    """Which state of its documents the list is about, the `default` unless told: the view makes a
    `Scope` of it, since what may be seen depends on who asks."""

    choices: tuple[tuple[str, Any], ...]
    default: str

    def clause(self, value: str) -> Clause:
        return {}


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
    """Equality with one of some words, or with any of several; none is no filter.

    Where it `is_broad`, so many documents have each word that it needs no index: the list is
    walked in its order, and what has another word is passed over.
    """

    choices: tuple[tuple[str, Any], ...]
    is_broad: bool = False

    @property
    def equals(self) -> str | None:
        return None if self.is_broad else self.name

    def clause(self, value: list[str]) -> Clause:
        if not value:
            return {}
        return {self.name: value[0] if len(value) == 1 else {"$in": value}}


@dataclass(frozen=True)
class Ids(Filter):
    """Only the documents with these ids, at most `MAX_IDS`; one that is not there is
    passed over."""

    is_for_people = False
    is_unique = True

    @property
    def equals(self) -> str | None:
        return "_id"

    def clause(self, value: list[ObjectId]) -> Clause:
        return {"_id": {"$in": value}}


@dataclass(frozen=True)
class Exact(Filter):
    """Equality with a word of letters, digits and hyphens, of which the field is unique."""

    max_length: int

    is_for_people = False
    is_unique = True

    @property
    def equals(self) -> str | None:
        return self.name

    def clause(self, value: str) -> Clause:
        return {self.name: value}


@dataclass(frozen=True)
class Reference(Filter):
    """Equality of a stored id, of which there are no end: nobody chooses one from a list."""

    stored: str

    is_for_people = False

    @property
    def equals(self) -> str | None:
        return self.stored

    def clause(self, value: ObjectId) -> Clause:
        return {self.stored: value}


@dataclass(frozen=True)
class Word(Filter):
    """Equality with a name such as `blog.published`. So many documents have each that they are
    found by the order of the list, without an index of their own."""

    def clause(self, value: str) -> Clause:
        return {self.name: value}


@dataclass(frozen=True)
class Tag(Filter):
    """A list of words has this one, without regard to case; `stored` holds them `caseless`."""

    stored: str
    max_length: int

    @property
    def equals(self) -> str | None:
        return self.stored

    def clause(self, value: str) -> Clause:
        return {self.stored: caseless(value)}


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

    def clause(self, value: datetime) -> Clause:
        return {self.stored: {"$gte": value}}


@dataclass(frozen=True)
class Before(Filter):
    """The stored time is earlier than a moment."""

    stored: str

    def clause(self, value: datetime) -> Clause:
        return {self.stored: {"$lt": value}}


@dataclass(frozen=True)
class ChangedSince(Filter):
    """Changed at or after a moment, or come out since: the time `shown` is reached without a
    change."""

    changed: str
    shown: str

    is_for_people = False

    def clause(self, value: datetime) -> Clause:
        came_out = {"$gte": value, "$lte": now()}
        return {"$or": [{self.changed: {"$gte": value}}, {self.shown: came_out}]}


CREATED = (
    Since("created_after", _("Created from"), "created_at"),
    Before("created_before", _("Created before"), "created_at"),
)
