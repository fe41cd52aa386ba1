"""What each field takes and refuses, on creating and on changing."""

from functools import cache

import pytest

from content.documents import Blog
from content.tests.resources import FORM, JSON, RESOURCES, START

# (resource, field, least, most), lengths in code points; the least is 0 where nothing is fine.
LENGTHS = [
    ("programs", "title", 3, 200),
    ("programs", "subtitle", 3, 200),
    ("programs", "description", 1, 10_000),
    ("blogs", "title", 3, 200),
    ("blogs", "content", 1, 100_000),
    ("gallery", "title", 0, 200),
    ("gallery", "description", 0, 10_000),
    ("partners", "name", 3, 200),
    ("partners", "description", 10, 10_000),
]
LINES = [("programs", "title"), ("programs", "subtitle"), ("blogs", "title"), ("gallery", "title")]
LINES += [("partners", "name"), ("partners", "website_url")]
TEXTS = [("programs", "description"), ("blogs", "content"), ("gallery", "description")]
TEXTS += [("partners", "description")]

REQUIRED = [("programs", "title"), ("programs", "description"), ("programs", "program_type")]
REQUIRED += [("blogs", "title"), ("blogs", "content"), ("gallery", "image")]
REQUIRED += [("partners", "name"), ("partners", "website_url"), ("partners", "logo")]
OPTIONAL = [("programs", "subtitle"), ("programs", "start_date"), ("programs", "image")]
OPTIONAL += [("blogs", "image"), ("gallery", "title"), ("gallery", "description")]
OPTIONAL += [("partners", "description")]
READ_ONLY = ["id", "_id", "author", "created_at", "updated_at", "version"]
UNKNOWN = ["author_id", "search_words", "$set", "a.b", "_cls", "password"]


def by_resource(pairs):
    """The fields of each resource: one request tries them together, and each is named."""
    fields = {}
    for name, field in pairs:
        fields.setdefault(name, []).append(field)
    return fields


@pytest.fixture
def patch(admin):
    """Changes a field or several of an item, the same one of each resource; gives the answer."""

    @cache
    def path(name):
        [key] = RESOURCES[name].store()
        return RESOURCES[name].item(key)

    def send(name, field=None, value=None, /, **others):
        body = ({field: value} if field else {}) | others
        return admin.client.patch(path(name), body, **JSON)

    return send


def spelt(fields, text, url="https://a.example/x"):
    """The text for each of the fields, for an address the URL."""
    return {field: url if field == "website_url" else text for field in fields}


def refused(response, *fields):
    assert response.status_code == 422, response.content
    assert response.json()["meta"]["code"] == "validation_error"
    assert set(response.json()["meta"]["errors"]) == set(fields)
    return True


@pytest.mark.parametrize(("name", "field", "least", "most"), LENGTHS)
def test_lengths_count_code_points(patch, name, field, least, most):
    for length in {least, most}:
        response = patch(name, field, "😀" * length)
        assert response.status_code == 200, response.content
        assert response.json()["data"][field] == "😀" * length
    assert refused(patch(name, field, "😀" * (most + 1)), field)
    if least:
        assert refused(patch(name, field, "😀" * (least - 1)), field)


def test_combining_marks_are_kept_as_they_came(patch):
    for title in ("Cafe\u0301", "Caf\u00e9", "أهلًا وسهلًا", "👩‍👩‍👧"):
        assert patch("blogs", "title", title).json()["data"]["title"] == title


@pytest.mark.parametrize(("name", "fields"), by_resource(LINES + TEXTS).items())
def test_outer_white_space_is_trimmed(patch, name, fields):
    values = spelt(fields, "Kenari raya")
    spaced = {field: f" \u00a0\u2003{value}\u3000 " for field, value in values.items()}
    data = patch(name, **spaced).json()["data"]
    stored = RESOURCES[name].collection().find_one(sort=[("_id", -1)])
    for found in (data, stored):
        assert {field: found[field] for field in fields} == values


@pytest.mark.parametrize(("name", "fields"), by_resource(LINES + TEXTS).items())
def test_control_characters_are_refused(patch, name, fields):
    for control in ["\x00", "\x01", "\x1b", "\x7f", "\x85", "\x9f"]:
        values = spelt(fields, f"Kenari{control} raya", f"https://a.example/{control}x")
        assert refused(patch(name, **values), *fields), ascii(control)


@pytest.mark.parametrize(("name", "fields"), by_resource(LINES + TEXTS).items())
def test_what_changes_the_direction_of_a_text_is_refused_by_its_number(patch, name, fields):
    for control in ["\u202a", "\u202e", "\u2066", "\u2069", "\u206e", "\ufff9", "\uffff"]:
        response = patch(name, **dict.fromkeys(fields, f"https://a.example/{control}gnp.x"))
        assert refused(response, *fields), ascii(control)
        for [message] in response.json()["meta"]["errors"].values():
            assert f"U+{ord(control):04X}" in message


@pytest.mark.parametrize(("name", "fields"), by_resource(LINES + TEXTS).items())
def test_there_must_be_something_to_see(patch, name, fields):
    for text in ("\u200b" * 12, "\u3164" * 12, "\u2800" * 12, "\u00ad \u0301 \ufe0f" * 3):
        assert refused(patch(name, **dict.fromkeys(fields, text)), *fields), ascii(text)


def test_marks_and_joiners_that_writing_needs_are_taken(patch):
    for title in ("می‌خواهم", "abc\u200f def", "per\u00adpus", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Inggris"):
        assert patch("blogs", "title", title).json()["data"]["title"] == title


def test_the_line_ends_of_word_processors_are_line_ends(patch):
    for name, field in TEXTS:
        response = patch(name, field, "Baris pertama\u2028Baris\u2029ketiga")
        assert response.json()["data"][field] == "Baris pertama\nBaris\nketiga"


@pytest.mark.parametrize(("name", "fields"), by_resource(LINES).items())
def test_a_line_is_one_line(patch, name, fields):
    for control in ["\n", "\r\n", "\t", "\u2028", "\u2029"]:
        values = spelt(fields, f"Kenari{control}raya", f"https://a.example/{control}x")
        assert refused(patch(name, **values), *fields), ascii(control)


@pytest.mark.parametrize(("name", "field"), TEXTS)
def test_texts_keep_newlines_and_tabs(patch, name, field):
    value = "Baris pertama\n\n\tBaris kedua"
    assert patch(name, field, value).json()["data"][field] == value
    response = patch(name, field, value.replace("\n", "\r\n"))
    assert response.json()["data"][field] == value


@pytest.mark.parametrize(("name", "fields"), by_resource(LINES + TEXTS).items())
def test_json_strings_must_be_strings(patch, name, fields):
    for value in [5, 1.5, True, ["Kenari"], {"a": "Kenari"}]:
        assert refused(patch(name, **dict.fromkeys(fields, value)), *fields), value


@pytest.mark.parametrize(("name", "fields"), by_resource(REQUIRED).items())
def test_a_required_field_cannot_be_null(patch, name, fields):
    assert refused(patch(name, **dict.fromkeys(fields)), *fields)


@pytest.mark.parametrize(
    ("name", "fields"), by_resource(pair for pair in REQUIRED if pair[1] != "image").items()
)
def test_a_required_field_cannot_be_blank(patch, name, fields):
    assert refused(patch(name, **dict.fromkeys(fields, "   ")), *fields)


@pytest.mark.parametrize(("name", "fields"), by_resource(OPTIONAL).items())
def test_null_removes_an_optional_field(patch, name, fields):
    nothing = dict.fromkeys(fields)
    response = patch(name, **nothing)
    assert response.status_code == 200
    assert response.json()["data"].items() >= nothing.items()


@pytest.mark.parametrize("fields", [READ_ONLY, UNKNOWN], ids=["read only", "unknown"])
def test_other_fields_are_refused_by_name(resource, owner, fields):
    [key] = resource.store(author_id=owner.raw["_id"])
    before = resource.collection().find_one()
    more = dict.fromkeys(fields, "x")
    assert refused(resource.post(owner.client, **more), *fields)
    assert refused(owner.client.put(resource.item(key), resource.form(**more), **FORM), *fields)
    assert refused(owner.client.patch(resource.item(key), more, **JSON), *fields)
    assert list(resource.collection().find()) == [before]


def test_a_picture_is_a_file(resource, owner):
    [key] = resource.store(author_id=owner.raw["_id"])
    for value in ("uploads/other.png", 5, ["x"], {}):
        response = owner.client.patch(resource.item(key), {resource.picture: value}, **JSON)
        assert refused(response, resource.picture)


def test_a_program_type_is_one_of_five(patch):
    for value in ("human_library", "workshop", "sosialisasi", "seminar", "training"):
        assert patch("programs", "program_type", value).json()["data"]["program_type"] == value
    for value in ("Workshop", "lain", "", 5, True, ["workshop"], {"$ne": 1}):
        assert refused(patch("programs", "program_type", value), "program_type"), value


def test_is_active_is_true_or_false(patch):
    for value in (None, 5, 1, 0.0, "mungkin", [True], {}):
        assert refused(patch("programs", "is_active", value), "is_active"), value


def test_is_active_takes_what_forms_send(owner):
    for value, expected in (("false", False), ("true", True), ("0", False), ("on", True)):
        data = RESOURCES["programs"].create(owner.client, is_active=value)
        assert data["is_active"] is expected


GOOD_URLS = [
    "https://kenari.example",
    "http://kenari.example:8080/a?b=c#d",
    "HTTPS://Kenari.Example/",
    "https://müller.example/straße",
    "https://مثال.example/",
    "https://xn--mller-kva.example/",
    "https://192.0.2.1/",
    "https://[2001:db8::1]/",
    "https://a.example/@sari?x=%20'(1)'",
    "https://a.example/" + "x" * 1982,
]
BAD_URLS = [
    "javascript:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "data:text/html,x",
    "ftp://a.example/",
    "file:///etc/passwd",
    "//a.example/",
    "a.example",
    "https://",
    "https:///jalan",
    "https:a.example",
    "http://?x",
    "https://a b.example/",
    "https://-.example/",
    "https://a.example:99999999/",
    'https://a.example/"onclick="x',
    "https://a.example/<b>",
    "https://a.example/`x`",
    "https://a.example/{x}|^",
    "https://a.example\\@b.example/",
    "https://a.example@b.example/",
    "https://a:b@c.example/",
    "https://a.example/\u200bx",
    "https://a.example/\u00a0x",
    " ",
    "https://a.example/" + "x" * 1983,
]


def test_a_website_is_http(patch):
    for url in GOOD_URLS:
        response = patch("partners", "website_url", url)
        assert response.status_code == 200, response.content
        assert response.json()["data"]["website_url"] == url


def test_a_website_is_nothing_else(patch):
    for url in BAD_URLS:
        assert refused(patch("partners", "website_url", url), "website_url"), url


# --- Dates -----------------------------------------------------------------------------

MOMENTS = {
    "2026-01-31": "2026-01-31T00:00:00.000Z",
    "2026-01-31T09:00": "2026-01-31T09:00:00.000Z",
    "2026-01-31 09:00:00": "2026-01-31T09:00:00.000Z",
    "2026-01-31T09:00:00Z": "2026-01-31T09:00:00.000Z",
    "2026-01-31T09:00:00.123456Z": "2026-01-31T09:00:00.123Z",
    "2026-01-31T09:00:00+07:00": "2026-01-31T02:00:00.000Z",
    "2024-02-29": "2024-02-29T00:00:00.000Z",
    "9999-12-31": "9999-12-31T00:00:00.000Z",
    "0001-01-01": "0001-01-01T00:00:00.000Z",
}
NO_MOMENTS = [
    "2026-01-31T09:00:00." + "1" * 1000,
    "2026-02-30",
    "31-01-2026",
    "kemarin",
    "",
    "2026-01-31T25:00",
    "0000-01-01",
]
NO_MOMENTS += [5, 1738281600, True, ["2026-01-31"], {"$date": 0}, "0001-01-01T00:00:00+07:00"]
NO_MOMENTS += ["2026-01-31T09:00:00." + "1" * 1000, "2026-01-31T09:00+" + "0" * 1000]
NO_MOMENTS += ["9999-12-31T23:59:59-07:00", "2026-01-31T09:00:00+99:00", "10000-01-01"]


def test_a_time_is_read_as_utc(patch):
    for given, shown in MOMENTS.items():
        assert patch("programs", "start_date", given).json()["data"]["start_date"] == shown, given


def test_what_is_no_time_is_refused(patch):
    for given in NO_MOMENTS:
        assert refused(patch("programs", "start_date", given), "start_date"), given


def test_an_end_needs_a_start(patch, owner):
    assert refused(patch("programs", "end_date", "2026-01-31"), "end_date")
    assert refused(RESOURCES["programs"].post(owner.client, end_date="2026-01-31"), "end_date")


def test_an_end_is_not_before_its_start(patch):
    early, late = "2026-01-31T09:00:00Z", "2026-01-31T09:00:01Z"
    assert refused(patch("programs", "start_date", late, end_date=early), "end_date")
    assert patch("programs", "start_date", early, end_date=early).status_code == 200
    assert patch("programs", "start_date", early, end_date=late).status_code == 200


def test_one_date_is_checked_against_the_stored_other(owner):
    programs = RESOURCES["programs"]
    data = programs.create(owner.client, start_date="2026-01-10", end_date="2026-01-20")
    url = programs.item(data["id"])
    for change in ({"start_date": "2026-01-21"}, {"end_date": "2026-01-09"}, {"start_date": None}):
        assert refused(owner.client.patch(url, change, **JSON), "end_date")
    assert owner.client.get(url).json()["data"]["version"] == 1
    assert owner.client.patch(url, {"end_date": None}, **JSON).status_code == 200
    assert owner.client.patch(url, {"start_date": "2026-01-21"}, **JSON).status_code == 200


def test_earlier_dates_that_do_not_fit_allow_other_changes(admin):
    programs = RESOURCES["programs"]
    moment = START
    [key] = programs.store(end_date=moment, start_date=None)
    response = admin.client.patch(programs.item(key), {"title": "Judul baru"}, **JSON)
    assert response.status_code == 200
    stored = programs.collection().find_one()
    assert (stored["title"], stored["end_date"]) == ("Judul baru", moment)


def test_all_that_is_wrong_is_named_at_once(owner):
    body = {"title": "ab", "contents": "text", "version": 7}
    response = owner.client.post("/api/v1/blogs", body, format="json")
    assert response.status_code == 422
    assert response.json()["meta"]["errors"].keys() == {"title", "content", "contents", "version"}
    assert Blog.collection().count_documents({}) == 0
