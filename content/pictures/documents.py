"""A picture as a document keeps it: a name in the storage and, beside it, what is known of it.

Any document may have a `PictureField`, and a `PictureMetaField` named after it, and
`PictureNamesField`s besides. Files of the earlier service are stored as `/static/uploads/…` and
nothing is known of them.

What a document refers to is public, unless its class has a `shows_files(raw)` that says no of it;
`SHOWS_FILES_BY` names the fields which that looks at.
"""

from collections.abc import Iterator
from typing import Any

from mongoengine import (
    BooleanField,
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from content.pictures.cleaning.clean import FORMATS
from core.database.documents import BaseDocument, Raw


class PictureField(StringField):
    """The stored name of a picture's original."""


class PictureNamesField(ListField):
    """The names of originals that a document refers to besides, such as those in its text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StringField(), **kwargs)


class Rendition(EmbeddedDocument):
    """A smaller copy: its name in the storage, and its size in pixels."""

    name = StringField(required=True)
    width = IntField(required=True)
    height = IntField(required=True)

    meta = {"strict": False}


class PictureMeta(EmbeddedDocument):
    """What is known of a picture; `name` is that of the original, `size` counts its bytes."""

    name = StringField(required=True)
    width = IntField(required=True)
    height = IntField(required=True)
    format = StringField(required=True, choices=FORMATS)
    size = IntField(required=True)
    animated = BooleanField(default=False)
    placeholder = StringField(required=True)
    renditions = EmbeddedDocumentListField(Rendition)

    meta = {"strict": False}


class PictureMetaField(EmbeddedDocumentField):
    """What is known of the picture in the field that it is named after."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PictureMeta, **kwargs)


def picture_fields(document: type[BaseDocument]) -> list[str]:
    """The names of a document's pictures."""
    fields = document.declared_fields().items()
    return [name for name, field in fields if isinstance(field, PictureField)]


def reference_fields(document: type[BaseDocument]) -> list[str]:
    """The names of all fields by which a document refers to pictures."""
    kinds = (PictureField, PictureNamesField)
    fields = document.declared_fields().items()
    return [name for name, field in fields if isinstance(field, kinds)]


def shows_files(document: type[BaseDocument], raw: Raw) -> bool:
    """Whether what a stored document refers to is public because of it."""
    decide = getattr(document, "shows_files", None)
    return decide is None or decide(raw)


def meta_field(picture_field: str) -> str:
    """The field beside a picture that says what is known of it."""
    return f"{picture_field}_meta"


class FileCheck(BaseDocument):
    """A look at where a picture's files are that is due, see `content.pictures.files`.

    `changes` counts who asked for it, so that whoever looked knows whether to look again.
    """

    name = StringField(primary_key=True)  # of the original, in the storage
    due = DateTimeField(required=True)
    changes = IntField(required=True)
    leased_until = DateTimeField()
    leased_by = ObjectIdField()

    # A restore puts every file in its place.
    is_lasting = False

    meta = {"collection": "file_checks", "indexes": [{"fields": ["due"]}]}


def all_picture_fields() -> Iterator[tuple[type[BaseDocument], str]]:
    """Every picture of every document, in whichever app: a list of them kept by hand would one
    day forget somebody, whose files would be deleted."""
    for document in BaseDocument.all_stored():
        for field in picture_fields(document):
            yield document, field
