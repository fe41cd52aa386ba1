"""The routes of one's own account."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.throttling import BaseThrottle

from accounts import services
from accounts.api import serializers
from accounts.api.answers import answer_user
from accounts.api.authentication import BearerAuthentication
from accounts.api.oauth import REFRESH_TOKEN, TokenErrorMixin, grant_type, token_answer
from accounts.api.permissions import IsActiveUser
from accounts.credentials import confirmations, resets, sessions
from accounts.credentials.tokens import AccessToken, TokenError
from accounts.errors import RegistrationClosed, TokenAlreadyRotated
from core.api.conditional import ReadAgain
from core.api.envelope import answer
from core.api.throttling import AuthThrottle, WriteThrottle
from core.api.views import BaseView
from core.background import run_later
from core.client_address import client_network, user_agent
from core.database import rereading
from core.errors import Unauthenticated


def client_of(request: Request) -> dict[str, str]:
    """What logging in asks of who does."""
    return {"network": client_network(request), "user_agent": user_agent(request)}


class AnonymousView(BaseView):
    """Open to everybody; credentials in the header are not looked at."""

    tags = ("authentication",)
    authentication_classes = ()
    permission_classes = (AllowAny,)


class LimitedView(AnonymousView):
    """Open to everybody, a few times per minute."""

    throttle_classes: tuple[type[BaseThrottle], ...] = (WriteThrottle, AuthThrottle)


class AccountView(BaseView):
    """For those who are logged in."""

    tags = ("authentication",)
    permission_classes = (IsActiveUser,)


class RegistrationIsOpen(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        if not settings.REGISTRATION_OPEN:
            raise RegistrationClosed
        return True


class RegisterView(LimitedView):
    name = gettext_lazy("Register")
    permission_classes = (RegistrationIsOpen,)
    further_refusals = ("403",)
    serializer_class = serializers.RegisterSerializer

    @extend_schema(
        operation_id="register",
        summary="Register an account",
        responses={201: serializers.UserSerializer},
    )
    def post(self, request: Request) -> Response:
        user = services.register(**self.read_input())
        if user.get("awaits_confirmation"):
            run_later(confirmations.send, user["_id"], language=get_language())
        return answer_user(user, _("User registered successfully"), status=201)


class TokenView(TokenErrorMixin, AnonymousView):
    """What login and refresh share: either may be asked to exchange a refresh token."""

    further_refusals = ("401",)

    def exchange(self, refresh_token: str) -> Response:
        """New tokens for a refresh token. Raises `Unauthenticated`, `TokenAlreadyRotated`."""
        try:
            return token_answer(sessions.refresh(refresh_token))
        except sessions.TokenRotated as error:
            raise TokenAlreadyRotated from error
        except TokenError as error:
            raise Unauthenticated from error


class LoginView(TokenView, LimitedView):
    """E-mail or username and password against a pair of tokens. A refresh token is taken too
    where the grant type says so."""

    name = gettext_lazy("Log in")
    serializer_class = serializers.LoginSerializer

    def get_serializer_class(self) -> type[Serializer]:
        is_exchange = grant_type(self.request.data) == REFRESH_TOKEN
        return serializers.RefreshSerializer if is_exchange else self.serializer_class

    @extend_schema(
        operation_id="login", summary="Log in", responses={200: serializers.TokenSerializer}
    )
    def post(self, request: Request) -> Response:
        given = self.read_input()
        if REFRESH_TOKEN in given:
            return self.exchange(given[REFRESH_TOKEN])
        return token_answer(services.log_in(**given, **client_of(request)))


class RefreshView(TokenView):
    """A refresh token is good for one exchange; one that comes back later ends the session."""

    name = gettext_lazy("Refresh token")
    serializer_class = serializers.RefreshSerializer

    @extend_schema(
        operation_id="refresh",
        summary="Exchange a refresh token",
        responses={200: serializers.TokenSerializer},
    )
    def post(self, request: Request) -> Response:
        return self.exchange(self.read_input()[REFRESH_TOKEN])


class LogoutView(AnonymousView):
    """Ends the session of the refresh token or, without one, of the bearer token; with
    `all`, every session of the bearer."""

    name = gettext_lazy("Log out")
    authentication_classes = (BearerAuthentication,)
    serializer_class = serializers.LogoutSerializer
    further_refusals = ("401",)

    def perform_authentication(self, request: Request) -> None:
        """Only where it is needed: an expired access token must not keep one logged in."""

    @extend_schema(operation_id="logout", summary="Log out", responses={200: None})
    def post(self, request: Request) -> Response:
        data = self.read_input()
        if data["all"]:
            sessions.end_all(self._bearer(request).id)
        elif "refresh_token" in data:
            self._end(data["refresh_token"])
        else:
            sessions.end(self._bearer(request).session_id)
        return answer(None, _("You are logged out"))

    def _bearer(self, request: Request) -> sessions.Principal:
        if request.user is None:
            raise Unauthenticated
        return request.user

    def _end(self, token: str) -> None:
        try:
            sessions.end_by_token(token)
        except TokenError as error:
            raise Unauthenticated from error


class ProfileView(AccountView):
    is_conditional = True
    name = gettext_lazy("Profile")
    related = (
        (gettext_lazy("Change the password"), "password-page"),
        (gettext_lazy("Where you are logged in"), "sessions"),
    )
    serializer_class = serializers.ProfileSerializer
    output_class = serializers.UserSerializer

    @extend_schema(
        operation_id="getMe", summary="Show one's own account", responses=serializers.UserSerializer
    )
    def get(self, request: Request) -> Response:
        response = answer_user(request.user.raw, _("Your profile"))
        return self.answer_read(response, **reread_with(request.auth, request.user))

    @extend_schema(
        operation_id="updateMe",
        summary="Change one's own account",
        responses=serializers.UserSerializer,
    )
    def patch(self, request: Request) -> Response:
        changes = self.read_input(instance=request.user.raw, partial=True)
        user = services.update_profile(
            request.user.id,
            changes,
            current_password=changes.pop("current_password", None),
            network=client_network(request),
            check=self.check_preconditions,
        )
        if "email" in changes and user.get("awaits_confirmation"):
            run_later(confirmations.send, user["_id"], language=get_language())
        return answer_user(user, _("Your profile was changed"))


def reread_with(token: AccessToken | None, user: sessions.Principal) -> dict[str, Any]:
    """How the answer about a user is read again until their access token ends; a cookie has none,
    and no end that could be told."""
    if token is None:
        return {}
    until = datetime.fromtimestamp(token["exp"], UTC)
    commands = partial(sessions.asking_again, user.session_id)
    again = ReadAgain(user.raw, commands, rereading.only)
    return {"read_again": again, "until": until}


class PasswordView(AccountView):
    """Ends all sessions and answers with the tokens of a new one."""

    name = gettext_lazy("Password")
    related = ((gettext_lazy("Change the password"), "password-page"),)
    serializer_class = serializers.PasswordChangeSerializer

    @extend_schema(
        operation_id="changePassword",
        summary="Change one's own password",
        responses={200: serializers.TokenSerializer},
    )
    def post(self, request: Request) -> Response:
        pair = services.change_password(request.user.id, **self.read_input(), **client_of(request))
        return token_answer(pair)

    def offers(self, method: str) -> bool:
        """People have a page of their own, which shows no tokens."""
        return False


class PasswordResetView(LimitedView):
    """The answer never tells whether the address is known; the work follows it."""

    name = gettext_lazy("Reset password")
    serializer_class = serializers.PasswordResetSerializer

    @extend_schema(
        operation_id="requestPasswordReset",
        summary="Ask for a new password by e-mail",
        responses={202: None},
    )
    def post(self, request: Request) -> Response:
        email = self.read_input()["email"]
        run_later(resets.send, email=email, language=get_language())
        return answer(None, _("If the address is known, an e-mail is on its way."), status=202)


class PasswordResetConfirmView(LimitedView):
    name = gettext_lazy("Confirm")
    serializer_class = serializers.PasswordResetConfirmSerializer

    @extend_schema(
        operation_id="confirmPasswordReset",
        summary="Set a new password with a token from the e-mail",
        responses={200: None},
    )
    def post(self, request: Request) -> Response:
        resets.confirm(**self.read_input())
        return answer(None, _("Your password was changed. Log in with the new one."))
