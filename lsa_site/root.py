"""The front page: where things are. New resources appear here by themselves."""

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.urls import router
from core.api.envelope import answer

DOCUMENTATION = ("docs", "redoc", "schema")


def resources() -> dict[str, str]:
    """The paths of the resources by name."""
    return {prefix: reverse(f"{name}-list") for prefix, _view, name in router.registry}


@extend_schema(exclude=True)
class RootView(APIView):
    """Lembaga Sinergi Analitika"""

    permission_classes = (AllowAny,)
    name = "Lembaga Sinergi Analitika"
    serializer_class = None
    is_front = True

    def perform_authentication(self, request: Request) -> None:
        """Reading needs no account; the page for people looks at the cookie by itself."""

    def get(self, request: Request) -> Response:
        documentation = {name: reverse(name) for name in DOCUMENTATION}
        return answer(resources() | documentation, _("Welcome to the LSA API"))
