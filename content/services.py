"""Writing content: the document and its files, together or not at all.

Knows nothing of requests; raises domain errors.
"""

from bson import ObjectId
from mongoengine import ValidationError

from accounts.credentials import sessions
from accounts.credentials.sessions import Principal
from accounts.credentials.tokens import TokenError
from content.documents import ContentDocument
from content.pictures import files
from core.database.documents import Check, Raw
from core.errors import Invalid, NotFound, Unauthenticated

Document = type[ContentDocument]


def create(document: Document, values: Raw, *, author: Principal) -> Raw:
    """Store a new document with its files.

    Raises `Invalid`, `InvalidFile`, `StorageUnavailable` and, where the author is no active user
    any more, `Unauthenticated`.
    """
    document.check_together(values, values.keys())
    with files.stored(document, values) as fields:
        owner = {"author": _current_email(author), "author_id": author.id}
        try:
            created = document(**fields, **owner, **document.derived(fields))
            created.save(force_insert=True)
        except ValidationError as error:
            raise Invalid(errors={k: [str(v)] for k, v in error.to_dict().items()}) from error
    return created.to_mongo().to_dict()


def _current_email(author: Principal) -> str:
    """Asked for at the last moment: large pictures take seconds, in which people may change."""
    try:
        return sessions.active_user(author.id)["email"]
    except TokenError as error:
        raise Unauthenticated from error


def change(document: Document, before: Raw, values: Raw, *, check: Check) -> Raw:
    """Write only these fields and what follows from them; gives the new state.

    `before` is the document as it was last seen; `check` sees the state that is about to be
    changed and may raise. Raises `NotFound`, `Invalid`, `InvalidFile`, `StorageUnavailable`.
    """
    # What fits what was last seen is worth the decoding of a picture.
    document.check_together(before | values, values.keys())
    noted: set[str] = set()
    with files.stored(document, values) as fields:

        def plan(before: Raw) -> Raw:
            check(before)
            merged = before | fields
            document.check_together(merged, fields.keys())
            files.note(moved := _moved(document, before, merged), transaction=None)
            noted.update(moved)
            return fields | document.derived(merged)

        _, after = document.change(before["_id"], plan)
    files.note(noted, transaction=None)
    files.settle(noted)
    return after


def _moved(document: Document, before: Raw, after: Raw) -> set[str]:
    """The files that only one of two states refers to."""
    return files.named_by(document, before) ^ files.named_by(document, after)


def delete(document: Document, id: ObjectId, *, check: Check) -> None:
    """Remove a document, and its files where nothing else refers to them.

    `check` sees the state that is about to go and may raise. Raises `NotFound`.
    """
    while True:
        before = document.collection().find_one({"_id": id})
        if before is None:
            raise NotFound
        check(before)
        files.note(files.named_by(document, before), transaction=None)
        state = {"_id": id, "version": before.get("version")}
        if document.collection().delete_one(state).deleted_count:
            break
    files.note(files.named_by(document, before), transaction=None)
    files.settle(files.named_by(document, before))
