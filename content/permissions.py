"""Who may do what with content; what each role may stands in one table of the accounts."""

from typing import Any

from rest_framework.request import Request

from accounts.api.permissions import IsActiveUser
from accounts.credentials.sessions import Principal
from accounts.roles import Ability
from content.publishing import states
from core.database.documents import Raw


class ContentPermission(IsActiveUser):
    """All read what is public, users create, those who `may_change` an item do the rest."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """A method that does not exist here is refused as such, to all."""
        return view.is_for_all or view.action is None or super().has_permission(request, view)

    def has_object_permission(self, request: Request, view: Any, obj: Raw) -> bool:
        return view.is_for_all or may_change(request.user, obj)


def may_change(principal: Principal | None, raw: Raw) -> bool:
    """Whoever may change everything, and owners what their role leaves them. What has no owner is
    nobody's own."""
    if principal is None:
        return False
    if principal.may(Ability.CHANGE_ALL):
        return True
    if raw.get("author_id") != principal.id:
        return False
    is_draft = states.is_ours(raw) and raw.get("status") == "draft"
    return principal.may(Ability.CHANGE_OWN_DRAFTS if is_draft else Ability.CHANGE_OWN)
