"""The lists that are there, and what each may be asked."""

from accounts.documents import User
from content.tests.resources import RESOURCES
from core.database.filters import Exact, Tag
from core.database.listing import Listing

LISTS = {name: resource.listing for name, resource in RESOURCES.items()} | {"users": User.LISTING}


def parameters_of(listing: Listing) -> list[str]:
    common = ["skip", "cursor", "limit", "ordering", "search", "fields", "count"]
    return [*common, *(each.name for each in listing.filters)]


def texts_of(listing: Listing) -> list[str]:
    """The parameters that take any text, or any word."""
    kinds = (each.name for each in listing.filters if isinstance(each, Exact | Tag))
    return ["search", *kinds]
