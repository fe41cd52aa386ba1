"""Which pictures a text makes public: nobody brings back what somebody else took away."""

from collections.abc import Iterable, Iterator

from accounts.credentials.sessions import Principal
from accounts.roles import Ability
from content.pictures import references, storage
from content.pictures.documents import reference_fields
from content.publishing.documents import ContentDocument
from content.publishing.revisions import Revision
from core.database.documents import Raw


def referred_to(names: Iterable[str], before: Raw, actor: Principal) -> list[str]:
    """Those of the names in a text that count as references to their files.

    All do but what was taken to the trash, or replaced, by others: who remembers its address could
    else publish it again by writing that down. `before` is the item as it was, empty for a new one.
    """
    names = list(names)
    new = set(names).difference(before.get("text_pictures") or ())
    withdrawn = references.withdrawn(new)
    if not withdrawn or actor.may(Ability.CHANGE_ALL):
        return names
    refused = withdrawn.difference(_had_by(before.get("_id"), withdrawn), _own(actor, withdrawn))
    return [name for name in names if name not in refused]


def _had_by(item_id: object, names: set[str]) -> Iterator[str]:
    """What the item itself showed once."""
    query = {"item_id": item_id, "pictures": {"$in": list(names)}}
    for revision in Revision.collection().find(query, {"pictures": 1}):
        yield from references.originals(revision["pictures"])


def _own(actor: Principal, names: set[str]) -> Iterator[str]:
    """What is shown by the actor's own items, such as those that they took to the trash."""
    spellings = [spelling for name in names for spelling in storage.spellings(name)]
    for document in ContentDocument.__subclasses__():
        for field in reference_fields(document):
            query = {field: {"$in": spellings}, "author_id": actor.id}
            for raw in document.collection().find(query, {field: 1}):
                yield from references.named_by(document, raw)
