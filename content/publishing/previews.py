"""Links that show one item, whatever its state, to whoever has them, for a while."""

from datetime import timedelta
from typing import Final, NamedTuple

from bson import ObjectId
from bson.errors import InvalidId
from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.errors import Forbidden
from core.times import now

HOUR: Final = 3600
WEEK: Final = 7 * 24 * HOUR
SALT: Final = "content.preview"


class InvalidPreview(Forbidden):
    code = "invalid_preview"
    message = _("This preview link is not valid any more. Ask for a new one.")


class Preview(NamedTuple):
    """What a link shows: an item of a collection, until `expires` (seconds since 1970)."""

    resource: str
    id: str
    expires: float


def token_for(resource: str, id: ObjectId, expires_in: int) -> tuple[str, float]:
    """A signed token for an item, and when it ends (seconds since 1970)."""
    preview = Preview(resource, str(id), (now() + timedelta(seconds=expires_in)).timestamp())
    return signing.dumps(preview, salt=SALT), preview.expires


def item_of(token: str, resource: str) -> ObjectId:
    """The id of the item that a token shows. Raises `InvalidPreview`."""
    try:
        preview = Preview(*signing.loads(token, salt=SALT))
        if preview.resource != resource or preview.expires <= now().timestamp():
            raise InvalidPreview
        return ObjectId(preview.id)
    except (signing.BadSignature, TypeError, ValueError, InvalidId) as error:
        raise InvalidPreview from error
