"""The default permission: a view that names none is closed."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Closed(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return False
