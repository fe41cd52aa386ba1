"""What content does when something happens to people."""

from typing import Any

from bson import ObjectId
from django.dispatch import receiver

from accounts.documents import User
from accounts.signals import user_email_changed
from content.documents import RESOURCES, ContentDocument

# Some tens of milliseconds each: an operation may take seconds, and delays nobody this long.
BATCH = 500


@receiver(user_email_changed)
def show_new_author(sender: Any, *, user_id: ObjectId, **kwargs: Any) -> None:
    """The author shown on one's own content follows one's address, batch by batch.

    Begun again it goes on where it was left.
    """
    for document in RESOURCES:
        while _show_on_some(document, user_id):
            pass


def _show_on_some(document: type[ContentDocument], user_id: ObjectId) -> bool:
    """Whether there were items that showed another address.

    The address is asked for each time, so that of two changes at once the later one prevails.
    """
    user = User.collection().find_one({"_id": user_id}, {"email": 1})
    if user is None:  # what they wrote keeps the address that it shows
        return False
    outdated = {"author_id": user_id, "author": {"$ne": user["email"]}}
    ids = [raw["_id"] for raw in document.collection().find(outdated, {"_id": 1}).limit(BATCH)]
    if ids:
        update = {"$set": {"author": user["email"]}, "$inc": {"version": 1}}
        document.collection().update_many(outdated | {"_id": {"$in": ids}}, update)
    return bool(ids)
