"""What the templates of every page know: who is reading, and the links of the menu."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.api.authentication import principal_of
from content.urls import router


def reader(request: HttpRequest) -> dict[str, Any]:
    """Who is logged in with the browser's cookie, or nobody."""
    return {"reader": SimpleLazyObject(lambda: principal_of(request))}


def menu(request: HttpRequest) -> dict[str, Any]:
    """The links of the menu; a new resource appears by itself."""
    return {
        "menu": [
            {"label": view().get_view_name(), "url": reverse(f"{name}-list")}
            for _prefix, view, name in router.registry
        ]
    }


def clocks(request: HttpRequest) -> dict[str, Any]:
    """The zone in which times are shown and entered, and what people call it."""
    zone = settings.SITE_TIME_ZONE
    return {"zone": zone, "zone_name": datetime.now(zone).tzname()}
