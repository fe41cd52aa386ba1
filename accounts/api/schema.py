"""How clients authenticate, for the OpenAPI document."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerScheme(OpenApiAuthenticationExtension):
    """The password flow, so that Swagger UI's Authorize button logs in by itself."""

    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": _("Log in with e-mail or username and password."),
            "flows": {
                "password": {
                    "tokenUrl": "/api/v1/auth/login",
                    "refreshUrl": "/api/v1/auth/refresh",
                    "scopes": {},
                }
            },
        }
