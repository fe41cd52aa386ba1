"""Users as stored: found, added and changed, each change with what follows from it and the event
that tells of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bson import ObjectId
from django.utils.translation import gettext_lazy as _
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError, PyMongoError

from accounts.credentials import passwords, sessions
from accounts.documents import EmailConfirmation, PasswordReset, User, normalise
from accounts.errors import UserNotFound
from accounts.roles import Role, role_of, stored_as
from core import events
from core.database.documents import Check, Raw
from core.errors import AlreadyExists, Invalid, Unauthenticated
from core.events import Actor

logger = logging.getLogger(__name__)

TAKEN = {"email": _("Email already registered"), "username": _("Username already taken")}


# --- Finding ---------------------------------------------------------------------------


def find_user(name: str) -> Raw | None:
    """The user with this e-mail or username, without regard to case and outer spaces."""
    key, users = normalise(name), User.collection()
    return users.find_one({"email_key": key}) or users.find_one({"username_key": key})


def get_user(user_id: ObjectId, *, transaction: ClientSession | None = None) -> Raw:
    """One user. Raises `UserNotFound`."""
    user = User.collection().find_one({"_id": user_id}, session=transaction)
    if user is None:
        raise UserNotFound
    return user


# --- Adding ----------------------------------------------------------------------------


def new_user(
    *,
    email: str,
    username: str,
    password: str,
    full_name: str | None,
    role: Role,
    id: ObjectId | None = None,
    awaits_confirmation: bool | None = None,
) -> User:
    """A user, not yet stored. Raises `AlreadyExists` before the work of hashing."""
    given = {"email": email, "username": username, "full_name": full_name}
    names = given | {"full_name": User.full_name_in(given)}
    refuse_taken(names)
    user = User(
        id=id or ObjectId(),
        **names,
        **User.derived(names),
        **stored_as(role),
        password=passwords.make_hash(password),
        awaits_confirmation=awaits_confirmation,
    )
    user.validate()
    return user


def add(user: User, *, actor: Actor | None, transaction: ClientSession | None) -> Raw:
    """Store it; the unique indexes decide between rivals, see `unique_names`."""
    raw = user.to_mongo().to_dict()
    User.collection().insert_one(raw, session=transaction)
    record("registered", raw, actor=actor, transaction=transaction)
    return raw


def refuse_taken(names: Raw, *, besides: ObjectId | None = None) -> None:
    """Raises `AlreadyExists` that names each field whose value another user has."""
    errors = {}
    for field, message in TAKEN.items():
        if not names.get(field):  # an earlier user's
            continue
        same = {f"{field}_key": normalise(names[field]), "_id": {"$ne": besides}}
        if User.collection().find_one(same, {"_id": 1}):
            errors[field] = [str(message)]
    if errors:
        raise AlreadyExists(next(iter(errors.values()))[0], errors=errors)


@contextmanager
def unique_names(names: Raw, *, besides: ObjectId | None = None) -> Iterator[None]:
    """A lost race for a name is told as a name that was taken before."""
    try:
        yield
    except DuplicateKeyError:
        refuse_taken(names, besides=besides)
        raise


# --- Changing --------------------------------------------------------------------------


def accept(user: Raw) -> None:
    """The check that lets every state pass."""


def write_user(
    user_id: ObjectId,
    changes: Raw,
    *,
    actor: Actor | None,
    transaction: ClientSession | None,
    check: Check = accept,
) -> Raw:
    """Set a user's fields together with what follows from them, within a transaction, after which
    `show_author` is due. What changes nothing is not written.

    Raises `UserNotFound`, `AlreadyExists`, `Invalid`, and what `check` raises.
    """
    before = get_user(user_id, transaction=transaction)
    check(before)
    plain = {name: value for name, value in changes.items() if name not in ("role", "is_admin")}
    values = plain | _role_values(before, changes) | _derived(before, changes)
    if all(before.get(key) == value for key, value in values.items()):
        return before
    if _is_new(before, values, "email"):
        # A link that was mailed to the old address must not open the account any more.
        forget_links(user_id, transaction=transaction)
    if _is_new(before, values, "email") or _is_new(before, values, "full_name"):
        values["author_pending"] = ObjectId()
    with unique_names(before | changes, besides=user_id):
        after = User.collection().find_one_and_update(
            {"_id": user_id},
            {"$set": values, "$inc": {"version": 1}},
            return_document=ReturnDocument.AFTER,
            session=transaction,
        )
    record_changes(before, after, actor=actor, transaction=transaction)
    return after


def _is_new(before: Raw, values: Raw, name: str) -> bool:
    return name in values and values[name] != before.get(name)


def _role_values(before: Raw, changes: Raw) -> Raw:
    """What is stored where a role was named, or `is_admin` alone: false makes an admin an author,
    and leaves others what they are."""
    current = role_of(before)
    if "role" in changes:
        role = Role(changes["role"])
    elif "is_admin" in changes:
        demoted = Role.AUTHOR if current is Role.ADMIN else current
        role = Role.ADMIN if changes["is_admin"] else demoted
    else:
        return {}
    # Who was given a role is not given another by confirming an address.
    awaits = {"awaits_confirmation": False} if before.get("awaits_confirmation") else {}
    return awaits if role is current else awaits | stored_as(role)


def _derived(before: Raw, changes: Raw) -> Raw:
    """What follows from changed names. Raises `AlreadyExists` and, about names that an
    earlier user lacks, `Invalid`."""
    if changes.keys().isdisjoint(User.LISTING.searched):
        return {}
    names = User.complete(before) | changes
    missing = [field for field in TAKEN if not names.get(field)]
    if missing:
        raise Invalid(errors={field: [str(_("This field is required."))] for field in missing})
    refuse_taken(names, besides=before["_id"])
    return User.derived(names)


def write_password(
    state: Raw,
    values: Raw,
    *,
    event: str,
    transaction: ClientSession | None,
    by_owner: bool = True,
) -> Raw:
    """Store a hash, among other values, for the user who is in this state; end all their sessions
    and forget resets that were asked for. Raises `Unauthenticated` where there is none."""
    before = User.collection().find_one_and_update(state, {"$set": values}, session=transaction)
    if before is None:
        raise Unauthenticated
    after = before | values
    sessions.end_all(after["_id"], transaction=transaction)
    PasswordReset.collection().delete_many({"user_id": after["_id"]}, session=transaction)
    actor = sessions.actor_of(after) if by_owner else None
    record(event, after, actor=actor, transaction=transaction)
    record_changes(before, after, actor=actor, transaction=transaction)
    return after


def forget_links(user_id: ObjectId, *, transaction: ClientSession | None) -> None:
    """What was mailed to a user opens nothing any more."""
    for document in (PasswordReset, EmailConfirmation):
        document.collection().delete_many({"user_id": user_id}, session=transaction)


def show_author(user: Raw) -> None:
    """Have everything show a changed address or name, outside the transaction: a prolific author's
    items are more than one can hold. What is interrupted here goes on at the next start."""
    try:
        if "author_pending" in user:
            User.announce_author(user)
    except PyMongoError:
        logger.exception("Left for the next start: the new names of user %s", user["_id"])


# --- Events ----------------------------------------------------------------------------


def record(
    what: str,
    user: Raw,
    *,
    actor: Actor | None,
    transaction: ClientSession | None,
    **data: Any,
) -> None:
    """Record what happened to a user; neither passwords nor addresses are told."""
    happened = events.event(
        f"user.{what}",
        actor=actor,
        resource=User.collection_name(),
        object_id=user["_id"],
        title=User.full_name_in(user),
        data=data,
    )
    events.record(happened, transaction=transaction)


def record_changes(
    before: Raw, after: Raw, *, actor: Actor | None, transaction: ClientSession | None
) -> None:
    """Record what a change means for what the user may do and how they are reached."""
    said = {"actor": actor, "transaction": transaction}
    roles = {"from": role_of(before).value, "to": role_of(after).value}
    if roles["from"] != roles["to"]:
        record("role_changed", after, **said, **roles)
    if User.is_active_in(before) != User.is_active_in(after):
        record("activated" if User.is_active_in(after) else "deactivated", after, **said)
    if before.get("email") != after.get("email"):
        record("email_changed", after, **said)
