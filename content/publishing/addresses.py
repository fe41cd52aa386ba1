"""Where people see an item: its page on the site, which a front end shows."""

from django.conf import settings

from core.database.documents import Raw


def address(resource: str, raw: Raw) -> str:
    """The full address of an item's page, by its slug or, where it has none, its id.

    `resource` is named as in its route.
    """
    path = settings.SITE_PATHS.get(resource, f"/{resource}/{{slug}}")
    return settings.SITE_URL + path.replace("{slug}", raw.get("slug") or str(raw["_id"]))
