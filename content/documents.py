"""The four resources as stored: what each adds to the base of all content."""

from collections.abc import Set
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from mongoengine import BooleanField, DateTimeField, StringField

from content.pictures.documents import PictureField, PictureMetaField
from content.publishing import states
from content.publishing.documents import SLUG_LENGTH, TAG_LENGTH, ContentDocument
from core.database.documents import HttpUrl, Raw, TextField
from core.database.filters import (
    CREATED,
    Address,
    Before,
    ChangedSince,
    Choice,
    Exact,
    Filter,
    Flag,
    Ids,
    Since,
    State,
    Tag,
)
from core.database.listing import Listing
from core.errors import Invalid

DESCRIPTION_LENGTH = 10_000
ALT_LENGTH = 300
# What a list may be about.
STATES = (*states.STATES, ("all", gettext_lazy("All")))


def listing(*filters: Filter, ordering: tuple[str, ...] = (), **kwargs: Any) -> Listing:
    """What every list of content may be asked, and more; the first text searched is the title.

    The public list is ordered by the time that decides what is in it.
    """
    title, *_others = kwargs["searched"]
    common = (
        State(
            "state",
            gettext_lazy("Status"),
            (*states.STATES, ("all", gettext_lazy("All"))),
            "published",
        ),
        Address("author", gettext_lazy("Author")),
        Tag("tag", gettext_lazy("Tag"), "tag_keys", max_length=TAG_LENGTH),
        Exact("slug", gettext_lazy("Address"), max_length=SLUG_LENGTH),
        Ids("ids", gettext_lazy("IDs")),
        *CREATED,
        ChangedSince("updated_after", gettext_lazy("Changed from"), "updated_at", "visible_from"),
    )
    return Listing(
        title=title,
        ordering=("published_at", "created_at", "updated_at", title, *ordering),
        default_ordering="-published_at",
        sort_keys=(("published_at", "visible_from"),),
        filters=(*common, *filters),
        **kwargs,
    )


def picture_text() -> StringField:
    """A picture in words, for those who cannot see it."""
    return StringField(
        verbose_name=gettext_lazy("Picture in words"),
        max_length=ALT_LENGTH,
        help_text=gettext_lazy("What the picture shows, for those who cannot see it."),
    )


class Program(ContentDocument):
    """An event or training."""

    NOUN, TEXT = "program", "description"
    TYPES = (
        ("human_library", gettext_lazy("Human library")),
        ("workshop", gettext_lazy("Workshop")),
        ("sosialisasi", gettext_lazy("Public outreach")),
        ("seminar", gettext_lazy("Seminar")),
        ("training", gettext_lazy("Training")),
    )
    LISTING = listing(
        Choice("program_type", gettext_lazy("Type"), TYPES, is_broad=True),
        Flag("is_active", gettext_lazy("Active"), default=True),
        Since("starts_after", gettext_lazy("Starts from"), "start_date"),
        Before("starts_before", gettext_lazy("Starts before"), "start_date"),
        searched=("title", "subtitle", "description"),
        ordering=("start_date", "end_date"),
    )

    title = StringField(
        verbose_name=gettext_lazy("Title"), required=True, min_length=3, max_length=200
    )
    subtitle = StringField(verbose_name=gettext_lazy("Subtitle"), min_length=3, max_length=200)
    description = TextField(
        verbose_name=gettext_lazy("Description"), required=True, max_length=DESCRIPTION_LENGTH
    )
    description_html = StringField()
    program_type = StringField(verbose_name=gettext_lazy("Type"), required=True, choices=TYPES)
    image = PictureField(verbose_name=gettext_lazy("Picture"))
    image_alt = picture_text()
    image_meta = PictureMetaField()
    start_date = DateTimeField(verbose_name=gettext_lazy("Start"))
    end_date = DateTimeField(verbose_name=gettext_lazy("End"))
    is_active = BooleanField(verbose_name=gettext_lazy("Active"), default=True)

    meta = {
        "collection": "programs",
        "indexes": [*LISTING.indexes(), {"fields": ["image"], "sparse": True}],
    }

    @classmethod
    def complete(cls, raw: Raw) -> Raw:
        return {"is_active": True} | super().complete(raw)

    @classmethod
    def check_together(cls, raw: Raw, changed: Set[str]) -> None:
        if not changed & {"start_date", "end_date"}:
            return
        start, end = raw.get("start_date"), raw.get("end_date")
        if end and not start:
            raise Invalid(errors={"end_date": [_("An end needs a start.")]})
        if end and end < start:
            raise Invalid(errors={"end_date": [_("The end is before the start.")]})


class Blog(ContentDocument):
    """An article."""

    NOUN, TEXT = "blog", "content"
    LISTING = listing(searched=("title", "content"), default_limit=10)

    title = StringField(
        verbose_name=gettext_lazy("Title"), required=True, min_length=3, max_length=200
    )
    content = TextField(verbose_name=gettext_lazy("Content"), required=True, max_length=100_000)
    content_html = StringField()
    image = PictureField(verbose_name=gettext_lazy("Picture"))
    image_alt = picture_text()
    image_meta = PictureMetaField()

    meta = {
        "collection": "blogs",
        "indexes": [*LISTING.indexes(), {"fields": ["image"], "sparse": True}],
    }


class Photo(ContentDocument):
    """A photograph of the gallery."""

    NOUN, TEXT = "gallery", "description"
    LISTING = listing(searched=("title", "description"))

    title = StringField(verbose_name=gettext_lazy("Title"), max_length=200)
    description = TextField(verbose_name=gettext_lazy("Description"), max_length=DESCRIPTION_LENGTH)
    description_html = StringField()
    image = PictureField(verbose_name=gettext_lazy("Picture"), required=True)
    image_alt = picture_text()
    image_meta = PictureMetaField()

    meta = {
        "collection": "gallery",
        "indexes": [*LISTING.indexes(), {"fields": ["image"], "sparse": True}],
    }


class Partner(ContentDocument):
    """An organisation that works with us."""

    NOUN, TEXT = "partner", "description"
    LISTING = listing(searched=("name", "description"))

    name = StringField(
        verbose_name=gettext_lazy("Name"), required=True, min_length=3, max_length=200
    )
    description = TextField(
        verbose_name=gettext_lazy("Description"), min_length=10, max_length=DESCRIPTION_LENGTH
    )
    description_html = StringField()
    website_url = HttpUrl(verbose_name=gettext_lazy("Website"), required=True, max_length=2000)
    logo = PictureField(verbose_name=gettext_lazy("Logo"), required=True)
    logo_alt = picture_text()
    logo_meta = PictureMetaField()

    meta = {
        "collection": "partners",
        "indexes": [*LISTING.indexes(), {"fields": ["logo"], "sparse": True}],
    }


RESOURCES: tuple[type[ContentDocument], ...] = tuple(ContentDocument.__subclasses__())
