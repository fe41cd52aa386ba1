"""What a view has that says nothing else: a closed door, JSON, and an answer to OPTIONS."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable
from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from core.api.envelope import success


class Closed(BasePermission):
    """The default permission: a view that names none is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class LenientNegotiation(DefaultContentNegotiation):
    """An `Accept` that nothing matches gets JSON, never a 406."""

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        if request.headers.get("Accept", "*/*") == "*/*":  # of most programs; spares the parsing
            return renderers[0], renderers[0].media_type
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            return renderers[0], renderers[0].media_type


class Methods(BaseMetadata):
    """The answer to OPTIONS: what may be done here; the header `Allow` says the same."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return success({"methods": view.allowed_methods}, _("What can be done here"))
