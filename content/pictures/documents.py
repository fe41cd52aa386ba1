"""A picture as a document keeps it: a name in the storage and, beside it, what is known of it.

Any document may have a `PictureField`, and a `PictureMetaField` named after it. Files of the
earlier service are stored as `/static/uploads/…` and nothing is known of them.
"""

from collections.abc import Iterator
from typing import Any

from mongoengine import (
    BooleanField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    StringField,
)

from content.pictures.cleaning.clean import FORMATS
from core.database.documents import BaseDocument


class PictureField(StringField):
    """The stored name of a picture's original."""


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


def meta_field(picture_field: str) -> str:
    """The field beside a picture that says what is known of it."""
    return f"{picture_field}_meta"


def all_picture_fields() -> Iterator[tuple[type[BaseDocument], str]]:
    """Every picture of every document, in whichever app: a list of them kept by hand would one
    day forget somebody, whose files would be deleted."""
    for document in BaseDocument.all_stored():
        for field in picture_fields(document):
            yield document, field
