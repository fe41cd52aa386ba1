"""Sample content, so that a fresh installation has something to show."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from secrets import token_urlsafe
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from accounts.credentials import passwords
from accounts.credentials.sessions import Principal
from accounts.documents import User
from accounts.management.registration import validated
from accounts.services import make_admin
from content import services
from content.documents import RESOURCES
from content.pictures.cleaning import clean
from content.pictures.documents import picture_fields
from content.samples.data import SAMPLES, Sample
from core.database import connection, indexes
from core.database.command import SiteCommand
from core.database.documents import Raw
from core.errors import ApplicationError
from core.times import now

DRAWING_THREADS = 2  # each takes some 60 MiB


class Command(SiteCommand):
    help = "Fill an empty database with sample content and an admin (ADMIN_* settings)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="delete all content, users and files first"
        )
        parser.add_argument("--yes", action="store_true", help="with --force: do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        connection.wait_until_ready()
        if options["force"]:
            call_command("reset_db", yes=options["yes"], stdout=self.stdout)
        indexes.ensure_indexes()
        if has_content():
            self.stdout.write("There is content already; nothing was added (--force resets).")
            return
        try:
            count = create_samples(author=self.admin())
        except ApplicationError as error:
            raise CommandError(f"{error} {error.__cause__ or ''}".strip()) from error
        self.stdout.write(f"{count} sample documents with pictures were added.")

    def admin(self) -> Raw:
        """An active admin that exists, else a new one."""
        existing = User.collection().find_one({"is_admin": True} | User.ACTIVE)
        return existing or self.new_admin()

    def new_admin(self) -> Raw:
        password = settings.ADMIN_PASSWORD or token_urlsafe(12)
        try:
            passwords.check_policy(password)
        except ValidationError as error:
            raise CommandError(f"ADMIN_PASSWORD: {' '.join(error.messages)}") from error
        names = {"email": settings.ADMIN_EMAIL, "username": settings.ADMIN_USERNAME}
        user, _ = make_admin(**validated(names), password=password)
        self.stdout.write(f"Admin: {user['username']} <{user['email']}>")
        if not settings.ADMIN_PASSWORD:
            self.stdout.write(f"Password, shown only now: {password}")
        return user


def has_content() -> bool:
    return any(document.collection().find_one({}, {"_id": 1}) for document in RESOURCES)


def create_samples(*, author: Raw) -> int:
    """Store each sample with its picture; drawing, the slow part, goes on side by side."""
    owner = Principal(author, session_id=ObjectId())  # nobody is logged in
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    with ThreadPoolExecutor(DRAWING_THREADS) as pool:
        for sample, picture in zip(SAMPLES, pool.map(drawn, SAMPLES), strict=True):
            [field] = picture_fields(sample.document)
            fields = sample.fields_on(midnight) | {field: picture}
            store(sample, fields, owner)
    return len(SAMPLES)


def store(sample: Sample, fields: Raw, owner: Principal) -> None:
    """A sample with its history."""
    raw = services.create(sample.document, fields, author=owner)
    for values in sample.changes:
        raw = services.change(sample.document, raw, values, actor=owner, check=accept)
    if not sample.is_kept:
        services.trash(sample.document, raw["_id"], actor=owner, check=accept)


def accept(raw: Raw) -> None:
    """The check that lets every state pass: nobody else is there."""


def drawn(sample: Sample) -> clean.Source:
    return clean.inspect(BytesIO(sample.picture()))
