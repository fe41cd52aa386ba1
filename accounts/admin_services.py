"""What admins do to accounts, and the rule that one of them always remains."""

from collections.abc import Callable
from contextlib import suppress

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from accounts import services
from accounts.credentials import sessions
from accounts.documents import Lock, PasswordReset, User
from accounts.errors import LastAdmin
from core.database.documents import Check, Raw
from core.database.transactions import in_transaction

LOCK = {"_id": "admins"}


def update_user(user_id: ObjectId, changes: Raw, *, check: Check = services.accept) -> Raw:
    """Change a user as an admin may; `check` sees the state before and may raise.

    Raises `UserNotFound`, `AlreadyExists`, `LastAdmin`.
    """
    if changes.get("is_active") is not False and changes.get("is_admin") is not False:
        return services.update_user(user_id, changes, check=check)

    def work(transaction: ClientSession | None) -> Raw:
        check(services.get_user(user_id, transaction=transaction))
        _keep_an_admin(besides=user_id, transaction=transaction)
        if changes.get("is_active") is False:
            sessions.end_all(user_id, transaction=transaction)
        return services.write_user(user_id, changes, check=services.accept, transaction=transaction)

    user = _one_at_a_time(work)
    services.show_address(user)
    return user


def delete_user(user_id: ObjectId, *, check: Check = services.accept) -> None:
    """Remove a user and end their sessions; what they wrote stays and shows their address.

    `check` sees the state before and may raise. Raises `UserNotFound`, `LastAdmin`.
    """

    def work(transaction: ClientSession | None) -> None:
        check(services.get_user(user_id, transaction=transaction))
        _keep_an_admin(besides=user_id, transaction=transaction)
        User.collection().delete_one({"_id": user_id}, session=transaction)
        sessions.end_all(user_id, transaction=transaction)
        PasswordReset.collection().delete_many({"user_id": user_id}, session=transaction)

    _one_at_a_time(work)


def _one_at_a_time(work: Callable[[ClientSession | None], Raw | None]) -> Raw | None:
    """Run `work` in a transaction that none of its kind runs beside."""
    # Before the transaction: two that both create it would not wait for one another.
    with suppress(DuplicateKeyError):
        Lock.collection().update_one(LOCK, {"$setOnInsert": {"uses": 0}}, upsert=True)
    return in_transaction(work)


def _keep_an_admin(*, besides: ObjectId, transaction: ClientSession | None) -> None:
    """Raises `LastAdmin` where `besides` is the only active admin.

    Every such transaction writes the same document first, so that two cannot remove the
    last two admins side by side.
    """
    Lock.collection().update_one(LOCK, {"$inc": {"uses": 1}}, session=transaction)
    # An earlier user whose names clash has no keys and cannot log in.
    admins = {"is_admin": True, "email_key": {"$ne": None}} | User.ACTIVE
    users = User.collection()
    concerned = users.find_one(admins | {"_id": besides}, {"_id": 1}, session=transaction)
    others = users.find_one(admins | {"_id": {"$ne": besides}}, {"_id": 1}, session=transaction)
    if concerned and not others:
        raise LastAdmin
