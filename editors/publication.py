"""What its reader may do with content: which lists, whether to publish, and why not to change."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.credentials.sessions import Principal
from accounts.roles import Ability
from content.publishing.addresses import address
from content.publishing.documents import ContentDocument
from core.database.filters import State
from core.database.listing import Listing
from editors.forms import Box
from editors.items import Item

DRAFTS_ONLY = gettext_lazy("This is kept as a draft; an editor publishes it.")


class Tab(NamedTuple):
    """A list of what is in one state."""

    label: Any
    url: str
    is_here: bool


def tabs(listing: Listing, path: str, state: str) -> Iterator[Tab]:
    """The states that a list at `path` may be about, the first without a parameter."""
    [states] = [each for each in listing.filters if isinstance(each, State)]
    for value, label in states.choices:
        query = "" if value == states.default else f"?state={value}"
        yield Tab(label, f"{path}{query}", value == state)


def page_of(document: type[ContentDocument], item: Item) -> str:
    """Where the public sees an item; blank where it does not, or no other site shows it."""
    is_elsewhere = settings.SITE_URL != settings.PUBLIC_URL
    if not is_elsewhere or item["status"] != "published":
        return ""
    return address(document.collection_name(), item | {"_id": item["id"]})


def may_publish(reader: Principal | None) -> bool:
    return reader is not None and reader.may(Ability.PUBLISH_OWN)


def is_asked(box: Box, reader: Principal | None) -> bool:
    """Those who cannot publish are not asked whether and when."""
    return may_publish(reader) or box.name not in ("status", "published_at")


def worded(box: Box, *, is_new: bool) -> Box:
    """The choice of whether and when to publish, in words of what each does."""
    is_published = box.value == "published" and not is_new
    words = {
        "published": _("Published") if is_published else _("Publish now"),
        "draft": _("Draft: only you and editors see it"),
        "scheduled": _("Publish later"),
    }
    choices = [each._replace(label=words.get(each.value, each.label)) for each in box.choices]
    return box._replace(label=_("Publication"), choices=choices)


def why_not(reader: Principal) -> str:
    """Why somebody cannot change an item that is shown to them."""
    if reader.may(Ability.CHANGE_OWN):
        return _("Only its author, editors and admins can change this.")
    return _("Contributors change their own drafts. Ask an editor to change this.")
