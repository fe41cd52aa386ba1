"""The first answers to requests that carry a key of their own, for who repeats one.

An answer is kept in the transaction of what it tells of, so there is neither without the other.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _
from mongoengine import BinaryField, DateTimeField, DictField, IntField, StringField
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from core.database.documents import BaseDocument
from core.errors import ApplicationError
from core.times import now

KEPT: Final = timedelta(hours=24)


class KeyInUse(ApplicationError):
    status = 409
    code = "idempotency_key_in_use"
    message = _("A request with this Idempotency-Key is still being answered. Try again shortly.")
    headers = {"Retry-After": "1"}


class FirstAnswer(BaseDocument):
    """`key` and `request` are digests: of whose key it is, and of what was asked."""

    key = StringField(primary_key=True)
    request = StringField(required=True)
    status = IntField(required=True)
    headers = DictField()
    body = BinaryField(required=True)
    expires_at = DateTimeField(required=True)

    is_lasting = False

    meta = {
        "collection": "first_answers",
        "indexes": [{"fields": ["expires_at"], "expireAfterSeconds": 0}],
    }


class Kept(NamedTuple):
    """An answer as it is kept; `body` is compressed."""

    request: str
    status: int
    headers: dict[str, str]
    body: bytes


def find(key: str) -> Kept | None:
    wanted = {"_id": key, "expires_at": {"$gt": now()}}
    raw = FirstAnswer.collection().find_one(wanted)
    return raw and Kept(*(raw[name] for name in Kept._fields))


def keep(key: str, answer: Kept, *, transaction: ClientSession | None) -> None:
    """Keep what is being answered. Raises `KeyInUse` where another was kept in the meantime."""
    moment = now()
    # In the place of one whose time is over and that is not yet swept.
    over = {"_id": key, "expires_at": {"$lte": moment}}
    kept = answer._asdict() | {"expires_at": moment + KEPT}
    try:
        FirstAnswer.collection().replace_one(over, kept, upsert=True, session=transaction)
    except DuplicateKeyError as error:
        raise KeyInUse from error
