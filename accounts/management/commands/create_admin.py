"""An admin from the command line: the first one, or the one who forgot the password."""

import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from accounts import services
from accounts.management.registration import validated
from accounts.roles import Role
from accounts.users import find_user
from core.database import connection, indexes
from core.database.command import SiteCommand
from core.database.documents import Raw
from core.errors import ApplicationError


class Command(SiteCommand):
    help = (
        "Create an admin, or promote and activate the existing user of that e-mail or "
        "username and set their password. The password is ADMIN_PASSWORD or asked for."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="else ADMIN_EMAIL")
        parser.add_argument("--username", help="else ADMIN_USERNAME")

    def handle(self, *args: Any, **options: Any) -> None:
        connection.wait_until_ready()
        self.report(indexes.ensure_indexes())
        given = {name: options[name] for name in ("email", "username") if options[name]}
        defaults = {"email": settings.ADMIN_EMAIL, "username": settings.ADMIN_USERNAME}
        user = existing_user(given or defaults)
        if user:
            user = services.promote(user, **validated({"password": ask_password()}))
        else:
            user = create(validated(defaults | given | {"password": ask_password()}))
        self.stdout.write(f"{user['username']} ({user['email']}) is an admin.")


def create(fields: Raw) -> Raw:
    try:
        return services.create_user(**fields, role=Role.ADMIN)
    except ApplicationError as error:
        raise CommandError(f"{error}. Give another --email or --username.") from error


def existing_user(names: Raw) -> Raw | None:
    """The user who has any of the names; raises CommandError where they are two people's."""
    users = [user for name in names.values() if (user := find_user(name))]
    if len({user["_id"] for user in users}) > 1:
        raise CommandError("The e-mail and the username belong to two different users.")
    return users[0] if users else None


def ask_password() -> str:
    """`ADMIN_PASSWORD`, else what is typed twice without being shown."""
    if settings.ADMIN_PASSWORD:
        return settings.ADMIN_PASSWORD
    if not sys.stdin.isatty():
        raise CommandError("Set ADMIN_PASSWORD, or run this where a password can be typed.")
    password = getpass("Password: ")
    if getpass("Password again: ") != password:
        raise CommandError("The two passwords differ.")
    return password
