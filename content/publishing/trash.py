"""What has been in the trash for `TRASH_DAYS` goes for good."""

from datetime import timedelta

from django.conf import settings

from content.pictures import files
from content.publishing import journal, states
from content.publishing.documents import ContentDocument
from core.database.transactions import in_transaction
from core.times import now


def empty_one(document: type[ContentDocument]) -> bool:
    """Remove the item that has been there for longest, if that is long enough."""
    since = now() - timedelta(days=settings.TRASH_DAYS)
    old = {states.KEY: states.TRASHED, "trashed_at": {"$lte": since}}
    raw = document.collection().find_one(old, sort=[("trashed_at", 1)])
    if raw is None:
        return False
    written = in_transaction(
        lambda transaction: journal.remove(document, raw, None, actor=None, transaction=transaction)
    )
    if written:
        files.settle(written.moved)
    return True
