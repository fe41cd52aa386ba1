"""Whether an item is shown to the public, and since when: one derived time says it all.

`visible_from` is when an item was or will be published, and far in the future for drafts and for
the trash. What the earlier service wrote lacks it, and is visible. So the rule of what the public
may see is one clause, and newest first is the order of the same key: every public list walks one
index, and nothing has to run when a time comes.
"""

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.credentials.sessions import Principal
from accounts.roles import Ability
from core.database.documents import Raw
from core.database.listing import Clause
from core.errors import Invalid, Unauthenticated

KEY: Final = "visible_from"
DRAFT: Final = datetime(9999, 1, 1, tzinfo=UTC)
TRASHED: Final = datetime(9999, 1, 2, tzinfo=UTC)
# What is written; a publication to come is a published item with a future time.
WRITTEN: Final = (("published", gettext_lazy("Published")), ("draft", gettext_lazy("Draft")))
STATES: Final = (
    *WRITTEN,
    ("scheduled", gettext_lazy("Scheduled")),
    ("trashed", gettext_lazy("In the trash")),
)


# --- Of one item -----------------------------------------------------------------------


def visible_from(raw: Raw) -> datetime:
    """The time from which an item with these fields is public."""
    if raw.get("trashed_at"):
        return TRASHED
    return raw["published_at"] if raw["status"] == "published" else DRAFT


def is_ours(raw: Raw) -> bool:
    """Whether a stored item knows of publishing; what the earlier service wrote does not."""
    return isinstance(raw.get(KEY), datetime)


def is_public(raw: Raw, moment: datetime) -> bool:
    """Whether a stored item is shown to the public at a moment."""
    return not is_ours(raw) or raw[KEY] <= moment


def is_trashed(raw: Raw) -> bool:
    return raw.get(KEY) == TRASHED


def state_of(raw: Raw, moment: datetime) -> str:
    """The state that a stored item is in at a moment."""
    if is_public(raw, moment):
        return "published"
    return {DRAFT: "draft", TRASHED: "trashed"}.get(raw[KEY], "scheduled")


def due(raw: Raw, moment: datetime) -> datetime | None:
    """When an item with these fields will become public; None where that is not to come."""
    comes = visible_from(raw)
    return comes if moment < comes < DRAFT else None


def publication(before: Raw, values: Raw, moment: datetime) -> Raw:
    """The `status` and `published_at` that an item has after these values are written.

    A future time schedules; without one, an item is published at this moment. `before` is the
    item, empty for a new one. Raises `Invalid` where it is to be scheduled without a time to come.
    """
    status = values.get("status", before.get("status", "published"))
    at = values["published_at"] if "published_at" in values else before.get("published_at")
    if status == "scheduled" and (at is None or at <= moment):
        raise Invalid(errors={"published_at": [_("To schedule takes a time to come.")]})
    if status == "draft":
        return {"status": "draft", "published_at": at}
    return {"status": "published", "published_at": at or moment}


# --- Of many ---------------------------------------------------------------------------


def public(moment: datetime) -> Clause:
    """The clause of what the public may see at a moment."""
    return {KEY: {"$not": {"$gt": moment}}}


class Sight(NamedTuple):
    """Who looks for an item (None: the public), and whether in the trash too: what is public is
    seen by all, the rest by its owner and by those who may change everything."""

    reader: Principal | None = None
    with_trash: bool = False

    def clause(self, moment: datetime) -> Clause:
        """The clause of what is seen at a moment."""
        if self.reader is None:
            return public(moment)
        kept = {} if self.with_trash else not_trashed()
        if self.reader.may(Ability.CHANGE_ALL):
            return kept
        return {"$or": [public(moment), {"author_id": self.reader.id} | kept]}

    def includes(self, raw: Raw, moment: datetime) -> bool:
        """The same of one stored item."""
        if is_public(raw, moment):
            return True
        if self.reader is None or (is_trashed(raw) and not self.with_trash):
            return False
        is_own = raw.get("author_id") == self.reader.id
        return is_own or self.reader.may(Ability.CHANGE_ALL)


def ours() -> Clause:
    """The clause of what knows of publishing, as `is_ours` tells of one item."""
    return {KEY: {"$type": "date"}}


def not_trashed() -> Clause:
    return {KEY: {"$ne": TRASHED}}


def listed(state: str, reader: Principal | None, moment: datetime) -> Clause:
    """The clause of a list of what is in a state; `all` leaves the trash out.

    The public may ask for what is published; others, for their own, and whoever changes all for
    all. Raises `Unauthenticated` where nobody asks for more than the public may.
    """
    if state == "published":
        return public(moment)
    if reader is None:
        raise Unauthenticated
    clauses: dict[str, Any] = {
        "draft": {KEY: DRAFT},
        "scheduled": {KEY: {"$gt": moment, "$lt": DRAFT}},
        "trashed": {KEY: TRASHED},
        "all": not_trashed(),
    }
    return (
        clauses[state]
        if reader.may(Ability.CHANGE_ALL)
        else clauses[state] | {"author_id": reader.id}
    )
