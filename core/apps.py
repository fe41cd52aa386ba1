"""Start of the ground: the database connection is described here and opened on first use."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        # Documents live there.
        from core import events  # noqa: F401
        from core.database import connection, counters, health, leases  # noqa: F401

        connection.register()
        # `ensure_indexes` walks the registered documents, whether or not a view uses them.
        autodiscover_modules("documents")
