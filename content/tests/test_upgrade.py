"""`ensure_indexes` brings documents of the earlier service up to date, in batches."""

import pytest

from accounts.documents import User
from content.publishing import earlier as earlier_items
from content.tests.resources import JSON, START, cases, titles
from core.database import indexes, search
from core.database.listing import SORT_KEY

# mongomock does not take the driver's bulk updates.
pytestmark = pytest.mark.wire


@pytest.fixture(params=cases("programs"))
def resource(request):
    """One code upgrades all; test_earlier_database.py has something of each."""
    return request.param


def earlier(resource, number=1, **fields):
    """Documents as the earlier service wrote them: without the newer fields."""
    keys = resource.store(number, **fields)
    newer = ("author_id", "author_name", "version", "updated_at", search.KEY, SORT_KEY)
    newer += (*earlier_items.NAMES, resource.html)
    resource.collection().update_many({}, {"$unset": dict.fromkeys(newer, 1)})
    return keys


def test_it_gives_an_owner_and_words_once(resource, owner, anyone):
    earlier(resource, author=owner.email)
    [line] = indexes.ensure_indexes()
    assert line == f"{resource.name}: 1 earlier documents brought up to date"
    stored = resource.collection().find_one()
    assert stored["author_id"] == owner.raw["_id"]
    assert stored["updated_at"] == START
    assert "judul" in stored[search.KEY]
    assert stored[SORT_KEY] == "judul 0000"
    assert "version" not in stored
    assert titles(anyone.get(f"{resource.url}?search=judul"), resource) == ["Judul 0000"]
    assert indexes.ensure_indexes() == []


@pytest.mark.parametrize("version", [None, "1.0", {"major": 2}, ["a"]])
def test_a_version_that_is_no_number_counts_as_none(resource, owner, anyone, version):
    [key] = earlier(resource, author=owner.email)
    resource.collection().update_one({}, {"$set": {"version": version}})
    path = resource.item(key)
    assert anyone.get(path).json()["data"]["version"] == 0
    report = f"{resource.name}: 1 versions dropped that were no numbers"
    assert report in indexes.ensure_indexes()
    assert "version" not in resource.collection().find_one()
    assert owner.client.delete(path).status_code == 200


@pytest.mark.parametrize("version", ["1.0", True, float("inf")])
def test_it_is_replaced_by_the_next_change(resource, owner, anyone, version):
    [key] = earlier(resource, author=owner.email)
    indexes.ensure_indexes()
    resource.collection().update_one({}, {"$set": {"version": version}})
    tag = anyone.get(resource.item(key))["ETag"]
    change = {resource.title: "Judul yang baru"}
    response = owner.client.patch(resource.item(key), change, **JSON, HTTP_IF_MATCH=tag)
    assert response.status_code == 200, response.content
    assert response.json()["data"]["version"] == 1
    assert resource.collection().find_one()["version"] == 1


def test_it_works_in_batches(resource, owner, monkeypatch):
    monkeypatch.setattr(earlier_items, "BATCH", 7)
    earlier(resource, 30, author=owner.email)
    [line] = indexes.ensure_indexes()
    assert " 30 " in line
    lacking = {"$or": [{"author_id": None}, {search.KEY: {"$exists": False}}]}
    assert resource.collection().count_documents(lacking) == 0


def test_nobody_gains_a_document_by_registering_its_address(resource, anyone, owner):
    [key] = earlier(resource, author="pergi@lsa.example")
    indexes.ensure_indexes()
    assert resource.collection().find_one()["author_id"] is None
    User.collection().update_one({}, {"$set": {"email": "pergi@lsa.example"}})
    indexes.ensure_indexes()
    assert resource.collection().find_one()["author_id"] is None
    assert owner.client.delete(resource.item(key)).status_code == 403


def test_an_author_is_found_in_any_case_the_same_spelling_first(resource, owner, stranger):
    earlier(resource, author="OWNER@LSA.example")
    indexes.ensure_indexes()
    assert resource.collection().find_one()["author_id"] == owner.raw["_id"]
    resource.collection().delete_many({})
    # Two earlier users whose addresses differ in case only: the younger has no key.
    clash = {"email": "Owner@LSA.example"}
    User.collection().update_one(
        {"_id": stranger.raw["_id"]}, {"$set": clash, "$unset": {"email_key": 1}}
    )
    earlier(resource, author="Owner@LSA.example")
    indexes.ensure_indexes()
    assert resource.collection().find_one()["author_id"] == stranger.raw["_id"]


def test_the_first_start_knows_authors_whose_own_names_it_has_just_filled(resource, owner):
    """As the earlier service left both."""
    User.collection().update_one(
        {"_id": owner.raw["_id"]}, {"$unset": {"email_key": 1, "username_key": 1}}
    )
    earlier(resource, author="OWNER@LSA.example")
    indexes.ensure_indexes()
    assert resource.collection().find_one()["author_id"] == owner.raw["_id"]


def test_words_of_an_earlier_rule_are_replaced_where_there_is_no_key_to_sort_by(resource):
    resource.store(**{resource.title: "Đồng Nai", search.KEY: ["đong"]})
    resource.collection().update_one({}, {"$unset": {SORT_KEY: 1}})
    indexes.ensure_indexes()
    stored = resource.collection().find_one()
    assert stored[SORT_KEY] == "dong nai"
    assert stored[search.KEY][:2] == ["dong", "nai"]


def test_a_title_that_is_no_text_hinders_nothing(resource):
    earlier(resource, **{resource.title: 5, resource.text: ["a"]})
    indexes.ensure_indexes()
    stored = resource.collection().find_one()
    assert stored[SORT_KEY] == ""
    assert stored[resource.title] == 5


@pytest.mark.parametrize("lacking", ["author_id", search.KEY, SORT_KEY, "created_at"])
def test_it_fills_what_is_missing_and_nothing_else(resource, owner, lacking):
    resource.store(author_id=owner.raw["_id"])
    before = resource.collection().find_one()
    resource.collection().update_one({}, {"$unset": {lacking: 1}})
    indexes.ensure_indexes()
    after = resource.collection().find_one()
    assert after.keys() == before.keys()
    assert {key for key in after if after[key] != before[key]} <= {lacking}


def test_a_document_without_a_time_is_listed_by_that_of_its_id(resource, anyone):
    resource.store(created_at=None)
    resource.collection().update_many({}, {"$unset": {"created_at": 1}})
    indexes.ensure_indexes()
    stored = resource.collection().find_one()
    assert stored["created_at"] == stored["_id"].generation_time
    assert len(titles(anyone.get(f"{resource.url}?created_after=2025-01-01"), resource)) == 1
