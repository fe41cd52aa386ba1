"""The four resources as they come in and go out."""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, extend_schema_serializer
from rest_framework import serializers

from content import examples
from content.documents import Blog, Partner, Photo, Program
from content.pictures.documents import PictureField
from content.pictures.fields import PictureInput, PictureMetaSerializer
from content.publishing import slugs, states
from content.publishing.documents import MAX_TAGS, TAG_LENGTH
from core.api.conditional import item_tag
from core.api.fields import IdField, LineField, MomentField, OneOf, WordsField
from core.api.serializers import BaseDocumentSerializer
from core.database.documents import Raw
from core.times import now

# Of every resource: what is set, and what is shown and set by nobody.
PUBLISHING = ("status", "published_at", "slug", "tags")
STAMPS = ("author", "author_name", "created_at", "updated_at", "version", "etag")
COMMON = ("excerpt", *PUBLISHING, *STAMPS)
# What PUT leaves as it is where it does not come along.
STAYS = {"status", "published_at", "slug"}


class StatusField(OneOf):
    """Any state is shown; what is in the trash comes there by DELETE."""

    def __init__(self, **kwargs: Any) -> None:
        settable = [state for state in states.STATES if state[0] != "trashed"]
        super().__init__(settable, **kwargs)


class StatusInSchema(OpenApiSerializerFieldExtension):
    target_class = StatusField

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        shown = [state for state, _label in states.STATES]
        return {
            "type": "string",
            "enum": [*self.target.choices] if direction == "request" else shown,
        }


class SlugField(LineField):
    """The last part of an item's address."""

    default_error_messages = {
        "slug": _("Use small letters a to z, digits and single hyphens between them."),
    }

    def to_internal_value(self, data: Any) -> str:
        slug = super().to_internal_value(data)
        if not re.fullmatch(slugs.PATTERN, slug):
            self.fail("slug")
        return slug


@extend_schema_serializer(deprecate_fields=["_id"])
class ContentSerializer(BaseDocumentSerializer):
    """What every resource shows beside its own fields, and how it takes pictures."""

    status = StatusField(
        label=_("Status"),
        required=False,
        help_text=_("A draft is not public; what is published in the future is scheduled."),
    )
    published_at = MomentField(
        label=_("Time of publication"),
        required=False,
        allow_null=True,
        help_text=_("A time to come schedules; without one, the moment it is first published."),
    )
    slug = SlugField(
        label=_("Address"),
        required=False,
        allow_null=True,
        max_length=slugs.MAX_LENGTH,
        help_text=_("Part of the item's address; made from the title where none is given."),
    )
    tags = WordsField(
        label=_("Tags"),
        maximum=MAX_TAGS,
        max_length=TAG_LENGTH,
        required=False,
        help_text=_("In a form, commas separate them."),
    )
    etag = serializers.CharField(
        read_only=True, help_text="The item's entity tag, for `If-Match`: a list is enough to edit."
    )
    # The earlier front ends read it.
    _id = IdField(source="id", label="_id", help_text=_("Deprecated: the same as `id`."))

    serializer_field_mapping = BaseDocumentSerializer.serializer_field_mapping | {
        PictureField: PictureInput,
    }

    null_in_earlier = ("author",)
    always_read = BaseDocumentSerializer.always_read | {states.KEY}

    class Meta:
        read_only_fields = ("excerpt", *STAMPS)

    @classmethod
    def html_field(cls) -> str:
        return cls.Meta.model.html_field()

    @classmethod
    def listed(cls) -> list[str]:
        """The names of what a list shows where nobody chooses."""
        return [name for name in cls.names() if name != cls.html_field()]

    @classmethod
    def projection(cls, names: Iterable[str] | None = None) -> dict[str, int]:
        """The tag depends on all that a list shows; an earlier item's text is read for what is
        shown in its place."""
        wanted = set(cls.names() if names is None else names)
        if "etag" in wanted:
            wanted |= set(cls.listed())
        if wanted & {cls.html_field(), "excerpt"}:
            wanted.add(cls.Meta.model.TEXT)
        if "author" in wanted:
            wanted.add("author_name")
        return super().projection(wanted - {"etag"})

    @classmethod
    def represent(cls, raw: Raw, names: Iterable[str] | None = None) -> dict[str, Any]:
        names = cls.names() if names is None else names
        if "etag" not in names:
            return cls._as_of_now(raw, names)
        # Without the text as HTML, which follows from the rest: a list has the same tag.
        shown = cls._as_of_now(raw, [name for name in cls.listed() if name != "etag"])
        shown["etag"] = item_tag(raw, shown)
        if cls.html_field() in names:
            shown |= super().represent(raw, [cls.html_field()])
        return {name: shown[name] for name in names}

    @classmethod
    def _as_of_now(cls, raw: Raw, names: Iterable[str]) -> dict[str, Any]:
        """Fields that depend on the time and on what is told of people."""
        shown = super().represent(raw, names)
        if "status" in shown:
            shown["status"] = states.state_of(raw, now())
        if "author" in shown and not settings.SHOW_AUTHOR_EMAIL:
            shown["author"] = raw.get("author_name")
        return shown

    def build_nested_embedded_field(
        self, field_name: str, relation_info: Any, embedded_depth: int
    ) -> tuple[type[serializers.BaseSerializer], dict[str, Any]]:
        """The description of a picture, the only document within one."""
        return PictureMetaSerializer, {"read_only": True, "allow_null": True}

    def get_extra_kwargs(self) -> dict[str, dict[str, Any]]:
        """The text as HTML is made of the text."""
        return super().get_extra_kwargs() | {self.html_field(): {"read_only": True}}

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
            if not (field.read_only or isinstance(field, PictureInput) or name in STAYS)
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
            "description_html",
            "program_type",
            "image",
            "image_alt",
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
        fields = (
            "id",
            "_id",
            "title",
            "content",
            "content_html",
            "image",
            "image_alt",
            "image_meta",
            *COMMON,
        )


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
            "description_html",
            "image",
            "image_alt",
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
            "description_html",
            "website_url",
            "logo",
            "logo_alt",
            "logo_meta",
            *COMMON,
        )
