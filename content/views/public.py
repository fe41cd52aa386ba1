"""What the public has at a moment, and how the front reads it again when the request is over."""

from functools import partial

from bson import ObjectId
from rest_framework.serializers import BaseSerializer

from content.publishing import states
from content.publishing.documents import ContentDocument
from content.publishing.due import next_due_again
from core.api.conditional import ReadAgain
from core.api.pagination import Page, Selection, commands_of, page_in, was_counted
from core.database import rereading
from core.database.documents import Raw
from core.database.filters import Clause
from core.database.listing import ListQuery, Scope
from core.database.rereading import Command, Found
from core.times import now


def page_again(serializer: type[BaseSerializer], query: ListQuery, page: Page) -> ReadAgain:
    """How a page of a list is read again. What reads outlives the request, and holds no document
    of the page, which may be large."""
    document: type[ContentDocument] = serializer.Meta.model
    projection, counts = serializer.projection(query.names), was_counted(query, page)

    def commands() -> list[Command]:
        scope = scope_of("published", states.public(now()))
        selection = Selection.of(document.collection(), document.LISTING, query, scope)
        return commands_of(selection, projection, counts=counts)

    def found_in(found: Found) -> tuple:
        return page_in(query, found).found()

    return ReadAgain(page.found(), commands, found_in, partial(next_due_again, document))


def item_again(serializer: type[BaseSerializer], raw: Raw) -> ReadAgain:
    """How an item is read again, as long as the public sees it."""
    name, projection = serializer.Meta.model.collection_name(), serializer.projection()
    key: ObjectId = raw["_id"]

    def commands() -> list[Command]:
        where = {"_id": key} | states.public(now())
        return [rereading.find(name, where, projection, limit=1)]

    return ReadAgain(raw, commands, rereading.only)


def scope_of(state: str, where: Clause) -> Scope:
    """A list of what is in a state: the public's newest first, others' by their last change."""
    if state == "published":
        return Scope(where)
    # Few in number, so that they are sorted in memory where no index fits.
    return Scope(where, "-updated_at", {"published_at": "published_at"})
