"""A picture as a document keeps it: a name in the storage and, beside it, what is known of it.

Any registered document may have a `PictureField`, and a `PictureMetaField` named after it. Files
of the earlier service are stored as `/static/uploads/…` and nothing is known of them.
"""

from collections.abc import Iterator

from mongoengine import Document, StringField
from mongoengine.base import BaseField

from core.database import indexes


class PictureField(StringField):
    """The stored name of a picture's original."""


class PictureMetaField(BaseField):
    """`name` (as the picture field has it), `width, height, format, size, placeholder` and
    `renditions`, a list of `name, width, height`."""


def picture_fields(document: type[Document]) -> list[str]:
    """The names of a document's pictures."""
    return [name for name, field in document._fields.items() if isinstance(field, PictureField)]


def meta_field(picture_field: str) -> str:
    """The field beside a picture that says what is known of it."""
    return f"{picture_field}_meta"


def all_picture_fields() -> Iterator[tuple[type[Document], str]]:
    """Every picture of every registered document, in whichever app: a list of them kept by hand
    would one day forget somebody, whose files would be deleted."""
    for document in indexes.documents():
        for field in picture_fields(document):
            yield document, field
