"""Every change with what is recorded of it: its events and its revision, in one transaction.

On a server without transactions they stand in the changed document until they are copied out, so
that a crash at any point can repeat a record and loses none.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bson import ObjectId
from pymongo.client_session import ClientSession

from content.pictures import files
from content.publishing import addresses, earlier, revisions, states
from content.publishing.documents import ContentDocument
from core import events
from core.database.documents import Raw
from core.events import Actor
from core.times import now

# Where the records of changes wait on a server without transactions, a list.
PENDING = "pending"


class Change(NamedTuple):
    """One change of one item by somebody (None: by nobody) at a moment."""

    document: type[ContentDocument]
    before: Raw
    after: Raw
    actor: Actor | None
    moment: datetime

    @property
    def is_public(self) -> bool:
        return states.is_public(self.after, self.moment)

    @property
    def was_public(self) -> bool:
        return bool(self.before) and states.is_public(self.before, self.moment)


class Written(NamedTuple):
    """A change that was written; `moved` are the files to settle once it is certain."""

    before: Raw
    after: Raw
    moved: set[str]


def insert(
    document: type[ContentDocument], raw: Raw, *, actor: Actor, transaction: ClientSession | None
) -> Written:
    """Store a new item with its records. Raises DuplicateKeyError where its slug is taken."""
    records = records_of(Change(document, {}, raw, actor, now()), transaction)
    moved = files.named_by(document, raw)
    files.note(moved, transaction=transaction)
    pending = _pending({}, records, transaction)
    document.collection().insert_one(raw | pending, session=transaction)
    return Written({}, raw, moved | _store(document, raw["_id"], records, transaction))


def change(
    document: type[ContentDocument],
    id: ObjectId,
    plan: Callable[[Raw], Raw],
    *,
    actor: Actor | None,
    transaction: ClientSession | None,
) -> Written:
    """`VersionedDocument.change` with the records of the change."""
    records: Raw = {}
    moved: set[str] = set()

    def beside(before: Raw, after: Raw) -> Raw:
        made = Change(document, before, after, actor, now())
        records.update(records_of(made, transaction))
        moved.update(_moved(made))
        files.note(moved, transaction=transaction)
        return _pending(before, records, transaction)

    before, after = document.change(id, plan, beside=beside, transaction=transaction)
    if after is not before:
        moved |= _store(document, id, records, transaction)
    return Written(before, after, moved)


def remove(
    document: type[ContentDocument],
    raw: Raw,
    what: str | None,
    *,
    actor: Actor | None,
    transaction: ClientSession | None,
) -> Written | None:
    """Remove an item for good with all that is kept of it, and record `what` happened, if anything
    did. None where it is not in that state any more, and then nothing is done."""
    state = {"_id": raw["_id"], "version": raw.get("version")}
    files.note(named := files.named_by(document, raw), transaction=transaction)
    happened = [event(document, raw, what, actor, now())] if what else []
    left = [each for records in waiting(raw) for each in records["events"]]
    for each in (*left, *happened):
        events.record(each, transaction=transaction)
    # Without transactions a crash leaves what is kept of it rather than the item without that.
    if not document.collection().delete_one(state, session=transaction).deleted_count:
        events.withdraw(happened, transaction=transaction)
        return None
    kept = revisions.remove_all(raw["_id"], transaction=transaction)
    files.note(kept, transaction=transaction)
    return Written(raw, {}, named | kept)


def tell(
    document: type[ContentDocument], raw: Raw, same: Raw, *, transaction: ClientSession | None
) -> None:
    """Record that an item came out, if it is still in the `same` state: nobody did it."""
    happened = event(document, raw, "published", None, now())
    records = _records([happened], [])
    update = {"$unset": {"due": 1}} | ({} if transaction else {"$push": {PENDING: records}})
    if document.collection().update_one(same, update, session=transaction).matched_count:
        _store(document, raw["_id"], records, transaction)


# --- What is recorded ------------------------------------------------------------------


def records_of(change: Change, transaction: ClientSession | None) -> Raw:
    """The events and revisions of a change."""
    kept: list[Raw] = []
    document, after = change.document, change.after
    before = earlier.ours(document, change.before) if change.before else {}
    if before and not revisions.is_known(before["_id"], transaction):
        found = document.complete(before)
        kept.append(revisions.revision(document, found, [], None, found["updated_at"]))
    changed = revisions.changed_fields(document, before, after)
    kept.append(revisions.revision(document, after, changed, change.actor, change.moment))
    happened = [_event(change, what) for what in what_happened(change)]
    return _records(happened, kept)


def _records(happened: list[Raw], kept: list[Raw]) -> Raw:
    return {"_id": ObjectId(), "events": happened, "revisions": kept}


def what_happened(change: Change) -> list[str]:
    """In one word each."""
    before, after = change.before, change.after
    if not before:
        return ["created", "published"] if change.is_public else ["created"]
    announced = ["published"] if is_due(before, change.moment) else []
    if states.is_trashed(before) != states.is_trashed(after):
        return [*announced, "restored" if states.is_trashed(before) else "deleted"]
    if change.is_public != change.was_public:
        return [*announced, "published" if change.is_public else "unpublished"]
    return [*announced, "updated"]


def is_due(raw: Raw, moment: datetime) -> bool:
    """Whether it came out and nobody has been told."""
    return states.is_ours(raw) and "due" in raw and raw["due"] <= moment


def _event(change: Change, what: str) -> Raw:
    return event(change.document, change.after, what, change.actor, change.moment)


def event(
    document: type[ContentDocument], raw: Raw, what: str, actor: Actor | None, moment: datetime
) -> Raw:
    """What happened to an item, as it is told to others: small, and never a secret."""
    return events.event(
        f"{document.NOUN}.{what}",
        actor=actor,
        resource=document.collection_name(),
        object_id=raw["_id"],
        title=document.title_of(raw),
        data={
            "slug": raw.get("slug"),
            "version": raw.get("version", 0),
            "status": states.state_of(raw, moment),
            "url": addresses.address(document.collection_name(), raw),
        },
    )


def _moved(change: Change) -> set[str]:
    """The files that may have to move: those that one state refers to and the other does not, and
    all where the item comes to the trash or out of it."""
    old = files.named_by(change.document, change.before)
    new = files.named_by(change.document, change.after)
    if states.is_trashed(change.before) != states.is_trashed(change.after):
        return old | new
    return old ^ new


# --- Recording -------------------------------------------------------------------------


def waiting(raw: Raw) -> list[Raw]:
    """The records that wait in a stored item; an earlier item has none, whatever it has there."""
    return raw.get(PENDING, []) if states.is_ours(raw) else []


def _pending(before: Raw, records: Raw, transaction: ClientSession | None) -> Raw:
    """What is to be written with a change: its records, after those that a crash has left."""
    return {} if transaction else {PENDING: [*waiting(before), records]}


def _store(
    document: type[ContentDocument],
    id: ObjectId,
    records: Raw,
    transaction: ClientSession | None,
) -> set[str]:
    """Write the records; gives the files that no revision shows any more."""
    for revision in records["revisions"]:
        revisions.keep(revision, transaction=transaction)
    pruned = revisions.prune(id, transaction=transaction) if records["revisions"] else set()
    files.note(pruned, transaction=transaction)
    for happened in records["events"]:
        events.record(happened, transaction=transaction)
    if transaction is None:
        _copied(document, id, records)
    return pruned


def _copied(document: type[ContentDocument], id: ObjectId, records: Raw) -> None:
    """Nothing waits but what others have written since."""
    own = {"$pull": {PENDING: {"_id": records["_id"]}}}
    document.collection().update_one({"_id": id}, own)
    _clear(document, id)


def _clear(document: type[ContentDocument], id: ObjectId) -> None:
    """Leave no empty list, which would be found as if something waited."""
    document.collection().update_one({"_id": id, PENDING: []}, {"$unset": {PENDING: 1}})


def copy_out(document: type[ContentDocument]) -> bool:
    """Store the records that a crash left in a document; says whether there were any."""
    raw = document.collection().find_one({PENDING: {"$exists": True}} | states.ours())
    if raw is None:
        return False
    for records in waiting(raw):
        files.settle(_store(document, raw["_id"], records, None))
    # Whoever copied the last ones may have been killed before that.
    _clear(document, raw["_id"])
    return True
