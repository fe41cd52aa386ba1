"""News about people, for apps that build on this one."""

from django.dispatch import Signal

# The address or name that somebody is shown by changed.
# Sent with `user_id` after the change was stored, again where a receiver was interrupted, and
# perhaps by two machines at once.
author_changed = Signal()
