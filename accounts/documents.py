"""People, their sessions and the links that were mailed to them, as stored."""

from collections.abc import Iterator
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)
from pymongo.errors import DuplicateKeyError

from accounts.roles import LABELS, Role, role_of, stored_among
from accounts.signals import author_changed
from core.addresses import with_ascii_domain
from core.database import search
from core.database.documents import BaseDocument, EmailAddress, Raw, made_at, version_of
from core.database.filters import CREATED, Choice, Clause, Flag
from core.database.listing import Listing
from core.times import now


def normalise(name: str) -> str:
    """An e-mail address or username as it is compared: without regard to case, outer spacing
    and the form of a domain."""
    return "".join(map(_without_case, with_ascii_domain(name.strip())))


def _without_case(character: str) -> str:
    """What only looks like an ASCII letter (the Kelvin sign, the long s) does not become one:
    somebody else has that name."""
    folded = character.casefold()
    return folded if character.isascii() or not folded.isascii() else character


class RoleFilter(Choice):
    """By role, as it follows from what is stored."""

    @property
    def equals(self) -> None:
        """No stored field: few people are listed, in order of their coming."""

    def clause(self, value: list[str]) -> Clause:
        return stored_among([*map(Role, value)]) if value else {}


class User(BaseDocument):
    """Somebody with an account.

    `password` is a bare `$2b$` bcrypt hash, as the earlier service stores it. The two
    keys are the normalised names; an earlier user whose names clash has none.
    """

    # What pages about somebody are headed with.
    HEADING: ClassVar[str] = "full_name"
    LISTING: ClassVar[Listing] = Listing(
        searched=("email", "username", "full_name"),
        ordering=("created_at",),
        filters=(
            Flag("is_active", _("Active"), default=True),
            Flag("is_admin", _("Admin"), default=False),
            RoleFilter("role", _("Role"), tuple(LABELS.items())),
            *CREATED,
        ),
    )

    email = EmailAddress(verbose_name=_("E-mail"), required=True, max_length=254)
    username = StringField(verbose_name=_("Username"), required=True, min_length=3, max_length=50)
    full_name = StringField(
        verbose_name=_("Full name"), required=True, min_length=3, max_length=100
    )
    password = StringField(required=True)
    is_active = BooleanField(verbose_name=_("Active"), default=True)
    # The same as the role of an admin; the earlier service reads and writes only this.
    is_admin = BooleanField(verbose_name=_("Admin"), default=False)
    role = StringField(verbose_name=_("Role"), choices=[*LABELS.items()], default=Role.AUTHOR.value)
    created_at = DateTimeField(verbose_name=_("Created"), required=True, default=now)
    last_login = DateTimeField(verbose_name=_("Last login"))
    # Raised by every change of what is shown; without one it counts as 0.
    version = IntField(required=True, default=1)
    # True until the address was confirmed that a role waits for.
    awaits_confirmation = BooleanField()
    # New with every change of what an author is shown by, and gone once all that shows it follows.
    author_pending = ObjectIdField()
    email_key = StringField(required=True)
    username_key = StringField(required=True)
    search_words = ListField(StringField())

    meta = {
        "collection": "users",
        "indexes": [
            # Sparse: an earlier user whose name clashes has no keys.
            {"fields": ["email_key"], "unique": True, "sparse": True},
            {"fields": ["username_key"], "unique": True, "sparse": True},
            # As stored, by which an earlier item names its author.
            {"fields": ["email"]},
            {"fields": ["author_pending"], "sparse": True},
            # The last admin is asked for, and admins are listed.
            {"fields": ["is_admin", "created_at", "_id"]},
            *LISTING.indexes(),
        ],
    }

    # The clause for those who may log in: who is not said to be inactive is active.
    ACTIVE: ClassVar[Raw] = {"is_active": {"$ne": False}}

    @staticmethod
    def is_active_in(raw: Raw) -> bool:
        """The same of one stored user."""
        return raw.get("is_active") is not False

    @staticmethod
    def full_name_in(raw: Raw) -> str | None:
        """The full name; who gave none, as some earlier users, is called by the username."""
        return raw.get("full_name") or raw.get("username")

    @classmethod
    def complete(cls, raw: Raw) -> Raw:
        role = role_of(raw)
        always = {
            "created_at": made_at(raw),
            "full_name": cls.full_name_in(raw),
            "role": role.value,
            "is_admin": role is Role.ADMIN,
        }
        return {"is_active": True} | raw | always

    @classmethod
    def derived(cls, raw: Raw) -> Raw:
        """What is kept beside a user's names so that they can be found."""
        return {
            "email_key": normalise(raw["email"]),
            "username_key": normalise(raw["username"]),
            **cls.LISTING.derived(raw),
        }

    @classmethod
    def upgrade_existing(cls) -> Iterator[str]:
        """Give earlier users their normalised names, the oldest first; report clashes. Carry on
        what a change of a shown name did not bring to its end."""
        for raw in cls.collection().find({"email_key": None}, sort=[("_id", 1)]):
            yield from cls._claim_names(raw)
        for raw in cls.collection().find({"author_pending": {"$exists": True}}):
            cls.announce_author(raw)
            yield f"user {raw['_id']}: what they wrote shows their new name and address"

    @classmethod
    def announce_author(cls, raw: Raw) -> None:
        """Have everything show the user's present address and name. Database errors pass through:
        until it came to its end once, every start begins it again."""
        author_changed.send(cls, user_id=raw["_id"])
        same = {key: raw[key] for key in ("_id", "author_pending")}
        cls.collection().update_one(same, {"$unset": {"author_pending": 1}})

    @classmethod
    def _claim_names(cls, raw: Raw) -> Iterator[str]:
        yield from cls._drop_odd_role(raw)
        if not raw.get("email") or not raw.get("username"):
            yield f"user {raw['_id']} has no e-mail or username and cannot log in"
            return
        certain = {"created_at": made_at(raw), "version": version_of(raw)}
        derived = cls.derived(raw) | certain
        # Still without: another machine that starts may have been faster, or an admin.
        lacking = {"_id": raw["_id"], "email_key": None}
        try:
            cls.collection().update_one(lacking, {"$set": derived})
            return
        except DuplicateKeyError:
            findable = {key: derived[key] for key in (search.KEY, "created_at")}
            cls.collection().update_one(lacking, {"$set": findable})
        yield (
            f"user {raw['_id']} ({raw['username']}) cannot log in: an older account has the "
            "same e-mail or username but for case; an admin can rename it"
        )

    @classmethod
    def _drop_odd_role(cls, raw: Raw) -> Iterator[str]:
        """What an earlier user has under that name was meant for something else: nobody may more
        by it. We write no role without a version."""
        if "role" not in raw:
            return
        odd = {"_id": raw["_id"], "role": {"$exists": True}, "version": None, "email_key": None}
        if cls.collection().update_one(odd, {"$unset": {"role": 1}}).modified_count:
            yield f"user {raw['_id']}: a role dropped that was none of ours"


class Session(BaseDocument):
    """One login: a family of refresh tokens, or one browser's cookie.

    Ending it takes effect on the next request, because every request looks it up.
    `token` is the id of the only valid refresh token, `rotated` when recent ones were
    exchanged. `user_agent` is what the browser or app called itself when it logged in.
    """

    user_id = ObjectIdField(required=True)
    token = StringField()
    rotated = ListField(DictField())
    user_agent = StringField()
    created_at = DateTimeField(required=True, default=now)
    last_used = DateTimeField(required=True, default=now)
    expires_at = DateTimeField(required=True)

    # A restored session would be one that had been ended.
    is_lasting = False

    meta = {
        "collection": "sessions",
        "indexes": [
            {"fields": ["user_id"]},
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }


class MailedLink(BaseDocument):
    """A link that was mailed to a user; its key is the SHA-256 of the token in it."""

    token_hash = StringField(primary_key=True)
    user_id = ObjectIdField(required=True)
    expires_at = DateTimeField(required=True)

    is_lasting = False

    meta = {
        "abstract": True,
        "indexes": [
            {"fields": ["user_id"]},
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }


class PasswordReset(MailedLink):
    """A reset that was asked for."""

    meta = {"collection": "password_resets"}


class EmailConfirmation(MailedLink):
    """A new account's address, which its owner is asked to confirm."""

    meta = {"collection": "email_confirmations"}


class Invitation(BaseDocument):
    """Somebody who may become a user of this role, who will have the invitation's id.

    An address has one at most: inviting again replaces the link.
    """

    email = EmailAddress(verbose_name=_("E-mail"), required=True, max_length=254)
    role = StringField(verbose_name=_("Role"), required=True)
    email_key = StringField(required=True)
    token_hash = StringField(required=True)
    expires_at = DateTimeField(verbose_name=_("Valid until"), required=True)

    is_lasting = False

    meta = {
        "collection": "invitations",
        "indexes": [
            {"fields": ["email_key"], "unique": True},
            {"fields": ["token_hash"], "unique": True},
            {"fields": ["expires_at"], "expireAfterSeconds": 0},
        ],
    }


class Lock(BaseDocument):
    """A document that transactions write to where they must not run side by side."""

    name = StringField(primary_key=True)
    uses = IntField(required=True)

    is_lasting = False

    meta = {"collection": "locks"}
