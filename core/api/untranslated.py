"""Messages of Django REST framework that its own Indonesian catalogue lacks and clients can meet.

Named here, they are in our catalogue, which is asked first; nothing else needs this module.
"""

from django.utils.translation import gettext_lazy as _

MESSAGES = (
    _('Expected a list of items but got type "{input_type}".'),
    _("String value too large."),
)
