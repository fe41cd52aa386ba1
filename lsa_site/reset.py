"""Back to an empty installation."""

from django.conf import settings

from content.pictures import storage
from core.database import embedded, indexes


def is_production() -> bool:
    """Whether deleting everything needs more than a yes."""
    return not settings.DEBUG_MODE and not embedded.is_embedded()


def reset() -> list[str]:
    """Drop our collections and pictures, and prepare the database anew; report in lines.

    Raises `StorageUnavailable`.
    """
    indexes.drop_collections()
    try:
        storage.clear()
    finally:  # also where the storage is away: none of them may be made lazily
        lines = indexes.ensure_indexes()
    return lines
