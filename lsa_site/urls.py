"""All routes, under `/api/v1` and, as the earlier front ends call them, without it."""

from django.conf import settings
from django.urls import include, path
from drf_spectacular.views import SpectacularRedocView
from drf_spectacular.views import SpectacularSwaggerSplitView as SwaggerView

from accounts.api.activity import ActivityView
from content.pictures import serving
from core.api import exception_handler
from core.api.schema import document
from lsa_site import health, metrics
from lsa_site.root import RootView

# Their renderers know no other answer than their page.
READ_ONLY = {"http_method_names": ["get", "head"]}

# What is asked for most stands first: routes are tried in turn.
routes = [
    path("", include("content.urls")),
    path("", include("content.feeds.urls")),
    path("", include("accounts.urls")),
    path("", include("webhooks.urls")),
    path("activity", ActivityView.as_view(), name="activity"),
    path("", include("editors.urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.show, name="metrics"),
    path("openapi.json", document.show, name="schema"),
    path("docs", SwaggerView.as_view(url_name="schema", **READ_ONLY), name="docs"),
    path("redoc", SpectacularRedocView.as_view(url_name="schema", **READ_ONLY), name="redoc"),
]

PREFIX = settings.API_PREFIX.lstrip("/")
root = RootView.as_view()
urlpatterns = [
    path(f"{PREFIX}/", include(routes)),
    path(PREFIX, root),
    path("", root, name="root"),
    # In a namespace of its own, so that the addresses we make have the prefix.
    path("", include((routes, "earlier"))),
    path("static/uploads/<str:name>", serving.serve, name="earlier-media"),
]
if settings.MEDIA_URL.startswith("/"):
    urlpatterns.append(
        path(f"{settings.MEDIA_URL.lstrip('/')}uploads/<str:name>", serving.serve, name="media")
    )

handler400 = exception_handler.bad_request
handler403 = exception_handler.forbidden
handler404 = exception_handler.not_found
handler500 = exception_handler.server_error
