"""The four resources as they come in and go out."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from content import examples
from content.documents import Blog, Partner, Photo, Program
from content.pictures.documents import PictureField
from content.pictures.fields import PictureInput, PictureMetaSerializer
from core.api.conditional import item_tag
from core.api.fields import IdField
from core.api.serializers import BaseDocumentSerializer
from core.database.documents import Raw

# Shown of every resource, and set by nobody.
COMMON = ("author", "created_at", "updated_at", "version", "etag")


@extend_schema_serializer(deprecate_fields=["_id"])
class ContentSerializer(BaseDocumentSerializer):
    """What every resource shows beside its own fields, and how it takes pictures."""

    etag = serializers.CharField(
        read_only=True, help_text="The item's entity tag, for `If-Match`: a list is enough to edit."
    )
    # The earlier front ends read it.
    _id = IdField(source="id", label="_id", help_text=_("Deprecated: the same as `id`."))

    serializer_field_mapping = BaseDocumentSerializer.serializer_field_mapping | {
        PictureField: PictureInput,
    }

    null_in_earlier = ("author",)

    class Meta:
        read_only_fields = COMMON

    @classmethod
    def projection(cls, names: Iterable[str] | None = None) -> dict[str, int]:
        """The tag depends on all that is shown."""
        return super().projection(None if names is None or "etag" in names else names)

    @classmethod
    def represent(cls, raw: Raw, names: Iterable[str] | None = None) -> dict[str, Any]:
        if names is not None and "etag" not in names:
            return super().represent(raw, names)
        shown = super().represent(raw)
        shown["etag"] = item_tag(raw, shown)
        return shown if names is None else {name: shown[name] for name in names}

    def build_nested_embedded_field(
        self, field_name: str, relation_info: Any, embedded_depth: int
    ) -> tuple[type[serializers.BaseSerializer], dict[str, Any]]:
        """The description of a picture, the only document within one."""
        return PictureMetaSerializer, {"read_only": True, "allow_null": True}

    def get_fields(self) -> dict[str, serializers.Field]:
        """An update keeps the picture that is there, so none need come with it."""
        fields = super().get_fields()
        for field in fields.values():
            if self.instance is not None and isinstance(field, PictureInput):
                field.required = False
        return fields

    def values_to_write(self) -> Raw:
        """What was sent; PUT returns what it does not carry to its default."""
        return self.validated_data if self.partial else self.defaults() | self.validated_data

    def defaults(self) -> Raw:
        stored = self.Meta.model.declared_fields()
        return {
            name: default() if callable(default := stored[name].default) else default
            for name, field in self.fields.items()
            if not field.read_only and not isinstance(field, PictureInput)
        }


@examples.program
class ProgramSerializer(ContentSerializer):
    """An event or training."""

    null_in_earlier = (*ContentSerializer.null_in_earlier, "program_type")

    class Meta(ContentSerializer.Meta):
        model = Program
        fields = (
            "id",
            "_id",
            "title",
            "subtitle",
            "description",
            "program_type",
            "image",
            "image_meta",
            "start_date",
            "end_date",
            "is_active",
            *COMMON,
        )


@examples.blog
class BlogSerializer(ContentSerializer):
    """An article."""

    class Meta(ContentSerializer.Meta):
        model = Blog
        fields = ("id", "_id", "title", "content", "image", "image_meta", *COMMON)


@examples.photo
class PhotoSerializer(ContentSerializer):
    """A photograph of the gallery."""

    class Meta(ContentSerializer.Meta):
        model = Photo
        fields = (
            "id",
            "_id",
            "title",
            "description",
            "image",
            "image_meta",
            *COMMON,
        )


@examples.partner
class PartnerSerializer(ContentSerializer):
    """An organisation that works with us."""

    class Meta(ContentSerializer.Meta):
        model = Partner
        fields = (
            "id",
            "_id",
            "name",
            "description",
            "website_url",
            "logo",
            "logo_meta",
            *COMMON,
        )
