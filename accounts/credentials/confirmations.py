"""Confirmed addresses: with `VERIFY_EMAIL` a new account is a contributor until its address is."""

from datetime import timedelta

from bson import ObjectId
from django.conf import settings
from pymongo.client_session import ClientSession

from accounts import users
from accounts.credentials import emails, sessions
from accounts.credentials.links import hash_of, new_token
from accounts.documents import EmailConfirmation, User
from accounts.errors import InvalidConfirmationToken
from accounts.roles import Role
from core.database import counters
from core.database.transactions import in_transaction
from core.environment import Rate
from core.times import now

LIFETIME = timedelta(days=3)
MAILS_PER_USER = Rate(5, 3600)


def send(user_id: ObjectId, *, language: str) -> None:
    """Mail a link to the address that a user has now, if it is still to be confirmed."""
    awaiting = {"_id": user_id, "awaits_confirmation": True} | User.ACTIVE
    user = User.collection().find_one(awaiting)
    if user is None or counters.count(f"confirm:{user_id}", MAILS_PER_USER).exceeded:
        return
    token = new_token()
    EmailConfirmation(token_hash=hash_of(token), user_id=user_id, expires_at=now() + LIFETIME).save(
        force_insert=True
    )
    emails.send_confirmation(user["email"], token=token, language=language)


def confirm(token: str) -> None:
    """Give the user the role of those who register, once. Raises `InvalidConfirmationToken`."""
    valid = {"_id": hash_of(token), "expires_at": {"$gt": now()}}

    def redeem(transaction: ClientSession | None) -> None:
        link = EmailConfirmation.collection().find_one_and_delete(valid, session=transaction)
        if link is None:
            raise InvalidConfirmationToken
        user = User.collection().find_one({"_id": link["user_id"]}, session=transaction)
        if user is None or not User.is_active_in(user):
            raise InvalidConfirmationToken
        # An admin who gave them a role meanwhile has the last word.
        if user.get("awaits_confirmation"):
            role = {"role": Role(settings.REGISTRATION_ROLE)}
            actor = sessions.actor_of(user)
            users.write_user(user["_id"], role, actor=actor, transaction=transaction)

    in_transaction(redeem)
