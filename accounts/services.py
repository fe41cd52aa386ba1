"""What can be done to accounts. Knows nothing of requests; raises domain errors."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from accounts import emails, passwords, sessions
from accounts.documents import Lock, PasswordReset, User, normalise
from accounts.sessions import TokenPair
from accounts.signals import user_email_changed
from lsa_site import mongo
from lsa_site.api import throttling
from lsa_site.api.documents import Raw
from lsa_site.api.errors import (
    AlreadyExists,
    ApplicationError,
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
)
from lsa_site.api.times import now

RESET_LIFETIME = timedelta(hours=1)
TAKEN = {"email": _("Email already registered"), "username": _("Username already taken")}


class WrongCredentials(Unauthenticated):
    code = "invalid_credentials"
    message = _("Incorrect username or password")


class InactiveUser(ApplicationError):
    code = "inactive_user"
    message = _("The user is not active")


class RegistrationClosed(Forbidden):
    code = "registration_closed"
    message = _("Registration is closed")


class LastAdmin(ApplicationError):
    status = 409
    code = "last_admin"
    message = _("The last active admin cannot be removed, deactivated or demoted.")


class InvalidResetToken(ApplicationError):
    code = "invalid_reset_token"
    message = _("The link is not valid any more. Ask for a new one.")


# --- Joining and logging in ------------------------------------------------------------


def register(*, email: str, username: str, password: str, full_name: str | None = None) -> Raw:
    """A new active account. Raises `RegistrationClosed`, `AlreadyExists`."""
    if not settings.REGISTRATION_OPEN:
        raise RegistrationClosed
    return create_user(email=email, username=username, password=password, full_name=full_name)


def create_user(
    *,
    email: str,
    username: str,
    password: str,
    full_name: str | None = None,
    is_admin: bool = False,
) -> Raw:
    """Store a new user; the unique index decides between rivals. Raises `AlreadyExists`."""
    names = {"email": email, "username": username, "full_name": full_name or username}
    _refuse_taken(names)
    user = User(
        **names, **User.derived(names), password=passwords.make_hash(password), is_admin=is_admin
    )
    try:
        return User.collection().find_one({"_id": user.save(force_insert=True).id})
    except Exception as error:
        _explain_clash(error, names)
        raise


def _refuse_taken(names: Raw, *, besides: ObjectId | None = None) -> None:
    """Raises `AlreadyExists` that names each field whose value another user has."""
    errors = {}
    for field in TAKEN.keys() & names.keys():
        same = {f"{field}_key": normalise(names[field]), "_id": {"$ne": besides}}
        if User.collection().find_one(same, {"_id": 1}):
            errors[field] = [str(TAKEN[field])]
    if errors:
        raise AlreadyExists(next(iter(errors.values()))[0], errors=errors)


def find_user(name: str) -> Raw | None:
    """The user with this e-mail or username, without regard to case and outer spaces."""
    key, users = normalise(name), User.collection()
    return users.find_one({"email_key": key}) or users.find_one({"username_key": key})


def authenticate(*, name: str, password: str, address: str) -> Raw:
    """The active user with these credentials.

    Failures count per account and address, unknown names alike, before anything is
    hashed. Raises `TooManyRequests`, `WrongCredentials` and, only to those who know the
    password, `InactiveUser`.
    """
    user = find_user(name)
    _check_password(user, password, account=str(user["_id"]) if user else name, address=address)
    if user.get("is_active") is False:
        raise InactiveUser
    return user


def _check_password(user: Raw | None, password: str, *, account: str, address: str) -> None:
    """Raises `WrongCredentials` or, after too many of them, `TooManyRequests`."""
    digest = sha256(normalise(account).encode()).hexdigest()
    key = f"login:{digest}:{address}"
    throttling.count(key, settings.FAILED_LOGINS).check()
    if not passwords.matches(password, user and user.get("password")) or user is None:
        raise WrongCredentials
    throttling.forget(key)


def log_in(*, name: str, password: str, address: str) -> TokenPair:
    """A new session and its tokens. Raises as `authenticate` does."""
    user = authenticate(name=name, password=password, address=address)
    pair = sessions.log_in(user)
    _refuse_outdated(user)
    return pair


def open_browser_session(*, name: str, password: str, address: str) -> ObjectId:
    """A new session for a browser's cookie. Raises as `authenticate` does."""
    user = authenticate(name=name, password=password, address=address)
    session_id = sessions.open_session(user)
    _refuse_outdated(user)
    return session_id


def _refuse_outdated(user: Raw) -> None:
    """Raises `WrongCredentials` where the password changed, or the user went, while it was
    being checked: the sessions that change ended must not be outlived by a new one."""
    if not User.collection().find_one({"_id": user["_id"], "password": user["password"]}):
        sessions.end_all(user["_id"])
        raise WrongCredentials


# --- One's own account -----------------------------------------------------------------


def update_profile(
    user_id: ObjectId, changes: Raw, *, current_password: str | None, address: str
) -> Raw:
    """Change one's own names; a new e-mail address needs the password.

    Raises `Invalid`, `TooManyRequests`, `AlreadyExists`.
    """
    user = _get(user_id)
    if "email" in changes and changes["email"] != user["email"]:
        _require_password(user, current_password, address=address)
    return _update(user_id, changes)


def change_password(
    user_id: ObjectId, *, current_password: str, new_password: str, address: str
) -> TokenPair:
    """Set a new password, end all sessions and open a new one. Raises `Invalid`,
    `TooManyRequests`."""
    user = _get(user_id)
    _require_password(user, current_password, address=address)
    return sessions.log_in(_set_password(user_id, new_password))


def _require_password(user: Raw, password: str | None, *, address: str) -> None:
    """Raises `Invalid` about `current_password`; counts like a failed login."""
    if password is None:
        raise Invalid(errors={"current_password": [str(_("Enter your current password."))]})
    try:
        _check_password(user, password, account=str(user["_id"]), address=address)
    except WrongCredentials as error:
        wrong = {"current_password": [str(_("The password is wrong."))]}
        raise Invalid(errors=wrong) from error


def _set_password(user_id: ObjectId, password: str, **more: Any) -> Raw:
    """Store a new hash, end all sessions, and forget resets that were asked for."""
    user = User.collection().find_one_and_update(
        {"_id": user_id},
        {"$set": {"password": passwords.make_hash(password)} | more},
        return_document=ReturnDocument.AFTER,
    )
    if user is None:
        raise NotFound
    sessions.end_all(user_id)
    PasswordReset.collection().delete_many({"user_id": user_id})
    return user


# --- Password reset --------------------------------------------------------------------


def send_password_reset(*, email: str, language: str) -> None:
    """Mail a single-use link to the stored address, if there is such an active user."""
    user = User.collection().find_one({"email_key": normalise(email)})
    if user is None or user.get("is_active") is False:
        return
    token = token_urlsafe(32)
    PasswordReset.collection().delete_many({"user_id": user["_id"]})
    PasswordReset(
        token_hash=_reset_key(token), user_id=user["_id"], expires_at=now() + RESET_LIFETIME
    ).save(force_insert=True)
    emails.send_reset(user, token=token, language=language)


def confirm_password_reset(*, token: str, new_password: str) -> None:
    """Set the password, once, and end all sessions. Raises `InvalidResetToken`."""
    reset = PasswordReset.collection().find_one_and_delete(
        {"_id": _reset_key(token), "expires_at": {"$gt": now()}}
    )
    if reset is None:
        raise InvalidResetToken
    try:
        _set_password(reset["user_id"], new_password)
    except NotFound as error:
        raise InvalidResetToken from error


def _reset_key(token: str) -> str:
    return sha256(token.encode()).hexdigest()


# --- Administration --------------------------------------------------------------------


def make_admin(*, email: str, username: str, password: str) -> tuple[Raw, bool]:
    """An active admin with this password: the existing user of that e-mail or username, or a
    new one (then the second value is True)."""
    user = find_user(email) or find_user(username)
    if user is None:
        user = create_user(email=email, username=username, password=password, is_admin=True)
        return user, True
    return _set_password(user["_id"], password, is_admin=True, is_active=True), False


def update_user(user_id: ObjectId, changes: Raw) -> Raw:
    """Change a user as an admin may. Raises `NotFound`, `AlreadyExists`, `LastAdmin`."""
    loses_admin = changes.get("is_active") is False or changes.get("is_admin") is False

    def work(session: ClientSession | None) -> Raw:
        if loses_admin:
            _keep_an_admin(besides=user_id, session=session)
            sessions.end_all(user_id, session=session)
        return _write(user_id, changes, session=session)

    return mongo.in_transaction(work) if loses_admin else _update(user_id, changes)


def delete_user(user_id: ObjectId) -> None:
    """Remove a user and end their sessions; what they wrote stays and shows their address.

    Raises `NotFound`, `LastAdmin`.
    """

    def work(session: ClientSession | None) -> None:
        _keep_an_admin(besides=user_id, session=session)
        if User.collection().delete_one({"_id": user_id}, session=session).deleted_count == 0:
            raise NotFound
        sessions.end_all(user_id, session=session)
        PasswordReset.collection().delete_many({"user_id": user_id}, session=session)

    mongo.in_transaction(work)


def _keep_an_admin(*, besides: ObjectId, session: ClientSession | None) -> None:
    """Raises `LastAdmin` where `besides` is the only active admin.

    Every such transaction writes the same document first, so that two cannot remove the
    last two admins side by side.
    """
    Lock.collection().update_one(
        {"_id": "admins"}, {"$inc": {"uses": 1}}, upsert=True, session=session
    )
    admins = {"is_admin": True, "is_active": {"$ne": False}}
    users = User.collection()
    concerned = users.find_one(admins | {"_id": besides}, {"_id": 1}, session=session)
    others = users.find_one(admins | {"_id": {"$ne": besides}}, {"_id": 1}, session=session)
    if concerned and not others:
        raise LastAdmin


# --- Shared ----------------------------------------------------------------------------


def _get(user_id: ObjectId) -> Raw:
    user = User.collection().find_one({"_id": user_id})
    if user is None:
        raise NotFound
    return user


def _update(user_id: ObjectId, changes: Raw) -> Raw:
    return mongo.in_transaction(lambda session: _write(user_id, changes, session=session))


def _write(user_id: ObjectId, changes: Raw, *, session: ClientSession | None) -> Raw:
    """Set a user's fields with what follows from them. Raises `NotFound`, `AlreadyExists`."""
    before = User.collection().find_one({"_id": user_id}, session=session)
    if before is None:
        raise NotFound
    names = changes.keys() & {"email", "username", "full_name"}
    if names:
        _refuse_taken(changes, besides=user_id)
        changes = changes | User.derived(User.complete(before) | changes)
    try:
        after = User.collection().find_one_and_update(
            {"_id": user_id},
            {"$set": changes},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
    except DuplicateKeyError as error:
        _explain_clash(error, changes)
        raise
    if after["email"] != before["email"]:
        user_email_changed.send(User, user_id=user_id, email=after["email"], session=session)
    return after


def _explain_clash(error: Exception, names: Raw) -> None:
    """Raises `AlreadyExists` for a lost race about a unique name; else leaves it alone."""
    text = str(error)
    for field, message in TAKEN.items():
        if f"{field}_key" in text and field in names:
            raise AlreadyExists(str(message), errors={field: [str(message)]}) from error
