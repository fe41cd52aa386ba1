"""What the public site shows."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"

    def ready(self) -> None:
        from content import receivers  # noqa: F401 (connects on import)
        from content.publishing import revisions  # noqa: F401 (its documents are stored)
