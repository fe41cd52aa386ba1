"""`Idempotency-Key`: a request that is repeated is not carried out twice.

After draft-ietf-httpapi-idempotency-key-header, its value taken as it is, in quotes or not. Only
what was made is remembered: a request that was refused, or failed, can be repeated with its key.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any, Final, NamedTuple, Self

from django.core.files import File
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from pymongo.client_session import ClientSession
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.envelope import dumps
from core.database import first_answers
from core.database.first_answers import Kept
from core.errors import ApplicationError

HEADER: Final = "Idempotency-Key"
MAX_LENGTH: Final = 255
VALUE: Final = re.compile(rf"[!-~]{{1,{MAX_LENGTH}}}")
KEPT_HEADERS: Final = ("ETag", "Location")

# Keeps an answer, within the transaction of what it tells of.
Keep = Callable[[Response, ClientSession | None], None]


class MalformedKey(ApplicationError):
    code = "idempotency_key_invalid"
    message = _("An Idempotency-Key has 1 to 255 visible ASCII characters.")


class KeyReused(ApplicationError):
    status = 422
    code = "idempotency_key_reused"
    message = _("This was sent before with other content, and arrived. Look at that first.")


class Attempt(NamedTuple):
    """One of the requests that somebody sends with the same key: both are digests."""

    key: str
    request: str

    @classmethod
    def of(cls, request: Request, purpose: str) -> Self | None:
        """None without a key. Raises `MalformedKey`."""
        value = request.headers.get(HEADER)
        if value is None:
            return None
        if not VALUE.fullmatch(value):
            raise MalformedKey
        whose = f"{request.user.id} {purpose} {value}".encode()
        return cls(_digest([whose]), _digest(_parts(request.data)))

    def first_answer(self) -> Response | None:
        """What was answered to an attempt before. Raises `KeyReused` where that one asked for
        something else."""
        kept = first_answers.find(self.key)
        if kept is None:
            return None
        if kept.request != self.request:
            raise KeyReused
        data = json.loads(zlib.decompress(kept.body))
        return Response(data, status=kept.status, headers=kept.headers)

    def keep(self, response: Response, transaction: ClientSession | None) -> None:
        """Raises `KeyInUse` where another attempt was faster."""
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        body = zlib.compress(dumps(response.data), level=1)
        kept = Kept(self.request, response.status_code, headers, body)
        first_answers.keep(self.key, kept, transaction=transaction)


def answer_once(
    request: Request, purpose: str, make: Callable[[Keep | None], Response]
) -> Response:
    """What `make` makes and answers, once within 24 hours for each person, `purpose` and key."""
    attempt = Attempt.of(request, purpose)
    if attempt is None:
        return make(None)
    if answered := attempt.first_answer():
        return answered
    try:
        return make(attempt.keep)
    except ApplicationError:
        # Refused because of what another attempt has made while this one was on its way?
        if answered := attempt.first_answer():
            return answered
        raise


def _parts(data: Any) -> Iterator[bytes]:
    """The body without what differs each time it is sent, such as the boundary of a form; of files
    the content, whatever they are called."""
    files: list[File] = []

    def place(file: File) -> dict[str, int]:
        files.append(file)
        return {"bytes": file.size}

    fields = sorted(data.lists()) if isinstance(data, QueryDict) else data
    yield json.dumps(fields, sort_keys=True, default=place).encode()
    for file in files:
        yield from file.chunks()
        file.seek(0)


def _digest(parts: Iterator[bytes] | list[bytes]) -> str:
    digest = blake2b(digest_size=32)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
