"""JSON Web Tokens (RFC 7519), made and read by simplejwt; what they vouch for is a session of ours.

The library signs with one pinned algorithm (`SIMPLE_JWT`) and compares a token's header with it.
Rotation and ending are the business of sessions: its blacklist and its views need an ORM.
"""

from collections import OrderedDict
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from typing import Any, Self

from django.conf import settings
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.utils import datetime_from_epoch

from core.database.documents import Raw

__all__ = ["AccessToken", "LenientRefreshToken", "RefreshToken", "TokenError"]


# Some kilobyte each.
REMEMBERED_TOKENS = 1000


class RememberingBackend(TokenBackend):
    """Verifies the signature of a token once: a tenth of what `GET /auth/me` costs.

    Keeps claims under a hash, never a token. When it ends every reader still asks
    (`SessionToken.verify`), and who it stands for every request.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._claims: OrderedDict[bytes, dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def decode(self, token: bytes | str, verify: bool = True) -> dict[str, Any]:
        if not verify:
            return super().decode(token, verify)
        key = sha256(token if isinstance(token, bytes) else token.encode()).digest()
        with self._lock:
            if claims := self._claims.get(key):
                self._claims.move_to_end(key)
                return claims.copy()
        claims = super().decode(token)
        with self._lock:
            self._claims[key] = claims.copy()
            if len(self._claims) > REMEMBERED_TOKENS:
                self._claims.popitem(last=False)
        return claims


_REMEMBERING = RememberingBackend(
    api_settings.ALGORITHM, settings.SECRET_KEY, leeway=api_settings.LEEWAY
)
# Verifies all but how long ago a token expired.
_ANY_AGE = TokenBackend(api_settings.ALGORITHM, settings.SECRET_KEY, leeway=timedelta(days=36500))


class SessionToken(tokens.Token):
    """A token of one session: beside the library's claims it carries `sid` and `user_id`.

    Reading one raises `TokenError`, whatever is wrong with it.
    """

    def __init__(self, token: Any = None, verify: bool = True) -> None:
        try:
            super().__init__(token, verify)
        # Claims of odd types and sizes, which the library does not expect.
        except (TypeError, ValueError, OverflowError) as error:
            raise TokenError(str(error)) from error

    def verify(self) -> None:
        for claim in ("exp", "iat", "sid", "user_id"):
            if claim not in self:
                raise TokenError(f"no {claim}")
        super().verify()

    def check_exp(self, *args: Any, **kwargs: Any) -> None:
        """To the second: the leeway is for clocks that make tokens, not for their end."""
        if datetime_from_epoch(self.payload["exp"]) <= self.current_time:
            raise TokenError("expired")


class AccessToken(SessionToken, tokens.AccessToken):
    """Good for requests, so it is read often; also carries `sub` (the e-mail address) and
    `username`."""

    _token_backend = _REMEMBERING


class RefreshToken(SessionToken, tokens.RefreshToken):
    """Good for one exchange; its claims are handed on to its `access_token`."""

    access_token_class = AccessToken

    def vouch_for(self, user: Raw, session_id: Any) -> Self:
        """Make it a token of this user's session."""
        self.payload |= {
            "sub": user["email"],
            "user_id": str(user["_id"]),
            "username": user["username"],
            "sid": str(session_id),
        }
        return self


class LenientRefreshToken(RefreshToken):
    """A genuine refresh token that may have expired: enough to end its session.

    Not `verify=False`, which would accept a forged one.
    """

    def get_token_backend(self) -> TokenBackend:
        return _ANY_AGE

    def check_exp(self, *args: Any, **kwargs: Any) -> None:
        """Any end will do."""
