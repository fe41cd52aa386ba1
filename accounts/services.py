"""Joining, logging in, and one's own account. Knows nothing of requests; raises domain errors."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from mongoengine import NotUniqueError
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError, PyMongoError

from accounts.credentials import passwords, sessions
from accounts.credentials.sessions import TokenPair
from accounts.credentials.tokens import TokenError
from accounts.documents import PasswordReset, User, normalise
from accounts.errors import InactiveUser, UserNotFound, WrongCredentials
from accounts.roles import Role, stored_as
from core.database import counters
from core.database.documents import Check, Raw
from core.database.transactions import in_transaction
from core.errors import AlreadyExists, Invalid, Unauthenticated

logger = logging.getLogger(__name__)

TAKEN = {"email": _("Email already registered"), "username": _("Username already taken")}


# --- Joining ---------------------------------------------------------------------------


def create_user(
    *,
    email: str,
    username: str,
    password: str,
    full_name: str | None = None,
    role: Role = Role.AUTHOR,
) -> Raw:
    """Store a new user; the unique index decides between rivals. Raises `AlreadyExists`."""
    given = {"email": email, "username": username, "full_name": full_name}
    names = given | {"full_name": User.full_name_in(given)}
    _refuse_taken(names)
    user = User(
        **names,
        **User.derived(names),
        **stored_as(role),
        password=passwords.make_hash(password),
    )
    try:
        user.save(force_insert=True)
    except NotUniqueError:
        _refuse_taken(names)
        raise
    return User.collection().find_one({"_id": user.id})


def _refuse_taken(names: Raw, *, besides: ObjectId | None = None) -> None:
    """Raises `AlreadyExists` that names each field whose value another user has."""
    errors = {}
    for field, message in TAKEN.items():
        same = {f"{field}_key": normalise(names[field]), "_id": {"$ne": besides}}
        if User.collection().find_one(same, {"_id": 1}):
            errors[field] = [str(message)]
    if errors:
        raise AlreadyExists(next(iter(errors.values()))[0], errors=errors)


def find_user(name: str) -> Raw | None:
    """The user with this e-mail or username, without regard to case and outer spaces."""
    key, users = normalise(name), User.collection()
    return users.find_one({"email_key": key}) or users.find_one({"username_key": key})


def make_admin(*, email: str, username: str, password: str) -> tuple[Raw, bool]:
    """An active admin with this password: the existing user of that e-mail or username, or a
    new one (then the second value is True)."""
    user = find_user(email) or find_user(username)
    if user:
        return promote(user, password=password), False
    return create_user(email=email, username=username, password=password, role=Role.ADMIN), True


def promote(user: Raw, *, password: str) -> Raw:
    """Make an existing user an active admin with this password."""
    return set_password({"_id": user["_id"]}, password, **stored_as(Role.ADMIN), is_active=True)


# --- Logging in ------------------------------------------------------------------------


def authenticate(*, name: str, password: str, network: str) -> Raw:
    """The active user with these credentials.

    Failures count per account and network (see `client_network`), unknown names alike, before
    anything is hashed. Raises `TooManyRequests`, `WrongCredentials` and, only to those who know the
    password, `InactiveUser`.
    """
    user = find_user(name)
    _check_password(user, password, account=str(user["_id"]) if user else name, network=network)
    if not User.is_active_in(user):
        raise InactiveUser
    return user


def _check_password(user: Raw | None, password: str, *, account: str, network: str) -> None:
    """Raises `WrongCredentials` or, after too many of them, `TooManyRequests`."""
    key = _failures(account) + network
    counters.count(key, settings.FAILED_LOGINS).enforce()
    if not passwords.matches(password, user and user.get("password")):
        raise WrongCredentials
    counters.forget(key)


def _failures(account: str) -> str:
    """What the keys begin with under which an account's failed logins count, per network."""
    return f"login:{sha256(normalise(account).encode()).hexdigest()}:"


def log_in(*, name: str, password: str, network: str) -> TokenPair:
    """A new session and its tokens. Raises as `authenticate` does."""
    user = authenticate(name=name, password=password, network=network)
    with _still_valid():
        return sessions.log_in(user)


def open_browser_session(*, name: str, password: str, network: str) -> ObjectId:
    """A new session for a browser's cookie. Raises as `authenticate` does."""
    user = authenticate(name=name, password=password, network=network)
    with _still_valid():
        return sessions.open_session(user)


@contextmanager
def _still_valid() -> Iterator[None]:
    """A password that was changed while it was being checked is a wrong one."""
    try:
        yield
    except TokenError as error:
        raise WrongCredentials from error


# --- One's own account -----------------------------------------------------------------


def update_profile(
    user_id: ObjectId, changes: Raw, *, current_password: str | None, network: str, check: Check
) -> Raw:
    """Change one's own names; a new e-mail address needs the password.

    `check` sees the state that is about to be changed and may raise. Raises `Invalid`,
    `TooManyRequests`, `AlreadyExists`.
    """
    user = get_user(user_id)
    if "email" in changes and changes["email"] != user["email"]:
        _require_password(user, current_password, network=network)
    return update_user(user_id, changes, check=check)


def change_password(
    user_id: ObjectId, *, current_password: str, new_password: str, network: str
) -> TokenPair:
    """Set a new password, end all sessions and open a new one. Raises `Invalid`,
    `TooManyRequests`."""
    user = get_user(user_id)
    _require_password(user, current_password, network=network)
    # Only what was checked is replaced: a reset that came in between has the last word.
    state = {"_id": user_id, "password": user["password"]}
    with _still_valid():
        return sessions.log_in(set_password(state, new_password))


def _require_password(user: Raw, password: str | None, *, network: str) -> None:
    """Raises `Invalid` about `current_password`; counts like a failed login."""
    if password is None:
        raise Invalid(errors={"current_password": [str(_("Enter your current password."))]})
    try:
        _check_password(user, password, account=str(user["_id"]), network=network)
    except WrongCredentials as error:
        wrong = {"current_password": [str(_("The password is wrong."))]}
        raise Invalid(errors=wrong) from error


# --- Writing ---------------------------------------------------------------------------


def set_password(state: Raw, password: str, **more: Any) -> Raw:
    """Store a new hash for the user who is in this state, end all sessions, and forget failed
    logins and resets that were asked for. Raises `Unauthenticated` where there is none."""
    values = {"password": passwords.make_hash(password)} | more
    user = in_transaction(
        lambda transaction: write_password(state, values, transaction=transaction)
    )
    forget_failures(user)
    return user


def write_password(state: Raw, values: Raw, *, transaction: ClientSession | None) -> Raw:
    """The same within a transaction, with the hash among the values."""
    user = User.collection().find_one_and_update(
        state, {"$set": values}, return_document=ReturnDocument.AFTER, session=transaction
    )
    if user is None:
        raise Unauthenticated
    sessions.end_all(user["_id"], transaction=transaction)
    PasswordReset.collection().delete_many({"user_id": user["_id"]}, session=transaction)
    return user


def forget_failures(user: Raw) -> None:
    """Whoever has just set the password may fail to type it."""
    counters.forget_all(_failures(str(user["_id"])))


def get_user(user_id: ObjectId, *, transaction: ClientSession | None = None) -> Raw:
    """One user. Raises `UserNotFound`."""
    user = User.collection().find_one({"_id": user_id}, session=transaction)
    if user is None:
        raise UserNotFound
    return user


def accept(user: Raw) -> None:
    """The check that lets every state pass."""


def update_user(user_id: ObjectId, changes: Raw, *, check: Check = accept) -> Raw:
    """Set a user's fields together with what follows from them. Raises as `write_user` does."""
    user = in_transaction(
        lambda transaction: write_user(user_id, changes, check=check, transaction=transaction)
    )
    show_address(user)
    return user


def write_user(
    user_id: ObjectId, changes: Raw, *, check: Check, transaction: ClientSession | None
) -> Raw:
    """The same within a transaction, after which `show_address` is due. What changes nothing is
    not written. Raises `UserNotFound`, `AlreadyExists`, `Invalid`, and what `check` raises."""
    before = get_user(user_id, transaction=transaction)
    check(before)
    values = changes | _derived(before, changes)
    if all(before.get(key) == value for key, value in values.items()):
        return before
    if "email" in values and values["email"] != before.get("email"):
        values["address_pending"] = ObjectId()
        # A link that was mailed to the old address must not open the account any more.
        PasswordReset.collection().delete_many({"user_id": user_id}, session=transaction)
    try:
        return User.collection().find_one_and_update(
            {"_id": user_id},
            {"$set": values, "$inc": {"version": 1}},
            return_document=ReturnDocument.AFTER,
            session=transaction,
        )
    except DuplicateKeyError:
        _refuse_taken(before | changes, besides=user_id)
        raise


def show_address(user: Raw) -> None:
    """Have everything show a changed address, outside the transaction: a prolific author's items
    are more than one can hold. What is interrupted here is left for the worker."""
    try:
        if "address_pending" in user:
            User.announce_address(user)
    except PyMongoError:
        logger.exception("Left for the worker: the new address of user %s", user["_id"])


def _derived(before: Raw, changes: Raw) -> Raw:
    """What follows from changed names. Raises `AlreadyExists` and, about names that an
    earlier user lacks, `Invalid`."""
    if changes.keys().isdisjoint(User.LISTING.searched):
        return {}
    names = User.complete(before) | changes
    missing = [field for field in TAKEN if not names.get(field)]
    if missing:
        raise Invalid(errors={field: [str(_("This field is required."))] for field in missing})
    _refuse_taken(names, besides=before["_id"])
    return User.derived(names)
