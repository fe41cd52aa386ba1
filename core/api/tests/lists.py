"""The lists that are there, and what each may be asked."""

from accounts.documents import User
from content.tests.resources import RESOURCES
from core.database.listing import Listing

LISTS = {name: resource.listing for name, resource in RESOURCES.items()} | {"users": User.LISTING}


def parameters_of(listing: Listing) -> list[str]:
    common = ["skip", "limit", "ordering", "search", "fields", "count"]
    return [*common, *(each.name for each in listing.filters)]
