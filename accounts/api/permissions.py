"""Who may do what, for views of any app."""

from typing import Any

from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from accounts.roles import Ability


class IsActiveUser(IsAuthenticated):
    """Anybody who is logged in; inactive users have no sessions."""


class IsAdmin(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.may(Ability.ADMINISTER))
