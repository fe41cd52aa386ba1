"""What content does when something happens to people."""

from typing import Any

from bson import ObjectId
from django.dispatch import receiver
from pymongo.client_session import ClientSession

from accounts.signals import user_email_changed
from content.documents import RESOURCES


@receiver(user_email_changed)
def show_new_author(
    sender: Any, *, user_id: ObjectId, email: str, session: ClientSession | None, **kwargs: Any
) -> None:
    """The author shown on one's own content follows one's address."""
    update = {"$set": {"author": email}, "$inc": {"version": 1}}
    for document in RESOURCES:
        document.collection().update_many({"author_id": user_id}, update, session=session)
