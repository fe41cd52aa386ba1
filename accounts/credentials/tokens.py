"""JSON Web Tokens (RFC 7519): made and read, without knowing of sessions or HTTP.

One algorithm is pinned by the settings; whatever a token's header says is compared with
it and never trusted.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
from django.conf import settings

from core.times import now

ACCESS, REFRESH = "access", "refresh"
Claims = dict[str, Any]


class TokenError(Exception):
    """Not a token of ours, or not for this use, or no longer valid."""


def access_lifetime() -> timedelta:
    return timedelta(minutes=settings.ACCESS_TOKEN_EXPIRE_MINUTES)


def refresh_lifetime() -> timedelta:
    return timedelta(days=settings.REFRESH_TOKEN_EXPIRE_DAYS)


def new_token_id() -> str:
    return uuid4().hex


def make_access(*, email: str, user_id: str, username: str, session_id: str) -> str:
    claims = {"sub": email, "user_id": user_id, "username": username, "sid": session_id}
    return _encode(ACCESS, claims | {"jti": new_token_id()}, access_lifetime())


def make_refresh(*, user_id: str, session_id: str, token_id: str) -> str:
    claims = {"user_id": user_id, "sid": session_id, "jti": token_id}
    return _encode(REFRESH, claims, refresh_lifetime())


def _encode(kind: str, claims: Claims, lifetime: timedelta) -> str:
    moment = now()
    claims = claims | {"token_type": kind, "iat": moment, "exp": moment + lifetime}
    return jwt.encode(claims, settings.SECRET_KEY, algorithm=settings.JWT_ALGORITHM)


def read(token: str, kind: str, *, allow_expired: bool = False) -> Claims:
    """The claims of a token of that kind; raises `TokenError`."""
    try:
        # PyJWT itself refuses critical extensions it does not know (RFC 7515, 4.1.11).
        claims = jwt.decode(
            token,
            settings.SECRET_KEY,
            algorithms=[settings.JWT_ALGORITHM],
            options={
                "require": ["exp", "iat", "jti", "sid", "user_id"],
                "verify_exp": not allow_expired,
                # Machines whose clocks differ by a second may share the work.
                "verify_iat": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenError(str(error)) from error
    if claims.get("token_type") != kind:
        raise TokenError("wrong kind of token")
    return claims
