"""A picture as a request brings it and as an answer shows it."""

from typing import Any

from django.core.files.base import File
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework_mongoengine.serializers import EmbeddedDocumentSerializer

from content.pictures import storage
from content.pictures.cleaning import clean
from content.pictures.cleaning.renditions import WIDTHS
from content.pictures.documents import PictureMeta, Rendition
from core.database.documents import Raw


class PictureInput(serializers.FileField):
    """A file that could be a picture, looked at no further than its header: it is decoded once
    all else of the request is found acceptable. Shown as the path or URL of the file."""

    default_error_messages = {
        "invalid": _("Not a file. Send the form as multipart/form-data."),
        "no_name": _("The file has no name."),
    }

    def __init__(self, **kwargs: Any) -> None:
        # What is empty is refused by looking at it, like everything that is no picture.
        super().__init__(allow_empty_file=True, **kwargs)

    def to_internal_value(self, data: Any) -> clean.Source:
        file: File = super().to_internal_value(data)
        try:
            return clean.inspect(file)
        except clean.InvalidImage as error:
            raise serializers.ValidationError(str(error), code="invalid_file") from error

    def to_representation(self, value: str) -> str:
        return storage.url(value)


class FileUrlField(serializers.CharField):
    """A stored name, shown as the path or URL of the file."""

    def to_representation(self, value: str) -> str:
        return storage.url(value)


class RenditionSerializer(EmbeddedDocumentSerializer):
    """A smaller copy: WebP, and narrower than the original."""

    url = FileUrlField(source="name", read_only=True)

    class Meta:
        model = Rendition
        fields = read_only_fields = ("url", "width", "height")


class PictureMetaSerializer(EmbeddedDocumentSerializer):
    """What is known of a picture. Null for pictures of the earlier service."""

    renditions = RenditionSerializer(many=True, read_only=True)
    srcset = serializers.CharField(read_only=True, help_text="For `<img srcset>`.")

    class Meta:
        model = PictureMeta
        fields = (
            *("width", "height", "format", "size", "animated", "placeholder"),
            *("renditions", "srcset"),
        )
        read_only_fields = fields
        extra_kwargs = {
            "size": {"help_text": "Bytes."},
            "animated": {"help_text": "Whether it moves; renditions do not."},
            "placeholder": {"help_text": "A tiny preview as a data URI."},
        }

    def to_representation(self, instance: Raw) -> dict[str, Any]:
        """Written out, as lists show many: field by field it would take most of their time."""
        renditions = [
            {"url": storage.url(r["name"]), "width": r["width"], "height": r["height"]}
            for r in instance["renditions"]
        ]
        known = ("width", "height", "format", "size", "placeholder")
        shown = {key: instance[key] for key in known}
        shown["animated"] = instance.get("animated", False)
        return shown | {"renditions": renditions, "srcset": _srcset(instance, renditions)}


def _srcset(meta: Raw, renditions: list[dict[str, Any]]) -> str:
    choices = [(rendition["url"], rendition["width"]) for rendition in renditions]
    if max(WIDTHS) not in [width for _, width in choices]:
        # Else a screen that wants more than the renditions have would get less than there is.
        choices.append((storage.url(meta["name"]), meta["width"]))
    return ", ".join(f"{iri_to_uri(url)} {width}w" for url, width in choices)
