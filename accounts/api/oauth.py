"""What OAuth 2 clients expect of a token address (RFC 6749), beside what all clients get."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from rest_framework.response import Response

from accounts.credentials.sessions import TokenPair
from accounts.errors import UnsupportedGrantType
from core.api.exception_handler import convert
from core.errors import ApplicationError

PASSWORD, REFRESH_TOKEN = "password", "refresh_token"


def token_answer(pair: TokenPair) -> Response:
    """The flat answer of section 5.1, which no cache may keep."""
    data = {
        "access_token": pair.access_token,
        "token_type": "bearer",
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh_token,
    }
    return Response(data, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def grant_type(data: Any) -> str:
    """What is offered for tokens; a password unless told. Raises `UnsupportedGrantType`."""
    given = data.get("grant_type") if isinstance(data, Mapping) else None
    if given not in (None, "", PASSWORD, REFRESH_TOKEN):
        raise UnsupportedGrantType
    return given or PASSWORD


class TokenErrorMixin:
    """For the views that give tokens."""

    def handle_exception(self, error: Exception) -> Response:
        """The refusal also in the words of section 5.2: clients that know only those raise."""
        response = super().handle_exception(error)
        with translation.override("en"):
            refusal = convert(error)
            description = str(refusal.message)
        response.data["error"] = error_code(refusal)
        response.data["error_description"] = description.encode("ascii", "replace").decode()
        return response


def error_code(refusal: ApplicationError) -> str:
    if isinstance(refusal, UnsupportedGrantType):
        return refusal.code
    if refusal.status in (429, 500, 503):
        return "temporarily_unavailable"
    is_credential = refusal.status == 401 or refusal.code == "inactive_user"
    return "invalid_grant" if is_credential else "invalid_request"
