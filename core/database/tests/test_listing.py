"""What a listing declares: its parameters, and indexes that serve every shape."""

from itertools import chain, combinations

import pytest

from accounts.documents import User
from content.documents import RESOURCES
from core.database import indexes, search
from core.database.filters import Since, State, caseless
from core.database.listing import Listing, Scope

LISTINGS = [(document, document.LISTING) for document in (User, *RESOURCES)]


@pytest.fixture(params=LISTINGS, ids=lambda pair: pair[0].__name__)
def declared(request) -> tuple[type, Listing]:
    return request.param


def declared_indexes(document) -> list[list[str]]:
    return [list(model.document["key"]) for model in document.declared_indexes()]


def shapes(listing: Listing):
    """Every set of filters, with and without search, in every order; an index is read in
    either direction."""
    powers = (combinations(listing.filters, n) for n in range(len(listing.filters) + 1))
    for filters in chain.from_iterable(powers):
        for name in listing.ordering:
            for searched in (False, True):
                yield [f.equals for f in filters if f.equals], listing.sorted_by(name), searched


def serves(index: list[str], equals: list[str], order: str, searched: bool) -> bool:
    """An index begins with an equality filter, with the search words, or with the ordering
    plus `_id`."""
    return (
        index[0] in equals or (searched and index[0] == search.KEY) or index[:2] == [order, "_id"]
    )


def test_an_index_serves_every_shape(declared):
    document, listing = declared
    indexes = declared_indexes(document)
    unserved = [shape for shape in shapes(listing) if not any(serves(i, *shape) for i in indexes)]
    assert unserved == []


def test_the_best_index_serves_each_filter_alone_and_search(declared):
    """An ordering's index would do by definition, and read the whole collection."""
    document, listing = declared
    firsts = {"_id"} | {index[0] for index in declared_indexes(document)}
    assert {f.equals for f in listing.filters if f.equals} <= firsts
    assert search.KEY in firsts


@pytest.mark.parametrize("name", ["email", "is_admin", "email_key", "username_key"])
def test_users_are_found_on_an_index(name):
    assert name in {index[0] for index in declared_indexes(User)}


def test_a_collection_has_at_most_sixteen_indexes(declared):
    document, _listing = declared
    assert len(declared_indexes(document)) + 1 <= 16  # `_id` has one of its own


def test_exactly_the_declared_indexes_are_created(declared):
    document, _listing = declared
    created = document.collection().index_information()
    keys = sorted([key for key, _ in index["key"]] for index in created.values())
    assert keys == sorted([["_id"], *declared_indexes(document)])


def test_creating_them_again_changes_nothing():
    indexes.ensure_indexes()
    assert indexes.ensure_indexes() == []


def test_no_index_is_declared_twice(declared):
    document, _listing = declared
    indexes = [tuple(index) for index in declared_indexes(document)]
    assert len(indexes) == len(set(indexes))


def test_it_tells_in_which_orders_and_needs_an_index_for_each():
    listing = Listing(
        searched=("name",), ordering=("age",), filters=(Since("born_after", "Born after", "born"),)
    )
    assert listing.orderings == ["age", "-age"]
    assert listing.indexes() == [{"fields": ["age", "_id"]}, {"fields": ["search_words"]}]


def test_a_scope_has_its_own_order_and_keys_unless_asked():
    listing = Listing(
        searched=("name",),
        ordering=("shown_at", "age"),
        default_ordering="-shown_at",
        sort_keys=(("shown_at", "shown_from"),),
    )
    scope = Scope({"age": 3}, ordering="-age", sort_keys={"shown_at": "shown_at"})
    unasked = {"search": "", "limit": 1, "count": True}
    query = listing.query(unasked)
    assert listing.order(query).sort == [("shown_from", -1), ("_id", -1)]
    assert listing.order(query, scope).sort == [("age", -1), ("_id", -1)]
    asked = listing.query(unasked | {"ordering": "shown_at"})
    assert listing.order(asked).sort == [("shown_from", 1), ("_id", 1)]
    assert listing.order(asked, scope).sort == [("shown_at", 1), ("_id", 1)]
    assert {"fields": ["shown_from", "_id"]} in listing.indexes()


def test_a_state_is_told_and_narrows_nothing_itself():
    state = State("state", "State", (("open", "Open"), ("closed", "Closed")), "open")
    listing = Listing(searched=("name",), filters=(state,))
    query = listing.query({"search": "", "limit": 1, "count": True, "state": "closed"})
    assert (query.state, query.where) == ("closed", {})


def test_what_has_no_case_is_compared_in_one_form():
    for one, other in (("Straße", "STRASSE"), ("E\u0301", "\u00e9"), ("\u0390", "\u1fd3")):
        assert caseless(one) == caseless(other)
