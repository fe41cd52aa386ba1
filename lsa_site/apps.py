"""Start of the project as a whole."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lsa_site"
    verbose_name = "LSA"

    def ready(self) -> None:
        from lsa_site import checks  # noqa: F401 (checks register on import)
