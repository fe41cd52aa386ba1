"""The routes by which admins look after accounts."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import admin_services, services
from accounts.api import serializers
from accounts.api.answers import answer_user
from accounts.api.permissions import IsAdmin
from accounts.documents import User
from core.api.envelope import answer
from core.api.lists import answer_list
from core.api.views import BaseView, object_id

UserSerializer = serializers.UserSerializer
NOUN = gettext_lazy("user")


class UserListView(BaseView):
    permission_classes = (IsAdmin,)
    serializer_class = UserSerializer
    listing = User.LISTING
    name = gettext_lazy("Users")

    @extend_schema(summary="List accounts", responses=UserSerializer(many=True))
    def get(self, request: Request) -> Response:
        message = _("User list retrieved successfully")
        return answer_list(request, self.listing, self.serializer_class, message)


class UserView(BaseView):
    permission_classes = (IsAdmin,)
    serializer_class = serializers.AdministeredUserSerializer
    output_class = UserSerializer
    name = gettext_lazy("User")
    is_conditional = True
    further_refusals = ("409",)

    @extend_schema(summary="Show an account", responses=UserSerializer)
    def get(self, request: Request, id: str) -> HttpResponse:
        raw = services.get_user(object_id(id, NOUN))
        return self.answer_read(answer_user(raw, _("User details")))

    @extend_schema(summary="Change an account", responses=UserSerializer)
    def patch(self, request: Request, id: str) -> Response:
        before = services.get_user(object_id(id, NOUN))
        changes = self.read_input(instance=before, partial=True)
        raw = admin_services.update_user(before["_id"], changes, check=self.check_preconditions)
        return answer_user(raw, _("The user was changed"))

    @extend_schema(summary="Remove an account", responses={200: None})
    def delete(self, request: Request, id: str) -> Response:
        admin_services.delete_user(object_id(id, NOUN), check=self.check_preconditions)
        return answer(None, _("The user was removed"))
