"""In place of Django's, which needs a relational database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Not for this service: create_admin makes an admin."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("Accounts are not Django's here. Use create_admin.")
