"""E-mails to the admins about an endpoint that needs somebody."""

import logging
import smtplib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.documents import User
from core.addresses import with_ascii_domain
from core.database.documents import Raw

logger = logging.getLogger(__name__)


def tell_failing(webhook: Raw, error: str) -> bool:
    """Says whether the mail is on its way."""
    with translation.override(settings.LANGUAGE_CODE):
        return _send(_("A webhook keeps failing"), "failing", webhook, error=error)


def tell_switched_off(webhook: Raw, reason: Any) -> bool:
    with translation.override(settings.LANGUAGE_CODE):
        return _send(_("A webhook was switched off"), "switched_off", webhook, reason=str(reason))


def _send(subject: str, template: str, webhook: Raw, **context: str) -> bool:
    """A mail that cannot be sent holds up nothing: the pages say the same."""
    link = f"{settings.PUBLIC_URL}{settings.API_PREFIX}/webhooks/{webhook['_id']}"
    shown = {"link": link, "host": host_of(webhook), **context}
    text = render_to_string(f"webhooks/{template}.txt", shown)
    admins = User.collection().find({"is_admin": True} | User.ACTIVE, {"email": 1})
    messages = [
        mail.EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        for admin in admins
        if (address := with_ascii_domain(admin.get("email") or ""))
    ]
    try:
        mail.get_connection().send_messages(messages)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("Nobody was mailed about webhook %s: %s", webhook["_id"], error)
        return False
    return True


def host_of(webhook: Raw) -> str:
    """What is said of its address elsewhere: the rest may hold a token."""
    return urlsplit(webhook["url"]).hostname or ""
