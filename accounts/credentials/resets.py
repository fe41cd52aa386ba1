"""Forgotten passwords: a single-use link to the stored address sets a new one."""

from datetime import timedelta

from pymongo.client_session import ClientSession

from accounts import services, users
from accounts.credentials import emails, passwords
from accounts.credentials.links import hash_of, new_token
from accounts.documents import PasswordReset, User, normalise
from accounts.errors import InvalidResetToken
from core.database import counters
from core.database.documents import Raw
from core.database.transactions import in_transaction
from core.environment import Rate
from core.errors import Unauthenticated
from core.times import now

LIFETIME = timedelta(hours=1)
# From however many networks they are asked for: a mailbox must not be filled.
MAILS_PER_USER = Rate(5, 3600)


def send(*, email: str, language: str) -> None:
    """Mail a link to the stored address, if there is such an active user.

    Links sent before stay valid for their hour: else a stranger who keeps asking could
    keep somebody from ever setting a new password.
    """
    user = User.collection().find_one({"email_key": normalise(email)})
    if user is None or not User.is_active_in(user):
        return
    if counters.count(f"reset:{user['_id']}", MAILS_PER_USER).exceeded:
        return
    token = new_token()
    PasswordReset(token_hash=hash_of(token), user_id=user["_id"], expires_at=now() + LIFETIME).save(
        force_insert=True
    )
    emails.send_reset(user["email"], token=token, language=language)


def confirm(*, token: str, new_password: str) -> None:
    """Set the password, once, and end all sessions. Raises `InvalidResetToken`."""
    valid = {"_id": hash_of(token), "expires_at": {"$gt": now()}}
    if not PasswordReset.collection().find_one(valid, {"_id": 1}):  # before the work of hashing
        raise InvalidResetToken
    values = {"password": passwords.make_hash(new_password)}

    def redeem(transaction: ClientSession | None) -> Raw:
        reset = PasswordReset.collection().find_one_and_delete(valid, session=transaction)
        if reset is None:
            raise InvalidResetToken
        active = {"_id": reset["user_id"]} | User.ACTIVE
        return users.write_password(active, values, event="password_reset", transaction=transaction)

    try:
        services.forget_failures(in_transaction(redeem))
    except Unauthenticated as error:
        raise InvalidResetToken from error
