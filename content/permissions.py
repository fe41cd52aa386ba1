"""Who may do what with content: all read, users create, owners and admins change."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.api.permissions import IsActiveUser
from accounts.credentials.sessions import Principal
from core.database.documents import Raw


class ContentPermission(IsActiveUser):
    """All read, users create, those who `may_change` an item do."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """A method that does not exist here is refused as such, to all."""
        is_open = request.method in SAFE_METHODS or view.action is None
        return is_open or super().has_permission(request, view)

    def has_object_permission(self, request: Request, view: Any, obj: Raw) -> bool:
        return request.method in SAFE_METHODS or may_change(request.user, obj)


def may_change(principal: Principal | None, raw: Raw) -> bool:
    """Owners and admins; what has no owner belongs to the admins."""
    if principal is None:
        return False
    return principal.is_admin or raw.get("author_id") == principal.id
