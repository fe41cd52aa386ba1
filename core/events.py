"""What happened, recorded once: the activity that admins read is these documents.

An event is recorded in the transaction of the change that it tells of, so there is no change
without its event and no event without its change.
"""

from typing import Any, ClassVar, NamedTuple

from bson import ObjectId
from django.utils.translation import gettext_lazy as _
from mongoengine import DateTimeField, DictField, ObjectIdField, StringField
from pymongo.client_session import ClientSession

from core.database.documents import BaseDocument, Raw
from core.database.filters import Before, Reference, Since, Word
from core.database.listing import Listing
from core.times import now

KEPT_DAYS = 180


class Actor(NamedTuple):
    """Who did something, under the name they had then."""

    id: ObjectId
    name: str


class Event(BaseDocument):
    """One thing that happened to one object.

    `type` is the kind of object and what happened to it (`blog.published`), `resource` the kind as
    in its route (`blogs`), `data` what else is told of it. Without an actor (null) nobody did it,
    such as a publication that came due. `waiting_since` is there until it was handed on to
    everybody who wants to be told (and then what is left are the events that nobody has looked at,
    in whichever order their transactions came to an end).
    """

    type = StringField(verbose_name=_("Event"), required=True)
    at = DateTimeField(verbose_name=_("Time"), required=True)
    actor = DictField()
    resource = StringField(verbose_name=_("Resource"), required=True)
    object_id = ObjectIdField(required=True)
    title = StringField(verbose_name=_("Title"))
    data = DictField()
    waiting_since = DateTimeField()

    LISTING: ClassVar[Listing] = Listing(
        searched=(),
        ordering=("at",),
        default_ordering="-at",
        filters=(
            Reference("actor", _("Actor"), "actor.id"),
            Reference("object_id", _("Object"), "object_id"),
            Word("type", _("Event")),
            Word("resource", _("Resource")),
            Since("after", _("From"), "at"),
            Before("before", _("Before"), "at"),
        ),
        default_limit=100,
    )

    meta = {
        "collection": "events",
        "indexes": [
            {"fields": ["at"], "expireAfterSeconds": KEPT_DAYS * 24 * 3600},
            {"fields": ["waiting_since"], "sparse": True},
            *LISTING.indexes(),
        ],
    }


def event(
    type: str,
    *,
    actor: Actor | None,
    resource: str,
    object_id: ObjectId,
    title: str | None = None,
    data: Raw | None = None,
) -> Raw:
    """A new event, not yet recorded."""
    moment = now()
    return {
        "_id": ObjectId(),
        "type": type,
        "at": moment,
        "waiting_since": moment,
        "actor": actor and {"id": actor.id, "name": actor.name},
        "resource": resource,
        "object_id": object_id,
        "title": title,
        "data": data or {},
    }


def record(happened: Raw, *, transaction: ClientSession | None) -> None:
    """Record an event within the transaction of its change; one that is there already stays."""
    fields: dict[str, Any] = {key: value for key, value in happened.items() if key != "_id"}
    Event.collection().update_one(
        {"_id": happened["_id"]}, {"$setOnInsert": fields}, upsert=True, session=transaction
    )


def withdraw(happened: list[Raw], *, transaction: ClientSession | None) -> None:
    """Take back what was recorded before a change that did not come about."""
    ids = [each["_id"] for each in happened]
    Event.collection().delete_many({"_id": {"$in": ids}}, session=transaction)
