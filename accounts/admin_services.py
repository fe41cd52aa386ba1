"""What admins do to accounts, and the rule that one of them always remains."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from accounts import services, users
from accounts.credentials import sessions
from accounts.documents import Lock, User
from accounts.errors import LastAdmin
from accounts.roles import Role
from core.database.documents import Check, Raw
from core.database.transactions import in_transaction
from core.events import Actor

LOCK = {"_id": "admins"}


def update_user(
    user_id: ObjectId, changes: Raw, *, actor: Actor, check: Check = users.accept
) -> Raw:
    """Change a user as an admin may; `check` sees the state before and may raise.

    Raises `UserNotFound`, `AlreadyExists`, `LastAdmin`.
    """
    if not _may_cost_an_admin(changes):
        return services.update_user(user_id, changes, actor=actor, check=check)

    def work(transaction: ClientSession | None) -> Raw:
        check(users.get_user(user_id, transaction=transaction))
        _keep_an_admin(besides=user_id, transaction=transaction)
        if changes.get("is_active") is False:
            sessions.end_all(user_id, transaction=transaction)
        return users.write_user(user_id, changes, actor=actor, transaction=transaction)

    user = _one_at_a_time(work)
    users.show_author(user)
    return user


def _may_cost_an_admin(changes: Raw) -> bool:
    is_demotion = changes.get("role", Role.ADMIN) != Role.ADMIN
    return is_demotion or changes.get("is_active") is False or changes.get("is_admin") is False


def delete_user(user_id: ObjectId, *, actor: Actor, check: Check = users.accept) -> None:
    """Remove a user and end their sessions; what they wrote stays and shows their address.

    `check` sees the state before and may raise. Raises `UserNotFound`, `LastAdmin`.
    """

    def work(transaction: ClientSession | None) -> None:
        user = users.get_user(user_id, transaction=transaction)
        check(user)
        _keep_an_admin(besides=user_id, transaction=transaction)
        User.collection().delete_one({"_id": user_id}, session=transaction)
        sessions.end_all(user_id, transaction=transaction)
        users.forget_links(user_id, transaction=transaction)
        users.record("removed", user, actor=actor, transaction=transaction)

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
    find = partial(User.collection().find_one, projection={"_id": 1}, session=transaction)
    concerned, others = find(admins | {"_id": besides}), find(admins | {"_id": {"$ne": besides}})
    if concerned and not others:
        raise LastAdmin
