"""Routes of content: one line per resource."""

from django.urls import path

from content import viewsets

COLLECTION = {"get": "list", "post": "create"}
ITEM = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
RESOURCES = {
    "programs": viewsets.ProgramViewSet,
    "blogs": viewsets.BlogViewSet,
    "gallery": viewsets.PhotoViewSet,
    "partners": viewsets.PartnerViewSet,
}

urlpatterns = [
    *(path(name, view.as_view(COLLECTION), name=name) for name, view in RESOURCES.items()),
    *(
        path(f"{name}/<str:id>", view.as_view(ITEM), name=f"{name}-item")
        for name, view in RESOURCES.items()
    ),
]
