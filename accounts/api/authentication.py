"""Who is asking: a bearer token, or the cookie of a browser that logged in with the form."""

import time

from django.http import HttpRequest
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from accounts.credentials import sessions
from accounts.credentials.sessions import Principal
from accounts.credentials.tokens import AccessToken, TokenError
from core.errors import FormExpired

SESSION_KEY = "sid"
USED_KEY = "used"


class BearerAuthentication(JWTAuthentication):
    """`Authorization: Bearer …` (RFC 6750). Whatever is wrong with it, the same 401."""

    def get_header(self, request: Request) -> bytes | None:
        """The header; the library's own stumbles over letters that no token has."""
        header = request.META.get("HTTP_AUTHORIZATION")
        return header.encode(errors="replace") if header else None

    def get_raw_token(self, header: bytes) -> bytes | None:
        """The token; None where there is none of our scheme, which is read in any case."""
        scheme, _, token = header.partition(b" ")
        return token.strip() if scheme.lower() == b"bearer" else None

    def get_user(self, validated_token: AccessToken) -> Principal:
        """Who the token's session belongs to, as of now."""
        try:
            principal = sessions.authenticate(validated_token["sid"])
        except TokenError as error:
            # DRF's own class: with it the request counts as anonymous from here on, also
            # where a page for people asks again while it is rendered.
            raise AuthenticationFailed from error
        if str(principal.id) != validated_token["user_id"]:
            raise AuthenticationFailed
        return principal

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class CookieAuthentication(SessionAuthentication):
    """The signed cookie of the login form; writes need its CSRF token.

    A cookie whose session has ended is as good as none.
    """

    def authenticate(self, request: Request) -> tuple[Principal, None] | None:
        principal = principal_of(request)
        if principal is None:
            return None
        self.enforce_csrf(request)
        return principal, None

    def enforce_csrf(self, request: Request) -> None:
        """Raises `FormExpired`: to be told that one has no access would be untrue."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise FormExpired from error

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def principal_of(request: Request | HttpRequest) -> Principal | None:
    """Who the browser's cookie stands for, as of now."""
    session_id = request.session.get(SESSION_KEY)
    if not session_id:
        return None
    try:
        principal = sessions.authenticate(session_id)
    except TokenError:
        return None
    _note_use(request, principal)
    return principal


def _note_use(request: Request | HttpRequest, principal: Principal) -> None:
    """Once an hour: which was noted last, the cookie itself knows."""
    hour = int(time.time()) // 3600
    if request.session.get(USED_KEY) != hour:
        request.session[USED_KEY] = hour
        sessions.note_use(principal.session_id)
