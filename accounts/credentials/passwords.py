"""Passwords: the policy, and bcrypt hashes in the form the earlier service stores."""

import os
import unicodedata
from threading import BoundedSemaphore

import bcrypt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# bcrypt reads no further.
MAX_BYTES = 72
# No more characters than these compose to so few bytes. Composing takes time in the square of the
# length of a run of combining marks.
MAX_CHARACTERS = 4 * MAX_BYTES
# Hashing takes a whole core each time; one is left to those who only read.
_cores = BoundedSemaphore(max(1, (os.cpu_count() or 1) - 1))


def check_policy(password: str) -> None:
    """Raises Django's ValidationError for a password that must not be set."""
    composed = _compose(password)
    if len(composed.encode()) > MAX_BYTES:
        raise ValidationError(_("At most %d bytes (UTF-8).") % MAX_BYTES)
    validate_password(composed)


def _compose(password: str) -> str:
    """Unicode form NFC, whichever form the keyboard makes (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", password[:MAX_CHARACTERS])


def make_hash(password: str) -> str:
    """A bare `$2b$` hash; some 0.2 s of CPU at 12 rounds."""
    candidate = _compose(password).encode()
    return _hash(candidate).decode()


def _hash(candidate: bytes) -> bytes:
    with _cores:
        return bcrypt.hashpw(candidate, bcrypt.gensalt(settings.BCRYPT_ROUNDS))


def matches(password: str, hashed: str | None) -> bool:
    """Whether the password is right, composed or, as the earlier service hashed it, as typed.

    Without a hash, or with a broken one, the same time goes by and the answer is no.
    """
    forms = dict.fromkeys((_compose(password), password))
    return True in [_is_hashed(form, hashed) for form in forms]


def _is_hashed(password: str, hashed: str | None) -> bool:
    candidate = password.encode()[:MAX_BYTES]
    try:
        with _cores:
            return bcrypt.checkpw(candidate, str(hashed or "").encode())
    except ValueError:
        _hash(candidate)
        return False
