"""Start of the project as a whole."""

import gc

from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class SiteConfig(AppConfig):
    name = "lsa_site"
    verbose_name = "LSA"

    def ready(self) -> None:
        from lsa_site import checks  # noqa: F401 (checks register on import)

        leave_out_relational_databases()
        collect_garbage()


def leave_out_relational_databases() -> None:
    """Django looks after their connections, and those of its caches, around every request; there
    are none."""
    from django import db
    from django.core import cache

    request_started.disconnect(db.reset_queries)
    request_started.disconnect(db.close_old_connections)
    request_finished.disconnect(db.close_old_connections)
    request_finished.disconnect(cache.close_caches)


def collect_garbage() -> None:
    """From now on, where `manage.py` held it back, and not in what has been loaded."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
