"""Collections and indexes: made from what the documents declare, by command, never at import."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pymongo
from mongoengine.connection import get_connection, get_db
from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.errors import CollectionInvalid, DuplicateKeyError, OperationFailure

from core.database import connection, embedded, failures
from core.database.documents import BaseDocument
from core.database.transactions import has_transactions

NAMESPACE_EXISTS = 48
INDEX_CONFLICTS = {85, 86}
INDEX_OPTIONS = (
    "unique",
    "sparse",
    "expireAfterSeconds",
    "partialFilterExpression",
    "collation",
)


class IndexBuildError(Exception):
    """A declared index cannot be built over what is stored; one line."""


def is_empty() -> bool:
    """Whether no collection of ours holds a document that is to last."""
    lasting = [document for document in BaseDocument.all_stored() if document.is_lasting]
    return all(document.collection().find_one({}, {"_id": 1}) is None for document in lasting)


def drop_collections() -> None:
    """Drop the collections of registered documents, and no others."""
    with pymongo.timeout(connection.NO_LIMIT):
        for document in BaseDocument.all_stored():
            get_db().drop_collection(document.collection_name())


def ensure_indexes() -> list[str]:
    """Create missing collections and indexes, upgrade earlier documents; report in lines.

    What differs from its declaration is reported and left alone. Running it again, or twice
    at once, is harmless. Raises IndexBuildError.
    """
    with pymongo.timeout(connection.NO_LIMIT), _one_at_a_time():
        return [line for document in BaseDocument.all_stored() for line in _prepare(document)]


def is_news(line: str) -> bool:
    """Whether a line of that report is more than what every first start says."""
    return not line.endswith(" created")


def _one_at_a_time() -> AbstractContextManager[None]:
    # Several clients that create collections at once can hang the embedded database.
    if not embedded.is_embedded():
        return nullcontext()
    get_connection()
    return embedded.exclusively("mongo.indexes")


def _prepare(document: type[BaseDocument]) -> Iterator[str]:
    yield from create(document, document.collection())
    # After the indexes, which then decide between documents, and between machines that start at
    # once. A unique one must be sparse, to be built over documents that lack its key.
    yield from document.upgrade_existing()


def create(document: type[BaseDocument], collection: Collection) -> Iterator[str]:
    """Make a collection for such documents where it is missing; report in lines.

    Raises IndexBuildError.
    """
    existing = collection.index_information()
    if not existing:  # not even that of the id, which every collection has
        yield from _create_collection(collection.name)
    yield from create_indexes(document, collection, existing)


def _create_collection(name: str) -> Iterator[str]:
    try:
        get_db().create_collection(name)
    except CollectionInvalid:
        return
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        return
    yield f"{name}: collection created"


def create_indexes(
    document: type[BaseDocument], collection: Collection, existing: Mapping[str, Any]
) -> Iterator[str]:
    """Build what a document declares and a collection lacks, going by the indexes that it has by
    name; report in lines.

    Raises IndexBuildError.
    """
    declared = {model.document["name"]: model for model in document.declared_indexes()}
    yield from _build(collection, [declared[name] for name in declared if name not in existing])
    for name in declared.keys() & existing.keys():
        if not _is_same_index(declared[name].document, existing[name]):
            yield (
                f"{collection.name}: index {name} differs from its declaration; "
                "drop it to have it rebuilt"
            )
    for name in existing.keys() - declared.keys() - {"_id_"}:
        yield f"{collection.name}: index {name} is not declared; left as it is"


def _build(collection: Collection, models: list[IndexModel]) -> Iterator[str]:
    """In one call, since each reads the whole collection; one by one where some conflict."""
    if not models:
        return
    try:
        collection.create_indexes(models, **_quorum())
    except DuplicateKeyError as error:
        raise IndexBuildError(
            f"{collection.name}: indexes cannot be built: {failures.describe(error)}"
        ) from error
    except OperationFailure as error:
        if error.code not in INDEX_CONFLICTS:
            raise
        if len(models) == 1:
            name = models[0].document["name"]
            yield f"{collection.name}: index {name} not created: {failures.describe(error)}"
        else:
            for model in models:
                yield from _build(collection, [model])
    else:
        for model in models:
            yield f"{collection.name}: index {model.document['name']} created"


def _quorum() -> dict[str, str]:
    """A build waits for every member that votes, also for one that is down, unless told this.
    A server that stands alone refuses to be told."""
    return {"commitQuorum": "majority"} if has_transactions(get_connection()) else {}


def _is_same_index(declared: dict[str, Any], existing: dict[str, Any]) -> bool:
    same_keys = list(declared["key"].items()) == [tuple(pair) for pair in existing["key"]]
    return same_keys and all(
        _option(declared, name, declared) == _option(existing, name, declared)
        for name in INDEX_OPTIONS
    )


def _option(index: dict[str, Any], name: str, declared: dict[str, Any]) -> Any:
    value = index.get(name)
    if name == "collation" and value and declared.get(name):
        # The server completes a collation; what was not declared is its own affair.
        return {key: value.get(key) for key in declared[name]}
    return None if value is False else value
