"""Addresses for people: made from a title once, unique, and remembered where they were public."""

import re
from typing import Final

from anyascii import anyascii
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from core.database.documents import Raw
from core.errors import ApplicationError

MAX_LENGTH: Final = 80
PATTERN: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# The oldest go; nobody renames a public page so often.
MAX_FORMER: Final = 50


class SlugTaken(ApplicationError):
    """Another item has it."""

    status = 409
    code = "slug_taken"
    message = _("This address is taken by another item.")

    def __init__(self) -> None:
        super().__init__(errors={"slug": [str(self.message)]})


def made_from(title: str | None) -> str | None:
    """The slug of a title in any script; None where nothing is left of it."""
    plain = slugify(anyascii((title or "")[: 4 * MAX_LENGTH]))
    return _cut(re.sub(r"[-_]+", "-", plain).strip("-"), MAX_LENGTH) or None


def _cut(slug: str, length: int) -> str:
    """The words that fit, or as much as fits of a single long one."""
    if len(slug) <= length:
        return slug
    return slug[: length + 1].rpartition("-")[0] or slug[:length]


def free_one(
    collection: Collection, title: str | None, raw: Raw, transaction: ClientSession | None
) -> str | None:
    """The slug of a title for an item, numbered where another has it or had it."""
    wanted = made_from(title)
    if wanted is None:
        return None
    taken = _taken_like(collection, wanted, raw, transaction)
    candidates = (_numbered(wanted, number) for number in range(1, len(taken) + 2))
    return next(each for each in candidates if each not in taken)


def _numbered(slug: str, number: int) -> str:
    ending = "" if number == 1 else f"-{number}"
    return _cut(slug, MAX_LENGTH - len(ending)) + ending


def _taken_like(
    collection: Collection, wanted: str, raw: Raw, transaction: ClientSession | None
) -> set[str]:
    """The slugs that other items have or had and that this one's numbered forms could meet."""
    # Room for a number of eight digits; a prefix is served by the indexes.
    like = {"$regex": f"^{_cut(wanted, MAX_LENGTH - 9)}"}
    keys = {"slug": 1, "former_slugs": 1}
    others = {"_id": {"$ne": raw.get("_id")}}
    query = others | {"$or": [{"slug": like}, {"former_slugs": like}]}
    found = collection.find(query, keys, session=transaction)
    return {
        slug for raw in found for slug in (raw.get("slug"), *raw.get("former_slugs", ())) if slug
    }


def take(collection: Collection, slug: str, raw: Raw, transaction: ClientSession | None) -> None:
    """Take a given slug for an item, also from those that had it formerly.

    Raises `SlugTaken` where another item has it.
    """
    others = {"_id": {"$ne": raw.get("_id")}}
    if collection.find_one(others | {"slug": slug}, {"_id": 1}, session=transaction):
        raise SlugTaken
    collection.update_many(
        others | {"former_slugs": slug}, {"$pull": {"former_slugs": slug}}, session=transaction
    )


def remembered(public: Raw) -> list[str]:
    """The slugs under which a public item was and is known."""
    former, slug = public.get("former_slugs") or [], public.get("slug")
    return [*former, slug][-MAX_FORMER:] if slug and slug not in former else former


def known_as(slug: str) -> dict[str, object]:
    """The clause of the items that have a slug or had it."""
    return {"$or": [{"slug": slug}, {"former_slugs": slug}]}
