"""E-mails to account holders, through Django's e-mail backends."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.addresses import with_ascii_domain
from core.database.documents import Raw


def send_reset(user: Raw, *, token: str, language: str) -> None:
    """Send the reset link to the stored address, in the given language.

    No name is in it: whoever registered the address chose it, and need not be its owner.
    """
    query = urlencode({"token": token})
    context = {"link": f"{settings.PUBLIC_URL}/password-reset?{query}"}
    with translation.override(language):
        send_mail(
            _("Reset your LSA password"),
            render_to_string("accounts/password_reset.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [with_ascii_domain(user["email"])],
        )
