"""What every kind of content is: something with an author that is published, in one base."""

from collections.abc import Iterator, Set
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _
from mongoengine import DateTimeField, IntField, ListField, ObjectIdField, StringField

from content.pictures.documents import PictureNamesField, picture_fields
from content.publishing import earlier, slugs, states, text
from core.database.documents import Raw, VersionedDocument
from core.database.filters import caseless
from core.database.listing import Listing

MAX_TAGS: Final = 20
TAG_LENGTH: Final = 40
SLUG_LENGTH: Final = slugs.MAX_LENGTH


class ContentDocument(VersionedDocument):
    """Something people publish. `author` and `author_name` are for display, `author_id` decides
    who owns it: without an owner (null) it belongs to those who may change everything.

    A kind of content names the field that is written in Markdown in `TEXT`, which is shown as the
    field `TEXT_html` beside it, and what it is called in events in `NOUN`.
    """

    author = StringField(verbose_name=_("Author"), required=True)
    author_name = StringField(verbose_name=_("Author"))
    author_id = ObjectIdField()
    status = StringField(verbose_name=_("Status"), choices=states.STATES, default="published")
    published_at = DateTimeField(verbose_name=_("Published"))
    visible_from = DateTimeField()
    # When it will be public, as long as nobody has been told that it is.
    due = DateTimeField()
    trashed_at = DateTimeField()
    trashed_by = ObjectIdField()
    slug = StringField(verbose_name=_("Address"), max_length=SLUG_LENGTH)
    former_slugs = ListField(StringField())
    tags = ListField(StringField(max_length=TAG_LENGTH), verbose_name=_("Tags"))
    tag_keys = ListField(StringField())
    excerpt = StringField(verbose_name=_("Excerpt"))
    text_pictures = PictureNamesField()
    text_version = IntField()
    search_words = ListField(StringField())
    sort_key = StringField()

    LISTING: ClassVar[Listing]
    TEXT: ClassVar[str]
    NOUN: ClassVar[str]
    SHOWS_FILES_BY: ClassVar[tuple[str, ...]] = (states.KEY,)

    meta = {
        "abstract": True,
        "indexes": [
            {"fields": ["author_id", "visible_from", "_id"]},
            {"fields": ["slug"], "unique": True, "sparse": True},
            {"fields": ["former_slugs"], "sparse": True},
            {"fields": ["due"], "sparse": True},
            {"fields": ["text_pictures"], "sparse": True},
        ],
    }

    @classmethod
    def check_together(cls, raw: Raw, changed: Set[str]) -> None:
        """Raises `Invalid` where the `changed` fields do not fit the others."""

    @classmethod
    def html_field(cls) -> str:
        return f"{cls.TEXT}_html"

    @classmethod
    def title_of(cls, raw: Raw) -> str | None:
        title = raw.get(cls.LISTING.title)
        return title if isinstance(title, str) else None

    @classmethod
    def text_of(cls, raw: Raw) -> str:
        """The text as it was written; none where somebody stored what is no text."""
        written = raw.get(cls.TEXT)
        return written if isinstance(written, str) else ""

    @classmethod
    def alt_fields(cls) -> list[str]:
        return list(map(alt_field, picture_fields(cls)))

    @classmethod
    def complete(cls, raw: Raw) -> Raw:
        return {"tags": []} | super().complete(earlier.ours(cls, raw))

    @classmethod
    def derived(cls, raw: Raw) -> Raw:
        """What follows from the fields of an item: what it is found and sorted by, and its text as
        it is shown."""
        tag_keys = [caseless(tag) for tag in raw.get("tags") or ()]
        return cls.LISTING.derived(raw) | {"tag_keys": tag_keys} | cls.rendered(raw)

    @classmethod
    def rendered(cls, raw: Raw) -> Raw:
        """The text as it is shown."""
        shown = text.render(cls.text_of(raw))
        return {
            cls.html_field(): shown.html,
            "excerpt": shown.excerpt,
            "text_pictures": shown.pictures,
            "text_version": text.VERSION,
        }

    @classmethod
    def derived_names(cls) -> frozenset[str]:
        """The fields that follow from others, and that no revision keeps."""
        found = ("search_words", "sort_key", "visible_from", "due", "tag_keys")
        rendered = (cls.html_field(), "excerpt", "text_pictures", "text_version")
        return frozenset((*found, *rendered))

    @classmethod
    def upgrade_existing(cls) -> Iterator[str]:
        yield from earlier.upgrade(cls)

    @classmethod
    def shows_files(cls, raw: Raw) -> bool:
        """Whether the files that it refers to are for everybody."""
        return not states.is_trashed(raw)


def alt_field(picture_field: str) -> str:
    """The field that describes a picture in words."""
    return f"{picture_field}_alt"
