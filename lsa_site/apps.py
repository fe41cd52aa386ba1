"""Start of the project: the database connection is described here and opened on first use."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    name = "lsa_site"
    verbose_name = "LSA"

    def ready(self) -> None:
        from lsa_site import checks, mongo  # noqa: F401 (checks register on import)
        from lsa_site.api import throttling  # noqa: F401 (a document lives there)

        mongo.register()
        # `ensure_indexes` walks the registered documents, whether or not a view uses them.
        autodiscover_modules("documents")
