"""The routes by which admins look after accounts."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import admin_services, serializers
from accounts.documents import LISTING, User
from accounts.errors import UserNotFound
from accounts.permissions import IsAdmin
from lsa_site.api.envelope import answer
from lsa_site.api.forms import asked_for
from lsa_site.api.pagination import describe_page, read_page
from lsa_site.api.views import BaseView, object_id

UserSerializer = serializers.UserSerializer
NOUN = gettext_lazy("user")


class UserListView(BaseView):
    permission_classes = (IsAdmin,)
    serializer_class = UserSerializer
    listing = LISTING
    name = gettext_lazy("Users")

    @extend_schema(summary="List accounts")
    def get(self, request: Request) -> Response:
        query = self.listing.parse(asked_for(request), UserSerializer)
        page = read_page(User.collection(), query, UserSerializer.projection(query.names))
        data = [UserSerializer.represent(raw, query.names) for raw in page.items]
        return answer(
            data, _("User list retrieved successfully"), meta=describe_page(request, query, page)
        )


class UserView(BaseView):
    permission_classes = (IsAdmin,)
    serializer_class = serializers.AdministeredUserSerializer
    output_class = UserSerializer
    name = gettext_lazy("User")
    further_refusals = ("409",)

    @extend_schema(summary="Show an account", responses=UserSerializer)
    def get(self, request: Request, id: str) -> Response:
        raw = User.collection().find_one({"_id": object_id(id, NOUN)}, UserSerializer.projection())
        if raw is None:
            raise UserNotFound
        return answer(UserSerializer.represent(raw), _("User details"))

    @extend_schema(summary="Change an account", responses=UserSerializer)
    def patch(self, request: Request, id: str) -> Response:
        user_id = object_id(id, NOUN)
        raw = admin_services.update_user(user_id, self.read_input(partial=True))
        return answer(UserSerializer.represent(raw), _("The user was changed"))

    @extend_schema(summary="Remove an account", responses={200: None})
    def delete(self, request: Request, id: str) -> Response:
        admin_services.delete_user(object_id(id, NOUN))
        return answer(None, _("The user was removed"))
