"""The routes that mailed links lead to: a new account, and a confirmed address."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import serializers
from accounts.api.oauth import token_answer
from accounts.api.views import AccountView, LimitedView
from accounts.credentials import confirmations, invitations, sessions
from core.api.envelope import answer
from core.api.throttling import AuthThrottle, WriteThrottle
from core.background import run_later
from core.client_address import user_agent


class InvitationConfirmView(LimitedView):
    """Makes the account of an invitation and logs it in."""

    name = gettext_lazy("Accept invitation")
    serializer_class = serializers.InvitationConfirmSerializer

    @extend_schema(
        operation_id="confirmInvitation",
        summary="Make the account of an invitation",
        responses={201: serializers.TokenSerializer},
    )
    def post(self, request: Request) -> Response:
        user = invitations.accept(**self.read_input())
        response = token_answer(sessions.log_in(user, user_agent=user_agent(request)))
        response.status_code = 201
        return response


class EmailConfirmView(LimitedView):
    """Where addresses are to be confirmed, whoever registered may do more from here on."""

    name = gettext_lazy("Confirm e-mail")
    serializer_class = serializers.EmailConfirmSerializer

    @extend_schema(
        operation_id="confirmEmail",
        summary="Confirm the address of a new account",
        responses={200: None},
    )
    def post(self, request: Request) -> Response:
        confirmations.confirm(self.read_input()["token"])
        return answer(None, _("Your address is confirmed."))


class EmailResendView(AccountView):
    """The answer is the same where nothing is to be confirmed."""

    name = gettext_lazy("Send the link again")
    serializer_class = serializers.EmptySerializer
    throttle_classes = (WriteThrottle, AuthThrottle)

    @extend_schema(
        operation_id="resendEmailConfirmation",
        summary="Ask for another link that confirms one's address",
        request=None,
        responses={202: None},
    )
    def post(self, request: Request) -> Response:
        self.read_input()
        run_later(confirmations.send, request.user.id, language=get_language())
        said = _("If your address is still to be confirmed, an e-mail is on its way.")
        return answer(None, said, status=202)
