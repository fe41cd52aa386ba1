"""People: who may edit, how they prove it, and their sessions."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.api import schema  # noqa: F401 (extends the OpenAPI generator on import)
