"""The answer to OPTIONS."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

from lsa_site.api.envelope import success


class Methods(BaseMetadata):
    """What may be done here; the header `Allow` says the same."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return success({"methods": view.allowed_methods}, _("What can be done here"))
