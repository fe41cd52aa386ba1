"""Routes of content: one line per resource."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from content import viewsets
from content.views.tags import TagsView
from content.views.text import TextPreviewView

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("programs", viewsets.ProgramViewSet, basename="programs")
router.register("blogs", viewsets.BlogViewSet, basename="blogs")
router.register("gallery", viewsets.PhotoViewSet, basename="gallery")
router.register("partners", viewsets.PartnerViewSet, basename="partners")

urlpatterns = [
    *router.urls,
    path("tags", TagsView.as_view(), name="tags"),
    path("text/preview", TextPreviewView.as_view(), name="text-preview"),
]
