"""A picture as a request brings it and as an answer shows it."""

from typing import Any

from django.core.files.base import File
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from content.pictures import storage
from content.pictures.cleaning import clean
from content.pictures.cleaning.renditions import WIDTHS


class PictureInput(serializers.FileField):
    """A file that becomes a cleaned `clean.Picture`; shown as the path or URL of the file."""

    default_error_messages = {
        "invalid": _("Not a file. Send the form as multipart/form-data."),
        "no_name": _("The file has no name."),
    }

    def __init__(self, **kwargs: Any) -> None:
        # What is empty is refused by decoding, like everything that is no picture.
        super().__init__(allow_empty_file=True, **kwargs)

    def to_internal_value(self, data: Any) -> clean.Picture:
        file: File = super().to_internal_value(data)
        try:
            return clean.process(file)
        except clean.InvalidImage as error:
            raise serializers.ValidationError(str(error), code="invalid_file") from error

    def to_representation(self, value: str) -> str:
        return storage.url(value)


SIZE = {"width": {"type": "integer"}, "height": {"type": "integer"}}
META_SCHEMA = {
    # The generator adds that it may be null.
    "type": "object",
    "description": "Null for pictures of the earlier service.",
    "properties": {
        **SIZE,
        "format": {"type": "string", "enum": ["jpeg", "png", "gif"]},
        "size": {"type": "integer", "description": "Bytes."},
        "placeholder": {"type": "string", "description": "A tiny preview as a data URI."},
        "renditions": {
            "type": "array",
            "description": "WebP, where the original is wider.",
            "items": {"type": "object", "properties": {"url": {"type": "string"}, **SIZE}},
        },
        "srcset": {"type": "string", "description": "For `<img srcset>`."},
    },
}


@extend_schema_field(META_SCHEMA)
class PictureMetaOutput(serializers.Field):
    """What is known of a picture, with the addresses of its renditions."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"read_only": True})

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        renditions = [
            {"url": storage.url(r["name"]), "width": r["width"], "height": r["height"]}
            for r in value["renditions"]
        ]
        choices = [(r["url"], r["width"]) for r in renditions]
        if value["width"] <= max(WIDTHS):
            # Else a screen that wants more than the renditions have would get less than there is.
            choices.append((storage.url(value["name"]), value["width"]))
        known = ("width", "height", "format", "size", "placeholder")
        srcset = ", ".join(f"{iri_to_uri(url)} {width}w" for url, width in choices)
        return {key: value[key] for key in known} | {"renditions": renditions, "srcset": srcset}
