"""How clients authenticate and log in, for the OpenAPI document."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

from core.api.schema.serializers import Body


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
                    "tokenUrl": f"{settings.API_PREFIX}/auth/login",
                    "refreshUrl": f"{settings.API_PREFIX}/auth/refresh",
                    "scopes": {},
                }
            },
        }


class LoginBody(Body):
    """One of two names is needed, which a list of required fields cannot say: the standard one
    (RFC 6749, 4.3.2) is documented, so that nobody leaves out both."""

    target_class = "accounts.api.serializers.LoginSerializer"
    priority = 1

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema = super().map_serializer(auto_schema, direction)
        names = ("username", "password")
        schema["properties"] = {name: schema["properties"][name] for name in names}
        schema["required"] = list(names)
        return schema
