"""How drf-spectacular makes the OpenAPI document, and the page that shows it."""

from pathlib import Path
from typing import Any

from lsa_site import VERSION

CONFIGURATION: dict[str, Any] = {
    "TITLE": "LSA API",
    "DESCRIPTION": Path(__file__).with_suffix(".md").read_text(),
    "VERSION": VERSION,
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "OAS_VERSION": "3.1.0",
    "DEFAULT_GENERATOR_CLASS": "core.api.schema.document.EnglishGenerator",
    # Wherever the document itself came from.
    "SERVERS": [{"url": "/"}],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # The browsable API's cookie is not for clients.
    "AUTHENTICATION_WHITELIST": ["accounts.api.authentication.BearerAuthentication"],
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["core.api.schema.operations.only_versioned_routes"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.answers.describe_answers",
    ],
    # What is shown and what can be asked for differ, and the generator cannot name both.
    "ENUM_NAME_OVERRIDES": {
        "DeliveryStatus": "webhooks.documents.STATUSES",
        "DeliveryError": "webhooks.documents.ERRORS",
        "RevisionStatusEnum": "content.publishing.states.STATES",
        "StatusEnum": ["published", "draft", "scheduled", "trashed"],
        "WrittenStatusEnum": ["published", "draft", "scheduled"],
    },
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": True, "displayRequestDuration": True},
    "WEBHOOKS": ["webhooks.schema.event"],
    "TAGS": [
        {"name": "authentication", "description": "Accounts, tokens and passwords."},
        {"name": "users", "description": "The people who edit, for admins."},
        {"name": "programs", "description": "Events and trainings."},
        {"name": "blogs", "description": "Articles."},
        {"name": "gallery", "description": "Photographs."},
        {"name": "partners", "description": "Organisations that work with us."},
        {"name": "tags", "description": "The words that content is filed under."},
        {"name": "webhooks", "description": "Who is told of what happens, for admins."},
        {"name": "feeds", "description": "What is public, for programs that follow it."},
    ],
}
