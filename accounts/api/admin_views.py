"""The routes by which admins look after accounts."""

from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import admin_services, users
from accounts.api import serializers
from accounts.api.answers import answer_user
from accounts.api.permissions import IsAdmin
from accounts.credentials import emails, invitations
from accounts.documents import User
from accounts.roles import Role
from core.api.envelope import answer
from core.api.lists import answer_list
from core.api.views import BaseView, object_id
from core.background import run_later

UserSerializer = serializers.UserSerializer
NOUN = gettext_lazy("user")


class UserListView(BaseView):
    permission_classes = (IsAdmin,)
    serializer_class = serializers.InvitationSerializer
    output_class = UserSerializer
    listing = User.LISTING
    name = gettext_lazy("People")
    adding = gettext_lazy("Invite somebody")

    @extend_schema(summary="List accounts", responses=UserSerializer(many=True))
    def get(self, request: Request) -> Response:
        message = _("User list retrieved successfully")
        return answer_list(request, self.listing, UserSerializer, message)

    @extend_schema(
        operation_id="inviteUser",
        summary="Invite somebody by e-mail",
        description="The link is good once, for seven days; inviting again replaces it.",
        responses={201: serializers.InvitationSerializer},
    )
    def post(self, request: Request) -> Response:
        given = self.read_input()
        invitation, token = invitations.invite(
            email=given["email"], role=Role(given["role"]), actor=request.user.actor
        )
        mail = {"email": given["email"], "token": token, "language": get_language()}
        run_later(emails.send_invitation, **mail)
        shown = serializers.InvitationSerializer.represent(invitation)
        return answer(shown, _("The invitation is on its way."), status=201)


class UserView(BaseView):
    permission_classes = (IsAdmin,)
    serializer_class = serializers.AdministeredUserSerializer
    output_class = UserSerializer
    name = gettext_lazy("User")
    removal = gettext_lazy("Remove the account")
    removal_question = gettext_lazy(
        "Remove this account? What they wrote stays. "
        "To close the door only for a while, make it inactive."
    )
    is_conditional = True
    further_refusals = ("409",)

    @extend_schema(summary="Show an account", responses=UserSerializer)
    def get(self, request: Request, id: str) -> HttpResponse:
        raw = users.get_user(object_id(id, NOUN))
        return self.answer_read(answer_user(raw, _("User details")))

    @extend_schema(summary="Change an account", responses=UserSerializer)
    def patch(self, request: Request, id: str) -> Response:
        before = users.get_user(object_id(id, NOUN))
        changes = self.read_input(instance=before, partial=True)
        raw = admin_services.update_user(
            before["_id"], changes, actor=request.user.actor, check=self.check_preconditions
        )
        return answer_user(raw, _("The user was changed"))

    @extend_schema(summary="Remove an account", responses={200: None})
    def delete(self, request: Request, id: str) -> Response:
        admin_services.delete_user(
            object_id(id, NOUN), actor=request.user.actor, check=self.check_preconditions
        )
        return answer(None, _("The user was removed"))
