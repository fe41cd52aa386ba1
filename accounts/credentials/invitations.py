"""Invitations: a single-use link to an address makes an account with the role that was chosen."""

from datetime import timedelta

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from accounts import users
from accounts.credentials.links import hash_of, new_token
from accounts.documents import Invitation, User, normalise
from accounts.errors import InvalidInvitation
from accounts.roles import Role
from core import events
from core.database.documents import Raw
from core.database.transactions import in_transaction
from core.events import Actor
from core.times import now

LIFETIME = timedelta(days=7)


def invite(*, email: str, role: Role, actor: Actor) -> tuple[Raw, str]:
    """The invitation of an address, and the token to mail to it; a former link is replaced.

    Raises `AlreadyExists` where the address has an account.
    """
    users.refuse_taken({"email": email})
    token = new_token()
    values = {
        "email": email,
        "role": role.value,
        "token_hash": hash_of(token),
        "expires_at": now() + LIFETIME,
    }

    def work(transaction: ClientSession | None) -> Raw:
        invitation = Invitation.collection().find_one_and_update(
            {"email_key": normalise(email)},
            {"$set": values},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=transaction,
        )
        _record_invited(invitation, actor=actor, transaction=transaction)
        return invitation

    try:
        return in_transaction(work), token
    except DuplicateKeyError:  # two first invitations at once: the second replaces the first
        return in_transaction(work), token


def _record_invited(invitation: Raw, *, actor: Actor, transaction: ClientSession | None) -> None:
    invited = events.event(
        "user.invited",
        actor=actor,
        resource=User.collection_name(),
        object_id=invitation["_id"],
        title=invitation["email"],
        data={"role": invitation["role"]},
    )
    events.record(invited, transaction=transaction)


def accept(*, token: str, username: str, full_name: str, password: str) -> Raw:
    """The new user of an invitation, once. Raises `InvalidInvitation`, `AlreadyExists`."""
    valid = {"token_hash": hash_of(token), "expires_at": {"$gt": now()}}
    invitation = Invitation.collection().find_one(valid)
    if invitation is None:
        raise InvalidInvitation
    user = users.new_user(
        id=invitation["_id"],
        email=invitation["email"],
        username=username,
        full_name=full_name,
        password=password,
        role=Role(invitation["role"]),
    )
    actor = Actor(user.id, user.full_name)

    def redeem(transaction: ClientSession | None) -> Raw:
        raw = users.add(user, actor=actor, transaction=transaction)
        if not Invitation.collection().delete_one(valid, session=transaction).deleted_count:
            raise InvalidInvitation
        return raw

    with users.unique_names({"email": user.email, "username": user.username}):
        return in_transaction(redeem)
