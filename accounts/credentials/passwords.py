"""Passwords: the policy, and bcrypt hashes in the form the earlier service stores."""

import bcrypt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# bcrypt reads no further.
MAX_BYTES = 72


def check_policy(password: str) -> None:
    """Raises Django's ValidationError for a password that must not be set."""
    if len(password.encode()) > MAX_BYTES:
        raise ValidationError(_("At most %d bytes (UTF-8).") % MAX_BYTES)
    validate_password(password)


def make_hash(password: str) -> str:
    """A bare `$2b$` hash; some 0.2 s of CPU at 12 rounds."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(settings.BCRYPT_ROUNDS)).decode()


def matches(password: str, hashed: str | None) -> bool:
    """Whether the password is right. Without a hash, or with a broken one, the same time goes
    by and the answer is no."""
    candidate = password.encode()[:MAX_BYTES]
    try:
        return bcrypt.checkpw(candidate, str(hashed or "").encode())
    except ValueError:
        bcrypt.hashpw(candidate, bcrypt.gensalt(settings.BCRYPT_ROUNDS))
        return False
