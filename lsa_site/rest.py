"""Django REST framework's settings: who reads a request, who lets it in, who answers."""

from typing import Any, Final

CONFIGURATION: Final[dict[str, Any]] = {
    "DEFAULT_RENDERER_CLASSES": [
        "core.api.envelope.OrjsonRenderer",
        "editors.renderer.BrowsableRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "core.api.parsers.OrjsonParser",
        "rest_framework.parsers.FormParser",
        "core.api.parsers.MultiPartParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.api.defaults.LenientNegotiation",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "accounts.api.authentication.CookieAuthentication",
    ],
    # The door is closed: a view opens itself.
    "DEFAULT_PERMISSION_CLASSES": ["core.api.defaults.Closed"],
    "DEFAULT_THROTTLE_CLASSES": [
        "core.api.throttling.ReadThrottle",
        "core.api.throttling.WriteThrottle",
    ],
    "DEFAULT_METADATA_CLASS": "core.api.defaults.Methods",
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.operations.OperationSchema",
    "EXCEPTION_HANDLER": "core.api.exception_handler.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
