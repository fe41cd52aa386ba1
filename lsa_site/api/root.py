"""The front page of the API: where things are."""

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lsa_site.api.envelope import answer

PLACES = ("programs", "blogs", "gallery", "partners", "docs", "redoc", "schema")


@extend_schema(exclude=True)
class RootView(APIView):
    """Lembaga Sinergi Analitika"""

    permission_classes = (AllowAny,)

    def perform_authentication(self, request: Request) -> None:
        """Reading needs no account; the page for people looks at the cookie by itself."""

    def get(self, request: Request) -> Response:
        return answer({name: reverse(name) for name in PLACES}, _("Welcome to the LSA API"))
