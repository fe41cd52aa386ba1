"""What every stored document shares: no surprises from MongoEngine, times, a version.

Reading is raw: hydrating documents costs four times as much, and what is shown is chosen by
declared fields anyway. Writing a whole new document goes through MongoEngine, which validates it;
a change writes only its fields, so that an earlier document with a flaw elsewhere can be changed.
Where MongoEngine's own names have an underscore, they are used here and nowhere else.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar, Self

from bson import ObjectId
from django.utils.translation import gettext_lazy as _
from mongoengine import DateTimeField, Document, IntField, StringField
from mongoengine.base import BaseField
from pymongo import IndexModel, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from core.errors import NotFound, Unavailable
from core.times import now

Raw = dict[str, Any]
# Sees the state that is about to be changed, and raises where that must not happen.
Check = Callable[[Raw], None]

# Every round of rivals has one winner, so this many rivals at once can all get through.
MAX_ATTEMPTS = 50


def made_at(raw: Raw) -> datetime:
    """When a document was made; of an earlier one that does not say, its id tells."""
    return raw.get("created_at") or raw["_id"].generation_time


class TextField(StringField):
    """Text of several lines: newline and tab are allowed."""


class HttpUrl(StringField):
    """An http or https address; checked where it comes in."""


class EmailAddress(StringField):
    """An e-mail address, its domain in ASCII; checked where it comes in."""


class BaseDocument(Document):
    """A document whose collection and indexes are made by `ensure_indexes` only.

    The earlier service's documents carry fields that are not declared here; they are
    kept and never shown.
    """

    meta = {"abstract": True, "strict": False, "auto_create_index": False}

    # Whether a backup keeps it; what is only good for a while is forgotten by a restore.
    is_lasting: ClassVar[bool] = True

    @classmethod
    def all_stored(cls) -> Iterator[type[Self]]:
        """The classes that have a collection, those nearest to this one first.

        So people are brought up to date before the content that asks who its authors are.
        """
        level: list[type[Self]] = [cls]
        while level := [each for above in level for each in above.__subclasses__()]:
            yield from (each for each in level if not each._meta.get("abstract"))

    @classmethod
    def collection(cls) -> Collection:
        """The driver's collection, for raw reads and atomic updates."""
        return cls._get_collection()

    @classmethod
    def collection_name(cls) -> str:
        """The same without a connection."""
        return cls._get_collection_name()

    @classmethod
    def declared_fields(cls) -> dict[str, BaseField]:
        """The fields by name."""
        return cls._fields

    @classmethod
    def declared_indexes(cls) -> Iterator[IndexModel]:
        """The indexes, as the driver takes them."""
        defaults = cls._meta.get("index_opts") or {}
        for spec in cls._meta["index_specs"]:
            options = {key: value for key, value in spec.items() if key not in ("fields", "cls")}
            yield IndexModel(spec["fields"], **{**defaults, **options})

    @classmethod
    def upgrade_existing(cls) -> Iterator[str]:
        """Bring earlier documents up to date; yields what an operator should know."""
        yield from ()

    @classmethod
    def complete(cls, raw: Raw) -> Raw:
        """A stored document with what an earlier one may lack."""
        return raw


def version_of(raw: Raw) -> int:
    """The version of a stored document; 0 without one, or with what the earlier service kept under
    that name."""
    version = raw.get("version")
    return version if isinstance(version, int) and not isinstance(version, bool) else 0


def drop_odd_versions(document: type[BaseDocument]) -> Iterator[str]:
    """Remove what is no version and could not be raised; yields how often."""
    odd = {"version": {"$exists": True, "$not": {"$type": "number"}}}
    dropped = document.collection().update_many(odd, {"$unset": {"version": 1}}).modified_count
    if dropped:
        yield f"{document.collection_name()}: {dropped} versions dropped that were no numbers"


def with_values(raw: Raw, values: Raw) -> Raw:
    """A document with these values; None takes a field away."""
    return {key: value for key, value in (raw | values).items() if value is not None}


def update_to(values: Raw) -> Raw:
    """The update that gives a document these values; None takes a field away, because a unique
    index would count a stored null."""
    gone = {key: 1 for key, value in values.items() if value is None}
    given = {key: value for key, value in values.items() if value is not None}
    return {name: keys for name, keys in (("$set", given), ("$unset", gone)) if keys}


class RawQuerySet:
    """The raw documents of a class, as the library's views look one up: those of a clause."""

    def __init__(
        self,
        document: type[BaseDocument],
        projection: Iterable[str] | None = None,
        *,
        where: Raw | None = None,
    ) -> None:
        self.document, self.projection, self.where = document, projection, where or {}

    def get(self, *, id: ObjectId) -> Raw:
        """One document. Raises the class's `DoesNotExist`."""
        raw = self.find(id)
        if raw is None:
            raise self.document.DoesNotExist
        return raw

    def find(self, id: ObjectId) -> Raw | None:
        """The same; None where there is none."""
        return self.document.collection().find_one({"_id": id} | self.where, self.projection)


class VersionedDocument(BaseDocument):
    """A document that several people may edit at once.

    `version` is raised by every write; a document without one counts as version 0.
    """

    meta = {"abstract": True}

    created_at = DateTimeField(verbose_name=_("Created"), required=True, default=now)
    updated_at = DateTimeField(verbose_name=_("Changed"), required=True)
    version = IntField(verbose_name=_("Version"), required=True, default=1)

    def clean(self) -> None:
        """A new document was last changed when it was made, to the millisecond."""
        self.updated_at = self.updated_at or self.created_at

    @classmethod
    def complete(cls, raw: Raw) -> Raw:
        created = made_at(raw)
        certain = {"created_at": created, "version": version_of(raw)}
        return {"updated_at": created} | raw | certain

    @classmethod
    def change(
        cls,
        id: ObjectId,
        plan: Callable[[Raw], Raw],
        *,
        beside: Callable[[Raw, Raw], Raw] | None = None,
        transaction: ClientSession | None = None,
    ) -> tuple[Raw, Raw]:
        """Set the fields that `plan` derives from the stored document; gives both states.

        A field that is to be None is taken away. The write is conditional on the version that
        `plan` saw, and `plan` is called again when somebody else was faster, so no edit of another
        field is lost. What changes nothing is not written; else `beside`, which is given the state
        before and after, may add what is to be written with it. `plan` may raise to give up. Raises
        `NotFound` when there is no such document.
        """
        for _attempt in range(MAX_ATTEMPTS):
            before = cls.collection().find_one({"_id": id}, session=transaction)
            if before is None:
                raise NotFound
            values = plan(before)
            if all(before.get(key) == value for key, value in values.items()):
                return before, before
            values |= {"updated_at": now(), "version": version_of(before) + 1}
            if beside:
                values |= beside(before, with_values(before, values))
            after = cls.collection().find_one_and_update(
                {"_id": id, "version": before.get("version")},
                update_to(values),
                return_document=ReturnDocument.AFTER,
                session=transaction,
            )
            if after is not None:
                return before, after
        raise Unavailable
