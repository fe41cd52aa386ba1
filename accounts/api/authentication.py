"""Who is asking: a bearer token, or the cookie of a browser that logged in with the form."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.credentials import sessions, tokens
from accounts.credentials.sessions import Principal

SESSION_KEY = "sid"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` (RFC 6750). Whatever is wrong with it, the same 401."""

    def authenticate(self, request: Request) -> tuple[Principal, str] | None:
        token = self.raw_token(request)
        if token is None:
            return None
        try:
            claims = tokens.read(token, tokens.ACCESS)
            principal = sessions.authenticate(claims["sid"])
        except tokens.TokenError as error:
            # DRF's own class: with it the request counts as anonymous from here on, also
            # where a page for people asks again while it is rendered.
            raise AuthenticationFailed from error
        if str(principal.id) != claims["user_id"]:
            raise AuthenticationFailed
        _note(request, principal)
        return principal, token

    def raw_token(self, request: Request) -> str | None:
        """The token in the header; None where there is none of our scheme."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class CookieAuthentication(SessionAuthentication):
    """The signed cookie of the login form; writes need its CSRF token.

    A cookie whose session has ended is as good as none.
    """

    def authenticate(self, request: Request) -> tuple[Principal, None] | None:
        principal = principal_of(request._request)
        if principal is None:
            return None
        self.enforce_csrf(request)
        _note(request, principal)
        return principal, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def principal_of(request) -> Principal | None:
    """Who the browser's cookie stands for, as of now."""
    session_id = request.session.get(SESSION_KEY)
    if not session_id:
        return None
    try:
        return sessions.authenticate(session_id)
    except tokens.TokenError:
        return None


def _note(request: Request, principal: Principal) -> None:
    """For the access log."""
    request._request.user_id = str(principal.id)
