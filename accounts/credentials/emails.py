"""E-mails to account holders and those who are to become some, through Django's e-mail backends.

No name is in them: whoever registered an address chose it, and need not be its owner.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.addresses import with_ascii_domain


def send_reset(email: str, *, token: str, language: str) -> None:
    """Send the link that sets a new password, in the given language."""
    with translation.override(language):
        _send(email, _("Reset your LSA password"), "password_reset", "password-reset", token)


def send_confirmation(email: str, *, token: str, language: str) -> None:
    """Send the link that confirms the address."""
    with translation.override(language):
        _send(email, _("Confirm your address for LSA"), "email_confirm", "email-confirm", token)


def send_invitation(email: str, *, token: str, language: str) -> None:
    """Send the link that makes an account."""
    with translation.override(language):
        _send(email, _("You are invited to write for LSA"), "invitation", "invitation", token)


def _send(email: str, subject: str, template: str, page: str, token: str) -> None:
    link = f"{settings.PUBLIC_URL}/{page}?{urlencode({'token': token})}"
    text = render_to_string(f"accounts/{template}.txt", {"link": link})
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [with_ascii_domain(email)])
