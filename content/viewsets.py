"""The routes of content: a resource is its attributes."""

from django.utils.translation import gettext_lazy

from content import serializers
from content.views.addresses import AddressesMixin
from content.views.base import BaseContentViewSet
from content.views.creation import CreationMixin
from content.views.previews import PreviewsMixin
from content.views.revisions import RevisionsMixin
from content.views.trash import TrashMixin


class ContentViewSet(
    CreationMixin,
    TrashMixin,
    RevisionsMixin,
    PreviewsMixin,
    AddressesMixin,
    BaseContentViewSet,
):
    """A resource sets `serializer_class`, `noun`, the `title` of its list and, where its messages
    differ, `created_message`."""


class ProgramViewSet(ContentViewSet):
    serializer_class = serializers.ProgramSerializer
    noun = gettext_lazy("program")
    title = gettext_lazy("Programs")


class BlogViewSet(ContentViewSet):
    serializer_class = serializers.BlogSerializer
    noun = gettext_lazy("blog")
    title = gettext_lazy("Blog")


class PhotoViewSet(ContentViewSet):
    serializer_class = serializers.PhotoSerializer
    noun = gettext_lazy("photo")
    title = gettext_lazy("Gallery")
    created_message = gettext_lazy("%(noun)s added successfully")


class PartnerViewSet(ContentViewSet):
    serializer_class = serializers.PartnerSerializer
    noun = gettext_lazy("partner")
    title = gettext_lazy("Partners")
    created_message = gettext_lazy("%(noun)s added successfully")
