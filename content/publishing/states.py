"""Whether an item is shown to the public, and since when: one derived time says it all.

`visible_from` is when an item was or will be published, and far in the future for drafts and for
the trash. What the earlier service wrote lacks it, and is visible. So the rule of what the public
may see is one clause, and newest first is the order of the same key: every public list walks one
index, and nothing has to run when a time comes.
"""

from datetime import UTC, datetime
from typing import Final

from core.database.documents import Raw
from core.database.listing import Clause

KEY: Final = "visible_from"
DRAFT: Final = datetime(9999, 1, 1, tzinfo=UTC)
TRASHED: Final = datetime(9999, 1, 2, tzinfo=UTC)
# What a person may ask for, besides `all`, which leaves the trash out.
STATES: Final = ("published", "draft", "scheduled", "trashed")


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


def state_of(raw: Raw, moment: datetime) -> str:
    """The state that a stored item is in at a moment."""
    if is_public(raw, moment):
        return "published"
    return {DRAFT: "draft", TRASHED: "trashed"}.get(raw[KEY], "scheduled")


def public(moment: datetime) -> Clause:
    """The clause of what the public may see at a moment."""
    return {KEY: {"$not": {"$gt": moment}}}


def in_state(state: str, moment: datetime) -> Clause:
    """The clause of what is in one of the `STATES`, or in any but the trash (`all`)."""
    return {
        "published": public(moment),
        "draft": {KEY: DRAFT},
        "scheduled": {KEY: {"$gt": moment, "$lt": DRAFT}},
        "trashed": {KEY: TRASHED},
        "all": {KEY: {"$ne": TRASHED}},
    }[state]
