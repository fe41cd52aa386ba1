"""Lists: pages, order, filters, selected fields, honest meta."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from content.tests.resources import RESOURCES, START, cases, ids, listed, titles
from core.api import pagination
from core.times import isoformat, now

DEFAULT_LIMITS = {"programs": 1000, "blogs": 10, "gallery": 1000, "partners": 1000}
WRONG = ["-1", "1.5", "x", "1e3", "٣", " 1", "0x1", "99999999999999999999", "NaN"]


@pytest.fixture(params=cases("programs"))
def resource(request):
    """One code lists all; programs have the most to ask for."""
    return request.param


def test_nothing_is_an_empty_page(resource, anyone):
    response = anyone.get(resource.url)
    assert response.status_code == 200
    assert response.json()["data"] == []
    assert response.json()["meta"] == {
        "total": 0,
        "skip": 0,
        "limit": resource.listing.default_limit,
        "count": 0,
        "has_more": False,
        "next": None,
        "previous": None,
    }


def test_the_newest_come_first(resource, anyone):
    resource.store(3)
    assert titles(anyone.get(resource.url), resource) == ["Judul 0002", "Judul 0001", "Judul 0000"]


def test_the_id_breaks_a_tie_in_the_same_direction(resource, anyone):
    stored = [str(key) for key in resource.store(4, created_at=START)]
    assert ids(anyone.get(resource.url).json()["data"]) == stored[::-1]
    up = anyone.get(f"{resource.url}?ordering=created_at")
    assert ids(up.json()["data"]) == stored


def test_it_shows_what_an_item_shows(resource, anyone):
    [key] = resource.store()
    [item] = anyone.get(resource.url).json()["data"]
    assert item == listed(anyone.get(resource.item(key)).json()["data"])


def test_the_default_page_size(resource, anyone):
    resource.store(11)
    meta = anyone.get(resource.url).json()["meta"]
    assert meta["limit"] == resource.listing.default_limit
    assert meta["count"] == min(11, meta["limit"])
    assert meta["has_more"] == (meta["limit"] < 11)
    assert meta["total"] == 11


@pytest.mark.parametrize(("name", "limit"), DEFAULT_LIMITS.items())
def test_a_page_has_at_most_as_many(name, limit):
    assert RESOURCES[name].listing.default_limit == limit


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_its_links_lead_through_all_pages_and_back(resource, anyone, prefix):
    stored = [str(key) for key in resource.store(5)][::-1]
    url = f"{prefix}/{resource.name}/?skip=0&limit=2&author=owner@lsa.example"
    seen, pages = [], []
    while url:
        assert url.startswith(f"{prefix}/{resource.name}")
        response = anyone.get(url).json()
        seen += ids(response["data"])
        pages.append(response)
        url = response["meta"]["next"]
    assert seen == stored
    assert [page["meta"]["has_more"] for page in pages] == [True, True, False]
    assert [page["meta"]["total"] for page in pages] == [5, 5, 5]
    back = anyone.get(pages[-1]["meta"]["previous"]).json()
    assert back["data"] == pages[1]["data"]
    assert pages[0]["meta"]["previous"] is None


def test_its_links_keep_the_question(anyone):
    RESOURCES["blogs"].store(3)
    query = "search=judul&ordering=title&fields=title&count=false&limit=1"
    link = anyone.get(f"/blogs?{query}").json()["meta"]["next"]
    kept = dict(parse_qsl(link.partition("?")[2]))
    assert kept.pop("cursor")
    assert kept == dict(parse_qsl(query))
    link = anyone.get(f"/blogs?{query}&skip=0").json()["meta"]["next"]
    assert dict(parse_qsl(link.partition("?")[2])) == dict(parse_qsl(query)) | {"skip": "1"}


def test_past_the_end_is_an_empty_page(resource, anyone):
    resource.store(2)
    for skip in (2, 10_000):
        response = anyone.get(f"{resource.url}?skip={skip}").json()
        assert response["data"] == []
        assert response["meta"]["total"] == 2
        assert response["meta"]["has_more"] is False
        assert response["meta"]["next"] is None
        assert response["meta"]["previous"] is not None


def test_skip_has_bounds(resource, anyone):
    for skip in [*WRONG, "10001"]:
        response = anyone.get(resource.url, {"skip": skip})
        assert response.status_code == 422
        assert list(response.json()["meta"]["errors"]) == ["skip"]


def test_limit_has_bounds(resource, anyone):
    for limit in [*WRONG, "0", "1001"]:
        response = anyone.get(resource.url, {"limit": limit})
        assert response.status_code == 422
        assert list(response.json()["meta"]["errors"]) == ["limit"]


def test_the_widest_page(anyone):
    resource = RESOURCES["blogs"]
    resource.store(1001, **{resource.text: "a" * 10})
    meta = anyone.get(f"{resource.url}?limit=1000&fields=id").json()["meta"]
    assert (meta["count"], meta["has_more"], meta["total"]) == (1000, True, 1001)
    last = anyone.get(f"{resource.url}?limit=1&skip=1000&fields=id").json()["meta"]
    assert (last["count"], last["has_more"], last["total"]) == (1, False, 1001)


def test_the_count_can_be_left_out(resource, anyone):
    resource.store(2)
    meta = anyone.get(f"{resource.url}?count=false&limit=1").json()["meta"]
    assert meta["total"] is None
    assert meta["has_more"] is True
    assert anyone.get(f"{resource.url}?count=true").json()["meta"]["total"] == 2
    for value in ("0", "no", "FALSE"):
        assert anyone.get(resource.url, {"count": value}).status_code == 422


def test_every_ordering_in_both_directions(resource, anyone):
    for index in (2, 0, 1):
        moment = START + timedelta(days=index)
        names = ("visible_from", "created_at", "updated_at", "start_date", "end_date")
        times = dict.fromkeys(names, moment)
        resource.store(**times, **{resource.title: f"Judul {index}"})
    for ordering in resource.listing.orderings:
        expected = ["Judul 0", "Judul 1", "Judul 2"][:: -1 if ordering.startswith("-") else 1]
        response = anyone.get(resource.url, {"ordering": ordering})
        assert titles(response, resource) == expected, ordering


def test_titles_sort_as_a_reader_would_sort_them(resource, anyone):
    for title in ("Zebra", "abad", "“Dana”", "apel", "Ábaco", "đa", "ABACO"):
        resource.store(**{resource.title: title})
    order = ["Ábaco", "ABACO", "abad", "apel", "đa", "“Dana”", "Zebra"]
    for ordering, expected in ((resource.title, order), (f"-{resource.title}", order[::-1])):
        url, seen = f"{resource.url}?ordering={ordering}&limit=2", []
        while url:
            response = anyone.get(url)
            seen += titles(response, resource)
            url = response.json()["meta"]["next"]
        assert seen == expected


def test_a_new_title_sorts_anew_and_the_key_is_not_shown(resource, owner, anyone):
    first, second = (resource.create(owner.client, **{resource.title: t}) for t in ("Batu", "Cabe"))
    change = {resource.title: "éap"}
    owner.client.patch(resource.item(second["id"]), change, format="json")
    response = anyone.get(f"{resource.url}?ordering={resource.title}")
    assert titles(response, resource) == ["Batu", "éap"]
    owner.client.patch(resource.item(first["id"]), {resource.title: "Èas z"}, format="json")
    owner.client.patch(resource.item(first["id"]), {resource.title: "Zus"}, format="json")
    response = anyone.get(f"{resource.url}?ordering={resource.title}")
    assert titles(response, resource) == ["éap", "Zus"]
    assert "sort_key" not in response.json()["data"][0]


def test_what_has_no_title_sorts_lowest(owner, anyone):
    gallery = RESOURCES["gallery"]
    for title in ("Abad", None, "9"):
        gallery.create(owner.client, title=title)
    response = anyone.get("/gallery?ordering=title")
    assert titles(response, gallery) == [None, "9", "Abad"]


def test_an_author_is_found_in_either_form_of_the_domain(resource, anyone):
    forms = ("a@xn--mnchen-3ya.example", "a@münchen.example")
    resource.store(author=forms[0])
    resource.store(author=forms[1])
    resource.store(author="a@muenchen.example")
    for form in (*forms, "a@MÜNCHEN.example"):
        response = anyone.get(resource.url, {"author": form}).json()
        assert [item["author"] for item in response["data"]] == [*forms[::-1]], form
        assert response["meta"]["total"] == 2
    assert anyone.get(resource.url, {"author": "a@xn--99999.example"}).json()["data"] == []


def test_its_orderings(resource):
    names = {"published_at", "created_at", "updated_at", resource.title}
    names |= {"start_date", "end_date"} if resource.name == "programs" else set()
    assert set(resource.listing.ordering) == names


def test_any_other_ordering_is_refused_with_what_is_allowed(resource, anyone):
    for ordering in ["-", "author", "--title", "password", "created_at,title"]:
        response = anyone.get(resource.url, {"ordering": ordering})
        assert response.status_code == 422
        [message] = response.json()["meta"]["errors"]["ordering"]
        assert "-updated_at" in message


def test_author(resource, anyone):
    resource.store(2)
    [other] = resource.store(author="lain@lsa.example")
    response = anyone.get(f"{resource.url}?author=lain@lsa.example").json()
    assert ids(response["data"]) == [str(other)]
    assert response["meta"]["total"] == 1
    assert anyone.get(f"{resource.url}?author=x@lsa.example").json()["data"] == []
    assert anyone.get(f"{resource.url}?author=x").status_code == 422


def test_only_these_ids(resource, anyone):
    stored = [str(key) for key in resource.store(4)]
    for value, expected in (
        (f"{stored[1]},{stored[3]}", [3, 1]),
        (f" {stored[1]} , {stored[1].upper()}, {'f' * 24}", [1]),
        ("0" * 24, []),
    ):
        response = anyone.get(resource.url, {"ids": value}).json()
        assert ids(response["data"]) == [stored[index] for index in expected]
        assert response["meta"]["total"] == len(expected)
    most = ",".join([stored[0]] * 100)
    assert anyone.get(resource.url, {"ids": most}).json()["meta"]["total"] == 1
    wrong = [f"{most},{stored[0]}", f"{stored[0]},", ",", stored[0][:-1], "x" * 24, "," * 10_000]
    for value in wrong:
        response = anyone.get(resource.url, {"ids": value})
        assert response.status_code == 422
        assert list(response.json()["meta"]["errors"]) == ["ids"]
        assert len(response.content) < 1000


def test_a_tag_is_found_without_regard_to_case(resource, anyone):
    for tags in (["energi", "strasse"], ["\u00e9tude"], []):
        resource.store(tag_keys=tags, **{resource.title: f"Tentang {'/'.join(tags)}"})
    for value, expected in (
        ("ENERGI", ["Tentang energi/strasse"]),
        (" energi ", ["Tentang energi/strasse"]),
        ("Straße", ["Tentang energi/strasse"]),
        ("E\u0301tude", ["Tentang \u00e9tude"]),
        ("energ", []),
        ('{"$ne": null}', []),
    ):
        assert titles(anyone.get(resource.url, {"tag": value}), resource) == expected, value
    for value in ("a,b", "x" * 41, "a\x00", "\u200b"):
        assert anyone.get(resource.url, {"tag": value}).status_code == 422, value


def test_a_slug_is_found_as_it_is(resource, anyone):
    for slug in ("kabar", "kabar-2"):
        resource.store(slug=slug, **{resource.title: slug})
    for value, expected in (("kabar", ["kabar"]), ("kabar-2", ["kabar-2"]), ("kab", [])):
        assert titles(anyone.get(resource.url, {"slug": value}), resource) == expected
    for value in ("Kabar", "kabar 2", "kabar\n", "a_b", "x" * 81, "é"):
        response = anyone.get(resource.url, {"slug": value})
        assert list(response.json()["meta"]["errors"]) == ["slug"], value


def test_what_was_changed_or_came_out_since(resource, anyone):
    def store(title, changed, shown):
        times = {"updated_at": START + timedelta(days=changed), "visible_from": shown}
        resource.store(**times, **{resource.title: title})

    soon = now() + timedelta(hours=1)
    store("Lama", 0, START)
    store("Diubah", 2, START)
    store("Terbit", 0, START + timedelta(days=3))
    store("Nanti", 9, soon)
    url = f"{resource.url}?ordering={resource.title}"
    for since, expected in (
        (START, ["Diubah", "Lama", "Terbit"]),
        (START + timedelta(days=2), ["Diubah", "Terbit"]),
        (START + timedelta(days=2, milliseconds=1), ["Terbit"]),
        (START + timedelta(days=3), ["Terbit"]),
        (START + timedelta(days=3, milliseconds=1), []),
        (soon + timedelta(days=1), []),
    ):
        response = anyone.get(f"{url}&updated_after={isoformat(since)}")
        assert titles(response, resource) == expected, since
    assert anyone.get(f"{url}&updated_after=kemarin").status_code == 422


def test_created_after_is_inclusive_and_before_exclusive(resource, anyone):
    resource.store(3)
    for query, expected in (
        ("created_after=2024-01-01T00:01:00Z", [2, 1]),
        ("created_before=2024-01-01T00:01:00Z", [0]),
        ("created_after=2024-01-01T00:01:00Z&created_before=2024-01-01T00:02:00Z", [1]),
        ("created_after=2024-01-01", [2, 1, 0]),
        ("created_before=2024-01-01", []),
        ("created_after=2024-01-01T07:02:00%2B07:00", [2]),
        ("created_after=2024-01-01T07:02:00+07:00", [2]),
    ):
        response = anyone.get(f"{resource.url}?{query}")
        assert titles(response, resource) == [f"Judul {n:04}" for n in expected], query


def test_a_wrong_time_is_refused(anyone, resource):
    for value in ["kemarin", "2024-13-01", "0", "0001-01-01T00:00:00+07:00"]:
        for name in ("created_after", "created_before"):
            assert anyone.get(resource.url, {name: value}).status_code == 422


def test_starts(anyone):
    programs = RESOURCES["programs"]
    for index in range(3):
        moment = START + timedelta(days=index)
        programs.store(start_date=moment, title=f"Judul {index}")
    programs.store(title="Tanpa tanggal")
    for query, expected in (
        ("starts_after=2024-01-02", ["Judul 1", "Judul 2"]),
        ("starts_before=2024-01-02", ["Judul 0"]),
        ("starts_after=2024-01-02&starts_before=2024-01-03", ["Judul 1"]),
    ):
        response = anyone.get(f"/programs?{query}&ordering=start_date")
        assert titles(response, programs) == expected, query


def test_program_type(anyone):
    programs = RESOURCES["programs"]
    for kind in (*dict(programs.document.TYPES), None):
        programs.store(program_type=kind, title=f"Jenis {kind}")
    for kind in dict(programs.document.TYPES):
        response = anyone.get(f"/programs?program_type={kind}")
        assert titles(response, programs) == [f"Jenis {kind}"]
    assert anyone.get("/programs?program_type=all").json()["meta"]["total"] == 6
    for value in ("lain", "Workshop", "workshop,lain", "workshop,", ",", "x" * 10_000):
        response = anyone.get("/programs", {"program_type": value})
        assert response.status_code == 422
        assert len(response.content) < 1000


def test_several_program_types(anyone):
    programs = RESOURCES["programs"]
    for kind in (*dict(programs.document.TYPES), None):
        programs.store(program_type=kind, title=f"Jenis {kind}")
    for value in ("workshop,seminar", " seminar , workshop ", "workshop,seminar,workshop"):
        response = anyone.get("/programs", {"program_type": value})
        assert set(titles(response, programs)) == {"Jenis workshop", "Jenis seminar"}
        assert response.json()["meta"]["total"] == 2
    assert anyone.get("/programs?program_type=workshop,all").json()["meta"]["total"] == 6


def test_a_blank_parameter_counts_as_absent(resource, anyone):
    resource.store(2)
    names = ("skip", "limit", "cursor", "ordering", "search", "fields", "count")
    filters = (each.name for each in resource.listing.filters)
    plain = anyone.get(resource.url).json()
    for name in (*names, *filters):
        for blank in ("", " "):
            assert anyone.get(resource.url, {name: blank}).json() == plain, name


def test_the_total_stands_in_a_header_too(resource, anyone):
    resource.store(3)
    assert anyone.get(resource.url, {"limit": 1})["X-Total-Count"] == "3"
    assert "X-Total-Count" not in anyone.get(resource.url, {"limit": 1, "count": "false"})


def test_a_page_ends_early_where_its_text_is_long(anyone, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_TEXT", 5_000)
    blogs = RESOURCES["blogs"]
    stored = [str(key) for key in blogs.store(7, content="a" * 2_000)][::-1]
    seen, sizes, url = [], [], f"{blogs.url}?skip=0&limit=6&fields=content"
    while url:
        page = anyone.get(url).json()
        seen += ids(page["data"])
        sizes.append((len(page["data"]), page["meta"]["count"], page["meta"]["has_more"]))
        assert page["meta"]["total"] == 7
        url = page["meta"]["next"]
    assert seen == stored
    assert sizes == [(3, 3, True), (3, 3, True), (1, 1, False)]


def test_a_page_holds_at_least_one_item(anyone, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_TEXT", 0)
    RESOURCES["blogs"].store(2)
    page = anyone.get(RESOURCES["blogs"].url).json()
    assert (len(page["data"]), page["meta"]["has_more"]) == (1, True)


@pytest.mark.parametrize(
    "given", ["2024-01-01 00:01:00+00:00", "2024-01-01 00:01:00 00:00", "2024-01-01T07:01:00+07:00"]
)
@pytest.mark.parametrize("is_encoded", [True, False])
def test_a_time_is_read_as_programs_write_it(resource, anyone, given, is_encoded):
    """A space before the time, as Python writes one; a plus sign that was not encoded."""
    resource.store(3)
    query = urlencode({"created_after": given}) if is_encoded else f"created_after={given}"
    response = anyone.get(f"{resource.url}?{query.replace(' ', '%20')}")
    assert response.json()["meta"]["total"] == 2


def test_is_active_counts_what_lacks_it_as_active(anyone):
    programs = RESOURCES["programs"]
    programs.store(is_active=True, title="Aktif")
    programs.store(is_active=False, title="Selesai")
    programs.store(title="Lama")
    assert set(titles(anyone.get("/programs?is_active=true"), programs)) == {"Aktif", "Lama"}
    assert titles(anyone.get("/programs?is_active=false"), programs) == ["Selesai"]
    assert anyone.get("/programs").json()["meta"]["total"] == 3


def test_selected_fields(resource, anyone):
    [key] = resource.store()
    for value, expected in (
        (resource.title, {"id", resource.title}),
        ("version, author", {"id", "version", "author"}),
        ("id", {"id"}),
        ("_id", {"id", "_id"}),
        (f"{resource.title},{resource.title}", {"id", resource.title}),
    ):
        [item] = anyone.get(resource.url, {"fields": value}).json()["data"]
        assert item.keys() == expected
        assert item["id"] == str(key)


def test_every_field_can_be_selected(resource, anyone):
    resource.store()
    [whole] = anyone.get(resource.url).json()["data"]
    for name in whole:
        [item] = anyone.get(resource.url, {"fields": name}).json()["data"]
        assert item[name] == whole[name]


def test_other_fields_are_refused_with_what_is_allowed(resource, anyone):
    for value in [",", "author_id", "search_words", "password", "title.x", "$x"]:
        response = anyone.get(resource.url, {"fields": value})
        assert response.status_code == 422
        assert "updated_at" in response.json()["meta"]["errors"]["fields"][0]


def test_every_wrong_parameter_is_named_at_once(resource, anyone):
    response = anyone.get(f"{resource.url}?skip=x&limit=0&halaman=2&count=ya")
    assert response.status_code == 422
    assert response.json()["meta"]["errors"].keys() == {"skip", "limit", "halaman", "count"}
    assert "created_after" in response.json()["meta"]["errors"]["halaman"][0]
