"""Public items as feeds tell of them: with text that fits in one line, and no e-mail address."""

from datetime import datetime
from typing import Any, Final

from content.publishing import states
from content.publishing.addresses import address
from content.publishing.documents import ContentDocument
from core.database.documents import Raw
from core.database.listing import Clause, all_of
from core.text import controls

ORGANISATION: Final = "Lembaga Sinergi Analitika"
_KEYS: Final = ("slug", "created_at", "updated_at", states.KEY)


def read(
    document: type[ContentDocument],
    names: tuple[str, ...],
    moment: datetime,
    *,
    limit: int,
    where: Clause | None = None,
    latest: str = states.KEY,
) -> list[Raw]:
    """Items that are public at a moment, with these fields, those with the latest time first."""
    clause = all_of(states.public(moment), where or {})
    found = document.collection().find(clause, dict.fromkeys((*_KEYS, *names), 1))
    ordered = found.sort([(latest, -1), ("_id", -1)]).limit(limit)
    return [document.complete({k: v for k, v in raw.items() if v is not None}) for raw in ordered]


def link(document: type[ContentDocument], raw: Raw) -> str:
    return address(document.collection_name(), raw)


def came_out(raw: Raw) -> datetime:
    """Since when an item is public."""
    return _time(raw, raw.get(states.KEY))


def changed(raw: Raw) -> datetime:
    """When the public saw something new of an item: it came out, or was changed since."""
    return max(came_out(raw), _time(raw, raw.get("updated_at")))


def _time(raw: Raw, stored: Any) -> datetime:
    """The earlier service may have kept anything under the name of a time."""
    return stored if isinstance(stored, datetime) else raw["_id"].generation_time


def line(text: Any) -> str:
    """A text in one line, without what must not stand in XML or a calendar."""
    if not isinstance(text, str):
        return ""
    folded = " ".join(text.split())
    return folded.translate(dict.fromkeys(map(ord, controls(folded))))


def tags(raw: Raw) -> list[str]:
    return [line(tag) for tag in raw.get("tags") or ()]


def author_of(raw: Raw) -> str | None:
    """The author's name; None where it might be an e-mail address."""
    name = line(raw.get("author_name"))
    return name if name and "@" not in name else None
