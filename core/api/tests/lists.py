"""The lists that are there, and what each may be asked."""

from accounts.documents import User
from content.tests.resources import RESOURCES
from core.database.filters import Exact, Tag, Word
from core.database.listing import Listing
from core.events import Event

LISTS = {name: resource.listing for name, resource in RESOURCES.items()}
LISTS |= {"users": User.LISTING, "activity": Event.LISTING}


def parameters_of(listing: Listing) -> list[str]:
    common = ["skip", "cursor", "limit", "ordering", "fields", "count"]
    words = ["search"] if listing.searched else []
    return [*common, *words, *(each.name for each in listing.filters)]


def texts_of(listing: Listing) -> list[str]:
    """The parameters that take any text, or any word."""
    kinds = (each.name for each in listing.filters if isinstance(each, Exact | Tag | Word))
    return [*(["search"] if listing.searched else []), *kinds]
