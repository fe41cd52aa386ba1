"""Who may do what with content: all read, users create, owners and admins change."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.api.permissions import IsActiveUser
from accounts.credentials.sessions import Principal
from core.database.documents import Raw


class ReadOrActiveUser(IsActiveUser):
    """All read, users write. A method that does not exist here is refused as such, to all."""

    def has_permission(self, request: Request, view: Any) -> bool:
        is_open = request.method in SAFE_METHODS or view.action is None
        return is_open or super().has_permission(request, view)


def may_change(principal: Principal | None, raw: Raw) -> bool:
    """Owners and admins; what has no owner belongs to the admins."""
    if principal is None:
        return False
    return principal.is_admin or raw.get("author_id") == principal.id
