"""Writing content: the document, its files and what is recorded of the change, together or not at
all.

Knows nothing of requests; raises domain errors. A `check` sees the state that is about to be
changed, as it is in the transaction of the change, and may raise.
"""

from collections.abc import Callable
from datetime import datetime

from bson import ObjectId
from django.conf import settings
from django.utils.translation import gettext as _
from mongoengine import ValidationError
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from accounts.credentials import sessions
from accounts.credentials.sessions import Principal
from accounts.credentials.tokens import TokenError
from accounts.documents import User
from accounts.roles import Ability
from content.pictures import files
from content.publishing import journal, revisions, slugs, states, text_pictures
from content.publishing.documents import ContentDocument
from content.publishing.earlier import filling
from content.publishing.journal import Written
from core.database.documents import MAX_ATTEMPTS, Check, Raw, with_values
from core.database.transactions import in_transaction
from core.errors import Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from core.times import now

Document = type[ContentDocument]
Transaction = ClientSession | None
# Given a new item as it is stored.
Beside = Callable[[Raw, Transaction], None]


# --- Create, change --------------------------------------------------------------------


def create(
    document: Document, values: Raw, *, author: Principal, beside: Beside | None = None
) -> Raw:
    """Store a new item with its files; `beside` may write in the same transaction.

    Raises `Invalid`, `InvalidFile`, `StorageUnavailable`, `SlugTaken`, `Forbidden` where the author
    may not publish and, where they are no active user any more, `Unauthenticated`.
    """
    if not author.may(Ability.PUBLISH_OWN):
        values = {"status": "draft"} | values
    document.check_together(values, values.keys())
    _check_may_publish(author, states.publication({}, values, now()))
    with files.stored(document, values) as fields:
        owner = _owner(author)

        def work(transaction: Transaction) -> Written:
            raw = _new(document, fields | owner, author, transaction)
            written = journal.insert(document, raw, actor=author.actor, transaction=transaction)
            if beside:
                beside(raw, transaction)
            return written

        written = _written(work)
    files.settle(written.moved)
    return written.after


def _owner(author: Principal) -> Raw:
    """Asked for at the last moment: large pictures take seconds, in which people may change."""
    try:
        user = sessions.active_user(author.id)
    except TokenError as error:
        raise Unauthenticated from error
    name = User.full_name_in(user)
    return {"author": user["email"], "author_name": name, "author_id": author.id}


def _new(document: Document, values: Raw, author: Principal, transaction: Transaction) -> Raw:
    """A new item as it is stored."""
    collection, moment = document.collection(), now()
    fields = values | states.publication({}, values, moment)
    if fields.get("slug"):
        slugs.take(collection, fields["slug"], {}, transaction)
    else:
        fields["slug"] = slugs.free_one(collection, document.title_of(fields), {}, transaction)
    fields |= _derived(document, fields, {}, author) | _shown(fields, moment)
    created = document(id=ObjectId(), **fields)
    try:
        created.validate()
    except ValidationError as error:
        raise Invalid(errors={k: [str(v)] for k, v in error.to_dict().items()}) from error
    return created.to_mongo().to_dict()


def _derived(document: Document, after: Raw, before: Raw, actor: Principal) -> Raw:
    """What follows from the fields, and which pictures the text may make public."""
    derived = document.derived(after)
    pictures = text_pictures.referred_to(derived["text_pictures"], before, actor)
    return derived | {"text_pictures": pictures}


def _check_fields(document: Document, values: Raw) -> None:
    """Raises `Invalid` where values of an earlier time are not acceptable any more."""
    try:
        document(**values).validate()
    except ValidationError as error:
        errors = {k: [str(v)] for k, v in error.to_dict().items() if k in values}
        if errors:
            raise Invalid(errors=errors) from error


def change(document: Document, before: Raw, values: Raw, *, actor: Principal, check: Check) -> Raw:
    """Write only these fields and what follows from them; gives the new state.

    `before` is the item as it was last seen. Raises `NotFound`, `Invalid`, `InvalidFile`,
    `StorageUnavailable`, `SlugTaken`, and `Forbidden` where the actor may not publish.
    """
    # What fits what was last seen is worth the decoding of a picture.
    document.check_together(before | values, values.keys())
    with files.stored(document, values) as fields:

        def plan(stored: Raw, transaction: Transaction) -> Raw:
            check(stored)
            return _changed(document, stored, fields, actor, transaction)

        written = _change(document, before["_id"], plan, actor)
    files.settle(written.moved)
    return written.after


def _changed(
    document: Document, stored: Raw, values: Raw, actor: Principal, transaction: Transaction
) -> Raw:
    """What to write so that a stored item has these values; nothing where it has them."""
    filled = filling(document, stored, transaction)
    before, moment = with_values(stored, filled), now()
    fields = values | states.publication(before, values, moment)
    if any(fields[key] != before.get(key) for key in ("status", "published_at")):
        _check_may_publish(actor, fields)
    document.check_together(before | fields, values.keys())
    # After all that may refuse the change: the slug may be taken away from another item.
    if "slug" in values or not before.get("slug"):
        fields["slug"] = _slug(document, before, values, transaction)
    if all(before.get(key) == value for key, value in fields.items()):
        return {}
    after = before | fields
    derived = _derived(document, after, before, actor)
    return filled | fields | derived | _shown(after, moment, before)


def _slug(document: Document, before: Raw, values: Raw, transaction: Transaction) -> str | None:
    """The given slug, free of those who had it; without one it is made of the title."""
    wanted = values.get("slug")
    if wanted is None:
        title = document.title_of(before | values)
        return slugs.free_one(document.collection(), title, before, transaction)
    if wanted != before.get("slug"):
        slugs.take(document.collection(), wanted, before, transaction)
    return wanted


def _shown(after: Raw, moment: datetime, before: Raw | None = None) -> Raw:
    """When an item is shown, and the addresses under which its readers may still look for it."""
    shown = {"visible_from": states.visible_from(after), "due": states.due(after, moment)}
    if before and states.is_public(before, moment):
        is_readdressed = after.get("slug") != before.get("slug")
        if is_readdressed or shown["visible_from"] > moment:
            shown["former_slugs"] = slugs.remembered(before)
    return shown


def _check_may_publish(actor: Principal, publication: Raw) -> None:
    if publication["status"] == "published" and not actor.may(Ability.PUBLISH_OWN):
        raise Forbidden(_("You may write drafts; an editor publishes them."))


# --- Trash -----------------------------------------------------------------------------


def trash(document: Document, id: ObjectId, *, actor: Principal, check: Check) -> None:
    """Move an item to the trash; where none is kept, remove it for good. Raises `NotFound`."""
    if not settings.TRASH_DAYS:
        return remove(document, id, actor=actor, check=check)

    def plan(stored: Raw, transaction: Transaction) -> Raw:
        check(stored)
        filled, moment = filling(document, stored, transaction), now()
        before = with_values(stored, filled)
        values = {"trashed_at": moment, "trashed_by": actor.id}
        return filled | values | _shown(before | values, moment, before)

    files.settle(_change(document, id, plan, actor).moved)
    return None


def restore(document: Document, id: ObjectId, *, actor: Principal, check: Check) -> Raw:
    """Take an item out of the trash, in the state it had; one that is not there stays as it is.
    Raises `NotFound`."""

    def plan(stored: Raw, transaction: Transaction) -> Raw:
        check(stored)
        if not states.is_trashed(stored):
            return {}
        values = dict.fromkeys(("trashed_at", "trashed_by"))
        return values | _shown(stored | values, now(), stored)

    written = _change(document, id, plan, actor)
    files.settle(written.moved)
    return written.after


def remove(document: Document, id: ObjectId, *, actor: Principal, check: Check) -> None:
    """Remove an item for good, its revisions too, and its files where nothing else refers to
    them. Raises `NotFound`."""

    def work(transaction: Transaction) -> Written | None:
        raw = document.collection().find_one({"_id": id}, session=transaction)
        if raw is None:
            raise NotFound
        check(raw)
        what = "removed" if states.is_trashed(raw) else "deleted"
        return journal.remove(document, raw, what, actor=actor.actor, transaction=transaction)

    files.settle(_written(work).moved)


# --- Revisions -------------------------------------------------------------------------


def restore_revision(
    document: Document, id: ObjectId, version: int, *, actor: Principal, check: Check
) -> Raw:
    """Give an item the texts, tags, dates and picture that it had in a version, as a change like
    any other; its publication, address and author stay. Raises `NotFound`, `Invalid`."""

    def plan(stored: Raw, transaction: Transaction) -> Raw:
        check(stored)
        revision = revisions.of_version(id, version, transaction)
        # Noted before it is looked at once more: who removes the revision meets this write.
        files.note(set(revision["pictures"]), transaction=transaction)
        kept = revisions.values_of(document, revision).items()
        values = {name: value for name, value in kept if value != stored.get(name)}
        _check_fields(document, values)
        return _changed(document, stored, values, actor, transaction)

    written = _change(document, id, plan, actor)
    files.settle(written.moved)
    return written.after


# --- Shared ----------------------------------------------------------------------------


def _change(
    document: Document,
    id: ObjectId,
    plan: Callable[[Raw, Transaction], Raw],
    actor: Principal,
) -> Written:
    def work(transaction: Transaction) -> Written:
        return journal.change(
            document,
            id,
            lambda stored: plan(stored, transaction),
            actor=actor.actor,
            transaction=transaction,
        )

    return _written(work)


def _written(work: Callable[[Transaction], Written | None]) -> Written:
    """What was written in a transaction, begun again where a rival took the slug or changed what
    was to be removed: of every round of rivals one gets through."""
    for _attempt in range(MAX_ATTEMPTS):
        try:
            if written := in_transaction(work):
                return written
        except DuplicateKeyError:
            continue
    raise Unavailable
