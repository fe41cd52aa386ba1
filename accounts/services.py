"""Joining, logging in, and one's own account. Knows nothing of requests; raises domain errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from bson import ObjectId
from django.conf import settings
from django.utils.translation import gettext as _

from accounts import users
from accounts.credentials import passwords, sessions
from accounts.credentials.sessions import TokenPair
from accounts.credentials.tokens import TokenError
from accounts.documents import User, normalise
from accounts.errors import InactiveUser, WrongCredentials
from accounts.roles import Role, stored_as
from core.database import counters
from core.database.documents import Check, Raw
from core.database.transactions import in_transaction
from core.errors import Invalid
from core.events import Actor
from core.metrics import LOGINS

# --- Joining ---------------------------------------------------------------------------


def register(*, email: str, username: str, password: str, full_name: str | None = None) -> Raw:
    """Somebody joins by themselves. With `VERIFY_EMAIL` they are a contributor until they have
    confirmed their address. Raises `AlreadyExists`."""
    awaits = settings.VERIFY_EMAIL
    user = users.new_user(
        email=email,
        username=username,
        password=password,
        full_name=full_name,
        role=Role.CONTRIBUTOR if awaits else Role(settings.REGISTRATION_ROLE),
        awaits_confirmation=awaits or None,
    )
    return _store(user, actor=Actor(user.id, user.full_name))


def create_user(
    *,
    email: str,
    username: str,
    password: str,
    full_name: str | None = None,
    role: Role = Role.AUTHOR,
) -> Raw:
    """A new user of whom no address is asked to be confirmed. Raises `AlreadyExists`."""
    user = users.new_user(
        email=email, username=username, password=password, full_name=full_name, role=role
    )
    return _store(user, actor=None)


def _store(user: User, *, actor: Actor | None) -> Raw:
    with users.unique_names({"email": user.email, "username": user.username}):
        return in_transaction(
            lambda transaction: users.add(user, actor=actor, transaction=transaction)
        )


def make_admin(*, email: str, username: str, password: str) -> tuple[Raw, bool]:
    """An active admin with this password: the existing user of that e-mail or username, or a
    new one (then the second value is True)."""
    user = users.find_user(email) or users.find_user(username)
    if user:
        return promote(user, password=password), False
    return create_user(email=email, username=username, password=password, role=Role.ADMIN), True


def promote(user: Raw, *, password: str) -> Raw:
    """Make an existing user an active admin with this password."""
    more = {**stored_as(Role.ADMIN), "is_active": True}
    return set_password({"_id": user["_id"]}, password, by_owner=False, **more)


# --- Logging in ------------------------------------------------------------------------


def authenticate(*, name: str, password: str, network: str) -> Raw:
    """The active user with these credentials.

    Failures count per account and network (see `client_network`), unknown names alike, before
    anything is hashed. Raises `TooManyRequests`, `WrongCredentials` and, only to those who know the
    password, `InactiveUser`.
    """
    user = users.find_user(name)
    _check_password(user, password, account=str(user["_id"]) if user else name, network=network)
    if not User.is_active_in(user):
        LOGINS.labels("inactive").inc()
        raise InactiveUser
    LOGINS.labels("accepted").inc()
    return user


def _check_password(user: Raw | None, password: str, *, account: str, network: str) -> None:
    """Raises `WrongCredentials` or, after too many of them, `TooManyRequests`."""
    key = _failures(account) + network
    usage = counters.count(key, settings.FAILED_LOGINS)
    if usage.exceeded:
        LOGINS.labels("limited").inc()
        usage.enforce()
    if not passwords.matches(password, user and user.get("password")):
        LOGINS.labels("wrong").inc()
        raise WrongCredentials
    counters.forget(key)


def _failures(account: str) -> str:
    """What the keys begin with under which an account's failed logins count, per network."""
    return f"login:{sha256(normalise(account).encode()).hexdigest()}:"


def log_in(*, name: str, password: str, network: str, user_agent: str) -> TokenPair:
    """A new session and its tokens. Raises as `authenticate` does."""
    user = authenticate(name=name, password=password, network=network)
    with _still_valid():
        return sessions.log_in(user, user_agent=user_agent)


def open_browser_session(*, name: str, password: str, network: str, user_agent: str) -> ObjectId:
    """A new session for a browser's cookie. Raises as `authenticate` does."""
    user = authenticate(name=name, password=password, network=network)
    with _still_valid():
        return sessions.open_session(user, user_agent=user_agent)


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
    user = users.get_user(user_id)
    if "email" in changes and changes["email"] != user["email"]:
        _require_password(user, current_password, network=network)
    return update_user(user_id, changes, actor=sessions.actor_of(user), check=check)


def change_password(user_id: ObjectId, *, user_agent: str, **passwords_given: str) -> TokenPair:
    """Set a new password, end all sessions and open a new one. Raises `Invalid`,
    `TooManyRequests`."""
    with _still_valid():
        return sessions.log_in(_changed_password(user_id, **passwords_given), user_agent=user_agent)


def change_password_in_browser(
    user_id: ObjectId, *, user_agent: str, **passwords_given: str
) -> ObjectId:
    """The same, with a session that its cookie stands for."""
    with _still_valid():
        user = _changed_password(user_id, **passwords_given)
        return sessions.open_session(user, user_agent=user_agent)


def _changed_password(
    user_id: ObjectId, *, current_password: str, new_password: str, network: str
) -> Raw:
    user = users.get_user(user_id)
    _require_password(user, current_password, network=network)
    # Only what was checked is replaced: a reset that came in between has the last word.
    return set_password({"_id": user_id, "password": user["password"]}, new_password)


def _require_password(user: Raw, password: str | None, *, network: str) -> None:
    """Raises `Invalid` about `current_password`; counts like a failed login."""
    if password is None:
        raise Invalid(errors={"current_password": [_("Enter your current password.")]})
    try:
        _check_password(user, password, account=str(user["_id"]), network=network)
    except WrongCredentials as error:
        wrong = {"current_password": [_("The password is wrong.")]}
        raise Invalid(errors=wrong) from error


# --- Writing ---------------------------------------------------------------------------


def set_password(state: Raw, password: str, *, by_owner: bool = True, **more: Any) -> Raw:
    """Store a new hash, and more, for the user who is in this state, end all sessions, and forget
    failed logins and resets that were asked for. Raises `Unauthenticated` where there is none."""
    values = {"password": passwords.make_hash(password)} | more
    user = in_transaction(
        lambda transaction: users.write_password(
            state, values, event="password_changed", by_owner=by_owner, transaction=transaction
        )
    )
    forget_failures(user)
    return user


def forget_failures(user: Raw) -> None:
    """Whoever has just set the password may fail to type it."""
    counters.forget_all(_failures(str(user["_id"])))


def update_user(
    user_id: ObjectId, changes: Raw, *, actor: Actor | None, check: Check = users.accept
) -> Raw:
    """Set a user's fields and have everything show them. Raises as `users.write_user` does."""
    user = in_transaction(
        lambda transaction: users.write_user(
            user_id, changes, actor=actor, check=check, transaction=transaction
        )
    )
    users.show_author(user)
    return user
