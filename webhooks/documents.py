"""Endpoints, and what was or will be sent to them, as stored."""

from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _
from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from core.database.documents import BaseDocument, HttpUrl, Raw, TextField, VersionedDocument
from core.database.filters import Before, Choice, Flag, Since, Word
from core.database.listing import Listing

KEPT_DAYS: Final = 30
# Each costs a delivery per event.
MOST_ENDPOINTS: Final = 100
EVERY_EVENT: Final = "*"

# Why the service itself switched an endpoint off.
FAILING, GONE, UNREADABLE = "failing", "gone", "secret_unreadable"
REASONS: Final = (
    (FAILING, _("It failed too often")),
    (GONE, _("It answered that it is gone (410)")),
    (UNREADABLE, _("Its secret cannot be read: SECRET_KEY has changed. Rotate the secret")),
)
PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"
STATUSES: Final = (
    (PENDING, _("Waiting")),
    (DELIVERED, _("Delivered")),
    (FAILED, _("Failed")),
)
# Why a try failed.
ERRORS: Final = (
    ("refused", _("Refused")),
    ("redirected", _("Redirected elsewhere")),
    ("timed_out", _("Took too long")),
    ("unreachable", _("Cannot be reached")),
    ("not_allowed", _("Leads into a private network")),
)


class Webhook(VersionedDocument):
    """An endpoint: where somebody wants to be told, and of what.

    `secret` and `former_secret` (good until `former_until`) are encrypted. What follows them is
    how it stands: tries that failed in a row, messages in a row that were given up, all its tries
    by what became of them, and when it may be asked again. Only who holds its lease sends to it,
    which keeps the order.
    """

    LISTING: ClassVar[Listing] = Listing(
        searched=(),
        ordering=("created_at",),
        filters=(Flag("is_active", _("Active"), default=True),),
    )

    url = HttpUrl(verbose_name=_("Address"), required=True, max_length=2000)
    description = TextField(verbose_name=_("Description"), max_length=1000)
    events = ListField(StringField(), verbose_name=_("Events"), required=True)
    is_active = BooleanField(verbose_name=_("Active"), default=True)
    batch_seconds = IntField(
        verbose_name=_("Collect for so many seconds"), min_value=0, max_value=3600, default=0
    )
    rate_per_minute = IntField(
        verbose_name=_("At most so many a minute"), min_value=1, max_value=6000, default=60
    )
    switched_off = StringField(verbose_name=_("Switched off"), choices=REASONS)
    secret = StringField(required=True)
    former_secret = StringField()
    former_until = DateTimeField()
    failures = IntField(verbose_name=_("Failures in a row"), default=0)
    given_up = IntField(default=0)
    is_alerted = BooleanField()
    outcomes = DictField()
    resting_until = DateTimeField()
    leased_until = DateTimeField()
    leased_by = ObjectIdField()

    meta = {"collection": "webhooks", "indexes": [*LISTING.indexes()]}

    # The clause for those that are sent to.
    ACTIVE: ClassVar[Raw] = {"is_active": True}
    # And for those that messages are kept for: what failed, or could not be signed, gets all of
    # it when it works again.
    WAITED_FOR: ClassVar[Raw] = {
        "$or": [ACTIVE, {"switched_off": {"$in": [FAILING, UNREADABLE]}}],
    }


class Delivery(BaseDocument):
    """One message for one endpoint, and how it went.

    Its key follows from the event and the endpoint, so that a repeated event makes no second
    message. `items` are the `data` of its events: one, or with `is_batch` those that go together,
    to which none is added once it `is_closed`. `due` is when it is sent next, and absent when there
    is nothing more to do. `tried` counts the tries since it was last asked for, `tries` are the
    last of them.
    """

    LISTING: ClassVar[Listing] = Listing(
        searched=(),
        ordering=("created_at",),
        filters=(
            Choice("status", _("Status"), STATUSES, is_broad=True),
            Word("type", _("Event")),
            Since("created_after", _("Created from"), "created_at"),
            Before("created_before", _("Created before"), "created_at"),
        ),
        default_limit=100,
    )

    webhook_id = ObjectIdField(required=True)
    event_id = ObjectIdField(required=True)
    message_id = StringField(verbose_name=_("webhook-id"), required=True)
    type = StringField(verbose_name=_("Event"), required=True)
    timestamp = DateTimeField(verbose_name=_("Time"), required=True)
    items = ListField(DictField())
    is_batch = BooleanField()
    is_closed = BooleanField()
    created_at = DateTimeField(verbose_name=_("Created"), required=True)
    status = StringField(verbose_name=_("Status"), choices=STATUSES, required=True)
    due = DateTimeField(verbose_name=_("Next try"))
    tried = IntField(verbose_name=_("Number of tries"), default=0)
    tried_at = DateTimeField(verbose_name=_("Last try"))
    tries = ListField(DictField())
    # Of the last try.
    status_code = IntField(verbose_name=_("Answer"))
    error = StringField(verbose_name=_("Error"), choices=ERRORS)
    duration_ms = IntField(verbose_name=_("Milliseconds"))

    meta = {
        "collection": "webhook_deliveries",
        "indexes": [
            {"fields": ["created_at"], "expireAfterSeconds": KEPT_DAYS * 24 * 3600},
            # What is to be sent to an endpoint, in its order.
            {"fields": ["webhook_id", "due", "event_id"]},
            # The log of one endpoint, and how it did lately.
            {"fields": ["webhook_id", "created_at", "_id"]},
            {"fields": ["webhook_id", "tried_at"]},
        ],
    }
