"""The `cursor` of a list: where a page ended, in a form that clients hand back unread.

It is signed, so that only what this service wrote, for this list, is ever read again.
"""

from typing import Any

import bson
from bson.codec_options import CodecOptions
from django.core.signing import BadSignature, Signer

from core.database.positions import Position


class _Bson:
    """Times and ids as the database has them, in few bytes."""

    options: CodecOptions = CodecOptions(tz_aware=True)

    def dumps(self, value: dict[str, Any]) -> bytes:
        return bson.encode(value)

    def loads(self, data: bytes) -> dict[str, Any]:
        return bson.decode(data, self.options)


def written(position: Position, collection: str) -> str:
    """The cursor of a position in a collection's list, safe in an address."""
    return _signer(collection).sign_object(position._asdict(), serializer=_Bson)


def read(cursor: str, collection: str) -> Position:
    """Raises ValueError for what is no cursor of this collection's list."""
    try:
        return Position(**_signer(collection).unsign_object(cursor, serializer=_Bson))
    except (BadSignature, TypeError) as error:
        raise ValueError(cursor) from error


def _signer(collection: str) -> Signer:
    return Signer(sep=".", salt=f"{__name__}.{collection}")
