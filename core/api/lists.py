"""Reading a list over HTTP: its parameters, its page, and the answer."""

from functools import cache

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.envelope import answer
from core.api.list_queries import query_serializer
from core.api.pagination import Selection, describe_page, read_page
from core.database.listing import EVERYTHING, Listing, ListQuery, Scope
from core.errors import Invalid

# How many items a page for people shows where the reader does not say.
PAGE_SIZE = 24


def asked_for(request: Request) -> QueryDict:
    """The parameters of a list; blank ones count as absent, as forms send the boxes that were
    left empty. A page for people is shorter than what a program gets, and says which it is."""
    params = request.query_params.copy()
    for name, values in request.query_params.lists():
        if not any(value.strip(" ") for value in values):
            del params[name]
    if request.accepted_renderer.format == "api":
        params.setdefault("limit", str(PAGE_SIZE))
        if "cursor" not in params:
            params.setdefault("skip", "0")
    return params


def read_query(request: Request, listing: Listing, serializer: type) -> ListQuery:
    """The query that the parameters ask for; `fields` may choose from `serializer`'s.

    Raises `Invalid`, DRF's ValidationError.
    """
    params = asked_for(request)
    if not params:
        return _unasked(listing, serializer)
    repeated = [name for name, values in params.lists() if len(values) > 1]
    if repeated:
        raise Invalid(errors={name: [str(_("Give this parameter once."))] for name in repeated})
    return listing.query(query_serializer(listing, serializer).run_validation(params.dict()))


@cache
def _unasked(listing: Listing, serializer: type) -> ListQuery:
    """The query of a list that is asked for without parameters, as most are: reading the
    defaults of all would take longer than the page's database driver."""
    return listing.query(query_serializer(listing, serializer).run_validation({}))


def answer_list(
    request: Request,
    listing: Listing,
    serializer: type,
    message: str,
    *,
    query: ListQuery | None = None,
    scope: Scope = EVERYTHING,
) -> Response:
    """One page of the documents that `serializer` shows, as they are asked for within a scope.

    A view whose scope depends on the `query` reads it first. `page` of the response is what was
    read, to be held against what is read later.
    """
    query = query or read_query(request, listing, serializer)
    selection = Selection.of(serializer.Meta.model.collection(), listing, query, scope)
    page = read_page(selection, serializer.projection(query.names))
    items = [serializer.represent(raw, query.names) for raw in page.items]
    response = answer(items, message, meta=describe_page(request, selection, page))
    if page.total is not None:
        response["X-Total-Count"] = str(page.total)
    response.page = page
    return response
