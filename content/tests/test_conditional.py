"""Entity tags: 304 for readers, 412 for editors who are late."""

import re
from itertools import product

import pytest

from content.publishing import states
from content.tests.resources import JSON, cases

STALE = '"5f0000000000000000000000-1-id"'


@pytest.fixture(params=cases("programs"))
def resource(request):
    """Tags know nothing of what a resource holds."""
    return request.param


@pytest.fixture
def stored(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"])
    return resource.item(key)


def test_an_item_has_a_strong_tag_by_id_version_and_what_is_shown(resource, anyone, stored):
    key = stored.rpartition("/")[2]
    tag = anyone.get(stored)["ETag"]
    assert re.fullmatch(rf'"{key}-1-[0-9a-f]{{12}}"', tag)
    assert anyone.get(stored, HTTP_ACCEPT_LANGUAGE="en")["ETag"] not in (tag, None)
    # The earlier service raises no version.
    resource.collection().update_one({}, {"$set": {resource.title: "Judul lain"}})
    assert anyone.get(stored)["ETag"] != tag


def test_an_item_carries_its_tag_so_that_a_list_is_enough_to_edit(resource, owner, anyone, stored):
    response = anyone.get(stored)
    assert response.json()["data"]["etag"] == response["ETag"]
    [listed] = anyone.get(resource.url).json()["data"]
    assert listed["etag"] == response["ETag"]
    [some] = anyone.get(f"{resource.url}?fields=etag").json()["data"]
    assert some == {"id": listed["id"], "etag": response["ETag"]}
    body = {resource.title: "Judul baru"}
    changed = owner.client.patch(stored, body, HTTP_IF_MATCH=listed["etag"], **JSON)
    assert changed.status_code == 200
    assert changed.json()["data"]["etag"] == changed["ETag"]


def test_a_list_has_a_strong_tag_that_follows_its_content(resource, owner, anyone, stored):
    first = anyone.get(resource.url)["ETag"]
    assert first.startswith('"')
    assert anyone.get(resource.url)["ETag"] == first
    assert anyone.get(resource.url, HTTP_ACCEPT_LANGUAGE="en")["ETag"] != first
    owner.client.patch(stored, {resource.title: "Judul baru"}, **JSON)
    assert anyone.get(resource.url)["ETag"] != first


def test_reads_tell_caches_what_they_depend_on(resource, anyone, stored):
    for url in (resource.url, stored):
        response = anyone.get(url)
        assert response["Cache-Control"] == "no-cache"
        vary = {name.strip() for name in response["Vary"].split(",")}
        assert {"Accept", "Accept-Language"} <= vary
        assert "Cookie" not in vary


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_the_client_has_is_not_sent_again(resource, anyone, stored, method):
    forms = ("{}", "W/{}", '"x", {}', 'W/"x",W/{}, "y"', "*")
    for url, form in product((resource.url, stored), forms):
        full = anyone.get(url)
        given = form.format(full["ETag"])
        response = getattr(anyone, method)(url, HTTP_IF_NONE_MATCH=given)
        assert response.status_code == 304
        assert response.content == b""
        assert response["ETag"] == full["ETag"]
        assert response["Cache-Control"] == "no-cache"
        assert set(response["Vary"].split(", ")) == set(full["Vary"].split(", "))
        assert "Content-Type" not in response


def test_what_the_client_lacks_is_sent(resource, anyone, stored):
    for given in (STALE, '"x"', "x", '"', "", 'W/"x"', "W/*", "1"):
        for url in (resource.url, stored):
            assert anyone.get(url, HTTP_IF_NONE_MATCH=given).status_code == 200


def test_another_language_is_another_answer(resource, anyone, stored):
    for url in (resource.url, stored):
        tag = anyone.get(url)["ETag"]
        response = anyone.get(url, HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_LANGUAGE="en")
        assert response.status_code == 200


def test_a_change_makes_the_tag_stale(resource, owner, anyone, stored):
    old = anyone.get(stored)["ETag"]
    new = owner.client.patch(stored, {resource.title: "Judul baru"}, **JSON)["ETag"]
    assert new != old
    assert anyone.get(stored, HTTP_IF_NONE_MATCH=old).status_code == 200
    assert anyone.get(stored, HTTP_IF_NONE_MATCH=new).status_code == 304


def test_a_tag_of_a_write_is_that_of_the_next_read(resource, owner, anyone, stored):
    for method in (owner.client.put, owner.client.patch):
        response = method(stored, resource.body, **JSON)
        assert response["ETag"] == anyone.get(stored)["ETag"]


# --- Editing ---------------------------------------------------------------------------


@pytest.fixture(params=["put", "patch", "delete"])
def edit(request, resource, owner, stored):
    """Writes with an `If-Match`; gives the answer."""

    def send(if_match):
        method = getattr(owner.client, request.param)
        return method(stored, resource.body, HTTP_IF_MATCH=if_match, **JSON)

    return send


def test_a_current_tag_lets_an_edit_through(resource, owner, anyone):
    [key] = resource.store(author_id=owner.raw["_id"])
    url = resource.item(key)
    for form in ("{}", "W/{}", '"x", {}', "*", ' "x" ,W/{}'):
        for method in (owner.client.patch, owner.client.put):
            given = form.format(anyone.get(url)["ETag"])
            assert method(url, resource.body, HTTP_IF_MATCH=given, **JSON).status_code == 200


def test_a_current_tag_lets_a_deletion_through(resource, anyone, owner, stored):
    tag = anyone.get(stored)["ETag"]
    assert owner.client.delete(stored, HTTP_IF_MATCH=f"W/{tag}").status_code == 200
    assert states.is_trashed(resource.collection().find_one())


def test_a_tag_of_another_language_is_as_good(anyone, stored, edit):
    tag = anyone.get(stored, HTTP_ACCEPT_LANGUAGE="en")["ETag"]
    assert edit(tag).status_code == 200


def test_any_other_tag_holds_an_edit_up(resource, edit):
    before = resource.collection().find_one()
    for given in (STALE, '"x"', '"*"', '",7!c"', '"a,b", W/"c"'):
        response = edit(given)
        assert response.status_code == 412
        assert response.json()["meta"]["code"] == "precondition_failed"
    assert resource.collection().find_one() == before


def test_what_is_no_tag_is_told_from_a_stale_one(resource, edit):
    before = resource.collection().find_one()
    for given in ("x", "", "W/*", '"x', '"x", y', before["_id"]):
        response = edit(str(given))
        assert response.status_code == 400
        assert response.json()["meta"]["code"] == "malformed_request"
    assert resource.collection().find_one() == before


def added_by_proxies(tag: str) -> list[str]:
    """A tag as proxies change it that compress the answer."""
    inside = tag.strip('"')
    endings = ("-gzip", ";gzip", "--gzip", "-br", "--br", ";br", "-zstd", "-deflate")
    return [f'{weak}"{inside}{ending}"' for weak in ("", "W/") for ending in endings]


def test_a_tag_that_a_proxy_changed_is_as_good(resource, owner, anyone, stored):
    for url in (stored, resource.url):
        for given in added_by_proxies(anyone.get(url)["ETag"]):
            assert anyone.get(url, HTTP_IF_NONE_MATCH=given).status_code == 304, given
    for number in range(len(added_by_proxies("x"))):
        given = added_by_proxies(anyone.get(stored)["ETag"])[number]
        body = {resource.title: f"Judul {number}"}
        response = owner.client.patch(stored, body, HTTP_IF_MATCH=given, **JSON)
        assert response.status_code == 200, given


def test_what_is_there_already_holds_a_write_up(resource, anyone, owner, stored):
    """If-None-Match (RFC 9110, 13.1.2)."""
    before = resource.collection().find_one()
    for given in (
        "*",
        before and anyone.get(stored)["ETag"],
        f'"x", W/{anyone.get(stored)["ETag"]}',
    ):
        for method in ("put", "patch", "delete"):
            body = {} if method == "delete" else resource.body
            response = getattr(owner.client, method)(stored, body, HTTP_IF_NONE_MATCH=given, **JSON)
            assert response.status_code == 412, (method, given)
    assert resource.collection().find_one() == before
    response = owner.client.patch(stored, resource.body, HTTP_IF_NONE_MATCH=STALE, **JSON)
    assert response.status_code == 200


def test_a_304_says_no_length(resource, anyone, stored):
    for url in (stored, resource.url):
        response = anyone.get(url, HTTP_IF_NONE_MATCH="*")
        assert response.status_code == 304
        assert "Content-Length" not in response


def test_a_stale_tag_holds_an_edit_up(resource, owner, anyone, stored, edit):
    tag = anyone.get(stored)["ETag"]
    owner.client.patch(stored, {resource.title: "Lebih cepat"}, **JSON)
    assert edit(tag).status_code == 412
    assert resource.collection().find_one()[resource.title] == "Lebih cepat"


def test_a_document_without_a_version_has_tags_too(resource, anyone, stored, edit):
    resource.collection().update_one({}, {"$unset": {"version": 1}})
    tag = anyone.get(stored)["ETag"]
    assert "-0-" in tag
    assert anyone.get(stored, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert edit(tag).status_code == 200
    assert edit(tag).status_code in (404, 412)


def test_a_stranger_learns_nothing_from_tags(resource, stranger, stored):
    response = stranger.client.patch(stored, {}, HTTP_IF_MATCH=STALE, **JSON)
    assert response.status_code == 403


def test_the_tag_of_the_page_is_not_that_of_the_data(resource, anyone, stored):
    page = anyone.get(stored, HTTP_ACCEPT="text/html")
    data = anyone.get(stored, HTTP_IF_NONE_MATCH=page["ETag"])
    assert data.status_code == 200
    assert data["ETag"] != page["ETag"]


def test_the_tag_of_the_page_lets_an_edit_through(resource, owner, anyone):
    url = resource.item(resource.create(owner.client)["id"])
    tag = anyone.get(url, HTTP_ACCEPT="text/html")["ETag"]
    change = {resource.title: "Judul baru"}
    assert owner.client.patch(url, change, **JSON, HTTP_IF_MATCH=tag).status_code == 200
    assert owner.client.patch(url, change, **JSON, HTTP_IF_MATCH=tag).status_code == 412
