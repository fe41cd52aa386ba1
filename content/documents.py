"""The four resources as stored: one base, and what each adds to it."""

from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import Any, ClassVar

from bson import ObjectId
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from mongoengine import (
    BooleanField,
    DateTimeField,
    ListField,
    ObjectIdField,
    StringField,
)
from pymongo import UpdateOne

from accounts.documents import User, normalise
from content.pictures.documents import PictureField, PictureMetaField
from content.publishing import states
from core.database import search
from core.database.documents import (
    HttpUrl,
    Raw,
    TextField,
    VersionedDocument,
    drop_odd_versions,
)
from core.database.listing import (
    CREATED,
    SORT_KEY,
    Address,
    Before,
    Choice,
    Filter,
    Flag,
    Listing,
    Since,
)
from core.errors import Invalid

DESCRIPTION_LENGTH = 10_000
UPGRADE_BATCH = 500


def listing(*filters: Filter, **kwargs: Any) -> Listing:
    """What every list of content may be asked, and more; the first text searched is the title."""
    author = Address("author", gettext_lazy("Author"))
    title, *_others = kwargs["searched"]
    return Listing(title=title, filters=(author, *CREATED, *filters), **kwargs)


class ContentDocument(VersionedDocument):
    """Something people publish. `author` is for display, `author_id` decides who owns it.

    Without an owner (null) it belongs to the admins.
    """

    author = StringField(verbose_name=gettext_lazy("Author"), required=True)
    author_id = ObjectIdField()
    search_words = ListField(StringField())
    sort_key = StringField()

    LISTING: ClassVar[Listing]
    SHOWS_FILES_BY: ClassVar[tuple[str, ...]] = (states.KEY,)

    meta = {"abstract": True, "indexes": [{"fields": ["author_id", "author"]}]}

    @staticmethod
    def shows_files(raw: Raw) -> bool:
        """The pictures of what is in the trash are nobody's to see."""
        return raw.get(states.KEY) != states.TRASHED

    @classmethod
    def check_together(cls, raw: Raw, changed: Set[str]) -> None:
        """Raises `Invalid` where the `changed` fields do not fit the others."""

    @classmethod
    def derived(cls, raw: Raw) -> Raw:
        """What is kept beside the fields so that the document can be found."""
        return cls.LISTING.derived(raw)

    @classmethod
    def upgrade_existing(cls) -> Iterator[str]:
        """Give earlier documents their owner, once, and what they are found and sorted by, in
        batches."""
        yield from drop_odd_versions(cls)
        keys = ("author_id", search.KEY, SORT_KEY, "created_at")
        lacking = {"$or": [{key: {"$exists": False}} for key in keys]}
        found = iter(cls.collection().find(lacking))
        upgraded = 0
        while batch := list(islice(found, UPGRADE_BATCH)):
            cls.collection().bulk_write(list(cls._upgrades(batch)), ordered=False)
            upgraded += len(batch)
        if upgraded:
            yield f"{cls.collection_name()}: {upgraded} earlier documents brought up to date"

    @classmethod
    def _upgrades(cls, batch: list[Raw]) -> Iterable[UpdateOne]:
        """Updates that fill only what is still missing when they arrive."""
        owners = _owners({raw["author"] for raw in batch if raw.get("author")})
        for raw in batch:
            complete = cls.complete(raw)
            values = {
                "author_id": owners.get(raw.get("author")),
                "created_at": complete["created_at"],
                "updated_at": complete["updated_at"],
            }
            for key in values.keys() - raw.keys():
                yield _filling(raw, key, {key: values[key]})
            derived = cls.derived(raw)
            # All of it: what is there may follow a rule of an earlier version.
            for key in sorted(derived.keys() - raw.keys())[:1]:
                yield _filling(raw, key, derived)


def _filling(raw: Raw, lacking: str, values: Raw) -> UpdateOne:
    return UpdateOne({"_id": raw["_id"], lacking: {"$exists": False}}, {"$set": values})


def _owners(authors: Iterable[str]) -> dict[str, ObjectId | None]:
    """The users with these addresses: in the same spelling or else, as names are unique
    without regard to case, in any."""
    keys = {author: normalise(author) for author in authors}
    either = [{"email": {"$in": list(keys)}}, {"email_key": {"$in": list(keys.values())}}]
    found = list(User.collection().find({"$or": either}, {"email": 1, "email_key": 1}))
    exact = {user["email"]: user["_id"] for user in found}
    in_any_case = {user.get("email_key"): user["_id"] for user in found}
    return {author: exact.get(author, in_any_case.get(key)) for author, key in keys.items()}


class Program(ContentDocument):
    """An event or training."""

    TYPES = (
        ("human_library", gettext_lazy("Human library")),
        ("workshop", gettext_lazy("Workshop")),
        ("sosialisasi", gettext_lazy("Public outreach")),
        ("seminar", gettext_lazy("Seminar")),
        ("training", gettext_lazy("Training")),
    )
    LISTING = listing(
        Choice("program_type", gettext_lazy("Type"), TYPES),
        Flag("is_active", gettext_lazy("Active"), default=True),
        Since("starts_after", gettext_lazy("Starts from"), "start_date"),
        Before("starts_before", gettext_lazy("Starts before"), "start_date"),
        searched=("title", "subtitle", "description"),
        ordering=("created_at", "updated_at", "title", "start_date"),
    )

    title = StringField(
        verbose_name=gettext_lazy("Title"), required=True, min_length=3, max_length=200
    )
    subtitle = StringField(verbose_name=gettext_lazy("Subtitle"), min_length=3, max_length=200)
    description = TextField(
        verbose_name=gettext_lazy("Description"), required=True, max_length=DESCRIPTION_LENGTH
    )
    program_type = StringField(verbose_name=gettext_lazy("Type"), required=True, choices=TYPES)
    image = PictureField(verbose_name=gettext_lazy("Picture"))
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

    LISTING = listing(
        searched=("title", "content"),
        ordering=("created_at", "updated_at", "title"),
        default_limit=10,
    )

    title = StringField(
        verbose_name=gettext_lazy("Title"), required=True, min_length=3, max_length=200
    )
    content = TextField(verbose_name=gettext_lazy("Content"), required=True, max_length=100_000)
    image = PictureField(verbose_name=gettext_lazy("Picture"))
    image_meta = PictureMetaField()

    meta = {
        "collection": "blogs",
        "indexes": [*LISTING.indexes(), {"fields": ["image"], "sparse": True}],
    }


class Photo(ContentDocument):
    """A photograph of the gallery."""

    LISTING = listing(
        searched=("title", "description"), ordering=("created_at", "updated_at", "title")
    )

    title = StringField(verbose_name=gettext_lazy("Title"), max_length=200)
    description = TextField(verbose_name=gettext_lazy("Description"), max_length=DESCRIPTION_LENGTH)
    image = PictureField(verbose_name=gettext_lazy("Picture"), required=True)
    image_meta = PictureMetaField()

    meta = {
        "collection": "gallery",
        "indexes": [*LISTING.indexes(), {"fields": ["image"], "sparse": True}],
    }


class Partner(ContentDocument):
    """An organisation that works with us."""

    LISTING = listing(
        searched=("name", "description"), ordering=("created_at", "updated_at", "name")
    )

    name = StringField(
        verbose_name=gettext_lazy("Name"), required=True, min_length=3, max_length=200
    )
    description = TextField(
        verbose_name=gettext_lazy("Description"), min_length=10, max_length=DESCRIPTION_LENGTH
    )
    website_url = HttpUrl(verbose_name=gettext_lazy("Website"), required=True, max_length=2000)
    logo = PictureField(verbose_name=gettext_lazy("Logo"), required=True)
    logo_meta = PictureMetaField()

    meta = {
        "collection": "partners",
        "indexes": [*LISTING.indexes(), {"fields": ["logo"], "sparse": True}],
    }


RESOURCES: tuple[type[ContentDocument], ...] = tuple(ContentDocument.__subclasses__())
