"""Start of the ground: the database connection is described here and opened on first use."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.database import connection, counters, health  # noqa: F401 (documents live there)

        connection.register()
        # `ensure_indexes` walks the registered documents, whether or not a view uses them.
        autodiscover_modules("documents")
