"""In place of Django's, which needs a relational database."""

from accounts.management.commands import createsuperuser


class Command(createsuperuser.Command):
    help = "Not for this service: people reset their own password; create_admin sets an admin's."
