"""Sessions: opened by a login, carried on by refresh tokens, ended at once.

Refresh tokens rotate (RFC 9700, 4.14.2): each is good for one exchange. One that comes
back later was stolen or copied, and ends the session for everybody who holds it; within
a grace period it is taken for two tabs that refreshed together.
"""

from datetime import timedelta
from typing import NamedTuple

from bson import ObjectId
from bson.errors import InvalidId
from django.conf import settings
from pymongo.client_session import ClientSession

from accounts.credentials.tokens import LenientRefreshToken, RefreshToken, TokenError
from accounts.documents import Session, User
from accounts.errors import SessionNotFound
from accounts.roles import ABILITIES, Ability, Role, role_of
from core.database import rereading
from core.database.documents import Raw
from core.database.rereading import Command
from core.events import Actor
from core.times import now

# How many exchanged tokens a session remembers, to tell two tabs from a thief.
REMEMBERED_ROTATIONS = 20
# How much of what a browser or app calls itself is kept.
LONGEST_USER_AGENT = 300
MOST_LISTED = 100
# What of a stored user nobody who is asking carries along.
NOT_CARRIED = ["password", "search_words"]
USER_OF_SESSION = {
    "from": User.collection_name(),
    "localField": "user_id",
    "foreignField": "_id",
    "as": "user",
}


class TokenRotated(TokenError):
    """The refresh token was exchanged a moment ago by somebody else, and the session lives."""


class TokenPair(NamedTuple):
    """What a login gives; `expires_in` is the access token's lifetime in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class Principal(NamedTuple):
    """Who is asking: the stored user and the session that vouches for them."""

    raw: Raw
    session_id: ObjectId

    is_authenticated = True

    @property
    def id(self) -> ObjectId:
        return self.raw["_id"]

    @property
    def email(self) -> str:
        return self.raw["email"]

    @property
    def username(self) -> str:
        return self.raw["username"]

    @property
    def role(self) -> Role:
        return role_of(self.raw)

    def may(self, ability: Ability) -> bool:
        return ability in ABILITIES[self.role]

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    @property
    def actor(self) -> Actor:
        """As events name who did something."""
        return actor_of(self.raw)


def actor_of(user: Raw) -> Actor:
    return Actor(user["_id"], User.full_name_in(user) or "")


def open_session(user: Raw, *, token_id: str | None = None, user_agent: str = "") -> ObjectId:
    """A new session for a user, with a refresh token's id or, for a browser, without.

    Raises `TokenError` where since `user` was read the password changed, or the user went or was
    deactivated: the sessions that this ended must not be outlived by a new one.
    """
    session = Session(
        user_id=user["_id"],
        token=token_id,
        user_agent=user_agent[:LONGEST_USER_AGENT],
        expires_at=now() + RefreshToken.lifetime,
    )
    session_id = session.save(force_insert=True).id
    same = {"_id": user["_id"], "password": user["password"]} | User.ACTIVE
    # Written, not only read. What ends sessions writes the user in the same transaction: either it
    # comes first and this waits and finds another user, or it meets this write, starts anew, and
    # ends the new session too.
    noted = User.collection().update_one(same, {"$set": {"last_login": now()}})
    if not noted.matched_count:
        end(session_id)
        raise TokenError("the account has changed")
    return session_id


def log_in(user: Raw, *, user_agent: str = "") -> TokenPair:
    """A new session with its first pair of tokens."""
    token = RefreshToken()
    session_id = open_session(user, token_id=token["jti"], user_agent=user_agent)
    return _pair(token.vouch_for(user, session_id))


def refresh(token: str) -> TokenPair:
    """Exchange a refresh token, once. Raises `TokenRotated` or `TokenError`."""
    given, following = RefreshToken(token), RefreshToken()
    # First: an exchange that is refused must not carry the session on.
    user = active_user(_object_id(given["user_id"]))
    session_id, moment = _object_id(given["sid"]), now()
    rotated = {"$each": [{"token": given["jti"], "at": moment}], "$slice": -REMEMBERED_ROTATIONS}
    session = Session.collection().find_one_and_update(
        {"_id": session_id, "token": given["jti"], "expires_at": {"$gt": moment}},
        {
            "$set": {
                "token": following["jti"],
                "last_used": moment,
                "expires_at": moment + RefreshToken.lifetime,
            },
            "$push": {"rotated": rotated},
        },
    )
    if session is None:
        _refuse_reuse(session_id, given["jti"])
    return _pair(following.vouch_for(user, session_id))


def _refuse_reuse(session_id: ObjectId, token_id: str) -> None:
    """Raises `TokenRotated` within the grace; else ends the session and raises `TokenError`."""
    session = Session.collection().find_one({"_id": session_id}) or {}
    since = now() - timedelta(seconds=settings.REFRESH_REUSE_GRACE_SECONDS)
    for rotation in session.get("rotated", []):
        if rotation["token"] == token_id and rotation["at"] >= since:
            raise TokenRotated("exchanged a moment ago")
    end(session_id)
    raise TokenError("used before")


def authenticate(session_id: ObjectId | str) -> Principal:
    """Who the session belongs to, as of now: one query, as every request with credentials asks.

    Raises `TokenError` where it or they are gone.
    """
    session_id = _object_id(session_id)
    found = Session.collection().aggregate(_user_of(session_id))
    return Principal(_active(next(found, None)), session_id)


def asking_again(session_id: ObjectId) -> list[Command]:
    """The command that finds who the session belongs to, as of now."""
    return [rereading.aggregate(Session.collection_name(), _user_of(session_id))]


def _user_of(session_id: ObjectId) -> list[Raw]:
    return [
        {"$match": {"_id": session_id, "expires_at": {"$gt": now()}}},
        {"$lookup": USER_OF_SESSION},
        {"$unwind": "$user"},
        {"$replaceRoot": {"newRoot": "$user"}},
        {"$project": dict.fromkeys(NOT_CARRIED, 0)},
    ]


def note_use(session_id: ObjectId) -> None:
    """A browser, which refreshes nothing, is still in use."""
    Session.collection().update_one({"_id": session_id}, {"$set": {"last_used": now()}})


def list_of(user_id: ObjectId) -> list[Raw]:
    """Where somebody is logged in, the newest logins first, `MOST_LISTED` at most."""
    lasting = {"user_id": user_id, "expires_at": {"$gt": now()}}
    return list(Session.collection().find(lasting, sort=[("_id", -1)]).limit(MOST_LISTED))


def get_own(session_id: ObjectId, user_id: ObjectId) -> Raw:
    """One of somebody's own sessions. Raises `SessionNotFound`."""
    own = {"_id": session_id, "user_id": user_id, "expires_at": {"$gt": now()}}
    session = Session.collection().find_one(own)
    if session is None:
        raise SessionNotFound
    return session


def end_own(session_id: ObjectId, user_id: ObjectId) -> None:
    """End one of somebody's own sessions. Raises `SessionNotFound`."""
    own = {"_id": session_id, "user_id": user_id}
    if not Session.collection().delete_one(own).deleted_count:
        raise SessionNotFound


def end(session_id: ObjectId | str) -> None:
    Session.collection().delete_one({"_id": _object_id(session_id)})


def end_by_token(token: str) -> None:
    """End the session of a refresh token, which may have expired. Raises `TokenError`."""
    end(LenientRefreshToken(token)["sid"])


def end_all(user_id: ObjectId, *, transaction: ClientSession | None = None) -> None:
    """End every session of a user, within a transaction where one is given."""
    Session.collection().delete_many({"user_id": user_id}, session=transaction)


def active_user(user_id: ObjectId) -> Raw:
    """The user as of now. Raises `TokenError` where there is none, or an inactive one."""
    return _active(User.collection().find_one({"_id": user_id}, dict.fromkeys(NOT_CARRIED, 0)))


def _active(user: Raw | None) -> Raw:
    if user is None or not User.is_active_in(user):
        raise TokenError("no such active user")
    return user


def _object_id(text: ObjectId | str) -> ObjectId:
    try:
        return ObjectId(text)
    except (InvalidId, TypeError) as error:
        raise TokenError("no such session") from error


def _pair(token: RefreshToken) -> TokenPair:
    access = token.access_token
    return TokenPair(str(access), str(token), int(access.lifetime.total_seconds()))
