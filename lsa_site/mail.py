"""`EMAIL_URL` and the addresses of this service: how e-mail is sent, and from whom."""

from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

import dj_email_url
from django.core.validators import validate_email

TAKES: Final = "an address such as smtp://USER:PASSWORD@HOST:587/?tls=True, or console:"
SENDER_TAKES: Final = "an e-mail address, or a name and one: LSA <noreply@lsa.example>"


def read(url: str) -> dict[str, Any]:
    """Django's settings of a mail server. Raises ValueError, KeyError."""
    found = dj_email_url.parse(url)
    # "smtp:mail.example" names no host; this machine would be taken for it.
    if found["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") and not urlsplit(url).hostname:
        raise ValueError("it names no host")
    return found


def sender(text: str) -> str:
    """What may stand in a From header (RFC 5322, 3.4). Raises ValidationError."""
    address(parseaddr(text)[1])
    return text


def address(text: str) -> str:
    """Raises ValidationError."""
    validate_email(text)
    return text
