"""What content does when something happens to people."""

from typing import Any

from bson import ObjectId
from django.dispatch import receiver

from accounts.documents import User
from accounts.signals import author_changed
from content.documents import RESOURCES, ContentDocument

# Some tens of milliseconds each: an operation may take seconds, and delays nobody this long.
BATCH = 500


@receiver(author_changed)
def show_author(sender: Any, *, user_id: ObjectId, **kwargs: Any) -> None:
    """The author shown on one's own content follows one's address and name, batch by batch.

    Begun again it goes on where it was left.
    """
    for document in RESOURCES:
        while _show_on_some(document, user_id):
            pass


def _show_on_some(document: type[ContentDocument], user_id: ObjectId) -> bool:
    """Whether there were items that showed another author.

    The user is asked for each time, so that of two changes at once the later one prevails.
    """
    user = User.collection().find_one({"_id": user_id})
    if user is None:  # what they wrote keeps the author that it shows
        return False
    shown = {"author": user["email"], "author_name": User.full_name_in(user)}
    outdated = {
        "author_id": user_id,
        "$or": [{name: {"$ne": value}} for name, value in shown.items()],
    }
    ids = [raw["_id"] for raw in document.collection().find(outdated, {"_id": 1}).limit(BATCH)]
    if ids:
        update = {"$set": shown, "$inc": {"version": 1}}
        document.collection().update_many(outdated | {"_id": {"$in": ids}}, update)
    return bool(ids)
