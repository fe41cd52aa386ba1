"""Secrets as they are stored: encrypted with a key that follows from `SECRET_KEY`.

So whoever reads the database or a backup has no secret, and neither has this service after its
`SECRET_KEY` was changed.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"lsa: secrets of webhooks"


class Unreadable(Exception):
    """It was encrypted under another `SECRET_KEY`."""


def seal(secret: str) -> str:
    return _cipher(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret. Raises `Unreadable`."""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(sealed).decode()
    except InvalidToken as error:
        raise Unreadable from error


@lru_cache(maxsize=2)
def _cipher(secret_key: str) -> Fernet:
    """HKDF (RFC 5869): the purpose keeps this key apart from all others of `SECRET_KEY`."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
