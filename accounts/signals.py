"""News about people, for apps that build on this one."""

from django.dispatch import Signal

# Sent with `user_id`, `email` (the new address) and `session` (the transaction or None).
user_email_changed = Signal()
