"""What clients send is read as it was meant; what would have to be guessed is refused."""

import gzip
from typing import Any

import pytest

from accounts.documents import User
from accounts.tests.requests import API
from content.documents import Blog
from content.tests.resources import FORM, JSON, RESOURCES, picture

BLOGS = RESOURCES["blogs"]
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
NOT_UTF8 = [b"\xe9", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80"]


def part(name: bytes, value: bytes, more: bytes = b"") -> bytes:
    disposition = b'Content-Disposition: form-data; name="' + name + b'"'
    return b"--x\r\n" + disposition + more + b"\r\n\r\n" + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--x--\r\n"


CONTENT = part(b"content", b"Isi")


def post(client: Any, body: bytes, content_type: str, **headers: str) -> Any:
    return client.post(BLOGS.url, body, content_type=content_type, **headers)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["meta"]["code"]


# --- UTF-8 -------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", NOT_UTF8, ids=repr)
def test_what_is_not_utf8_is_refused_and_never_replaced(owner, odd):
    quoted = "".join(f"%{byte:02X}" for byte in odd).encode()
    for body, content_type in (
        (b"title=Caf" + quoted + b"&content=Isi", URLENCODED),
        (b"title=Caf" + odd + b"&content=Isi", URLENCODED),
        (b"title=Kabar&content=Isi&x" + quoted + b"=1", URLENCODED),
        (form(part(b"title", b"Caf" + odd), CONTENT), MULTIPART),
        (form(part(b"title", b"Caf" + odd), CONTENT), f"{MULTIPART}; charset=utf-8"),
        (form(part(b"title", b"Caf" + odd, b"\r\nContent-Type: text/plain"), CONTENT), MULTIPART),
        (form(part(b"title", b"Kabar"), CONTENT, part(b"x" + odd, b"1")), MULTIPART),
    ):
        assert code(post(owner.client, body, content_type)) == (400, "malformed_request"), body
    assert Blog.collection().find_one() is None


def test_letters_of_every_language_are_utf8_in_every_form(owner):
    title = "Café 日本 🌏 ﷽"
    for body, content_type in (
        (f"title={title}&content=Isi".encode(), URLENCODED),
        (form(part(b"title", title.encode()), CONTENT), MULTIPART),
    ):
        assert post(owner.client, body, content_type).json()["data"]["title"] == title
    assert [raw["title"] for raw in Blog.collection().find()] == [title, title]


def test_a_replacement_character_that_was_sent_is_kept(owner):
    body = form(part(b"title", "Kabar \ufffd".encode()), CONTENT)
    assert post(owner.client, body, MULTIPART).json()["data"]["title"] == "Kabar \ufffd"


@pytest.mark.parametrize("odd", ["%E9", "%FF", "%C3"])
def test_a_query_that_is_not_utf8_is_refused(anyone, odd):
    for query in (f"search=caf{odd}", f"{odd}=1", f"fields=title&author={odd}"):
        assert code(anyone.get(f"{BLOGS.url}?{query}")) == (400, "malformed_request")


def test_no_wrong_byte_of_a_password_is_as_good_as_another(anyone):
    user = {"email": "sari@lsa.example", "username": "sari", "password": "café-pagi-2731"}
    assert anyone.post(f"{API}/auth/register", user, **JSON).status_code == 201
    for path in (f"{API}/auth/login", "/login"):
        for odd in ("%E9", "%FF", "%C3"):
            body = f"username=sari&password=caf{odd}-pagi-2731"
            assert anyone.post(path, body, content_type=URLENCODED).status_code == 400
    parts = form(part(b"username", b"sari"), part(b"password", b"caf\xff-pagi-2731"))
    for path in (f"{API}/auth/login", "/login"):
        assert anyone.post(path, parts, content_type=MULTIPART).status_code == 400
    body = "username=sari&password=caf%C3%A9-pagi-2731"
    assert anyone.post(f"{API}/auth/login", body, content_type=URLENCODED).status_code == 200


# --- Media types and encodings -----------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    ["Multipart/Form-Data; boundary=x", 'MULTIPART/form-data; Boundary="x"', f"{MULTIPART};"],
)
def test_media_types_are_read_in_any_case(owner, content_type):
    body = form(part(b"title", b"Kabar"), CONTENT)
    assert post(owner.client, body, content_type).status_code == 201
    body = b"title=Kabar&content=Isi"
    assert post(owner.client, body, "Application/X-WWW-Form-URLencoded").status_code == 201
    assert post(owner.client, b'{"title": "Kabar", "content": "Isi"}', "Application/JSON")


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "gzip, identity", "x"])
def test_a_body_in_an_encoding_is_unsupported(owner, encoding):
    body = gzip.compress(b'{"title": "Kabar", "content": "Isi"}')
    response = post(owner.client, body, "application/json", HTTP_CONTENT_ENCODING=encoding)
    assert code(response) == (415, "unsupported_media_type")
    assert Blog.collection().find_one() is None


def test_a_body_as_it_is_may_say_so(owner):
    body = b'{"title": "Kabar", "content": "Isi"}'
    response = post(owner.client, body, "application/json", HTTP_CONTENT_ENCODING="identity")
    assert response.status_code == 201


# --- Parts of forms ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "epilogue",
    [b"some text", b"\r\nmore\r\n", part(b"title", b"Lain"), b"--x--", b"\xff\xfe", b" " * 5_000],
)
def test_what_follows_the_closing_boundary_is_ignored(owner, epilogue):
    body = form(part(b"title", b"Kabar"), CONTENT) + epilogue
    response = post(owner.client, body, MULTIPART)
    assert response.status_code == 201
    assert response.json()["data"]["title"] == "Kabar"


@pytest.mark.parametrize(
    "nameless",
    [
        b"--x\r\nContent-Disposition: form-data\r\n\r\nLain\r\n",
        b'--x\r\nContent-Disposition: form-data; name=""\r\n\r\nLain\r\n',
        b'--x\r\nContent-Disposition: form-data; filename="a.png"\r\n\r\nLain\r\n',
        b"--x\r\nContent-Type: text/plain\r\n\r\nLain\r\n",
        b"--x\r\n\r\nLain\r\n",
    ],
)
def test_a_part_without_a_name_is_refused(owner, nameless):
    item = BLOGS.create(owner.client)
    response = owner.client.patch(BLOGS.item(item["id"]), form(nameless), content_type=MULTIPART)
    assert code(response) == (400, "malformed_request")
    assert owner.client.get(BLOGS.item(item["id"])).json()["data"] == item


@pytest.mark.parametrize("name", ["..", ".", "a/..", "folder/", "C:\\foto\\", "&sol;", "\u200b"])
def test_a_file_that_is_named_like_a_folder_is_refused_and_not_lost(owner, name):
    file = part(b"image", picture().read(), f'; filename="{name}"'.encode())
    response = post(owner.client, form(part(b"title", b"Kabar"), CONTENT, file), MULTIPART)
    assert code(response) == (400, "malformed_request")
    assert Blog.collection().count_documents({}) == 0


def test_a_file_input_that_was_left_empty_is_absent(owner):
    empty = part(b"image", b"", b'; filename=""')
    response = post(owner.client, form(part(b"title", b"Kabar"), CONTENT, empty), MULTIPART)
    assert response.status_code == 201
    assert response.json()["data"]["image"] is None


@pytest.mark.parametrize("names", [("title",), ("title", "content"), ("unknown",)])
def test_a_form_that_repeats_a_field_is_refused_by_its_name(owner, names):
    twice = [(name, value) for name in names for value in ("satu", "dua")]
    whole = [("title", "Kabar"), ("content", "Isi"), *twice]
    bodies = (
        ("&".join(f"{name}={value}" for name, value in whole).encode(), URLENCODED),
        (form(*(part(n.encode(), v.encode()) for n, v in whole)), MULTIPART),
    )
    for body, content_type in bodies:
        response = post(owner.client, body, content_type)
        assert response.status_code == 422
        assert set(response.json()["meta"]["errors"]) >= set(names)
    assert Blog.collection().find_one() is None


def test_two_files_of_one_name_are_refused(owner):
    body = BLOGS.body | {"image": [picture(), picture()]}
    response = owner.client.post(BLOGS.url, body, **FORM)
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {"image"}
    assert Blog.collection().find_one() is None


def test_a_login_that_names_two_people_is_refused(anyone, owner):
    body = "username=owner&username=admin&password=x"
    response = anyone.post(f"{API}/auth/login", body, content_type=URLENCODED)
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {"username"}


# --- JSON --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"title": "Satu", "title": "Dua", "content": "Isi"}', "title"),
        (b'{"title": "Satu", "t\\u0069tle": "Dua", "content": "Isi"}', "title"),
        (b'{"title": "Satu", "content": "Isi", "x": {"y": 1, "y": 2}}', "y"),
        (b'{"title": "Satu", "content": "Isi", "x": [{"z": 1, "z": 1}]}', "z"),
    ],
)
def test_json_that_names_a_key_twice_is_refused_by_its_name(owner, body, name):
    response = post(owner.client, body, "application/json")
    assert code(response) == (422, "validation_error")
    assert set(response.json()["meta"]["errors"]) == {name}
    assert Blog.collection().find_one() is None


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"[],[]," * 60_000 + b"0]",
        b"[" + b"{}," * 120_000 + b"0]",
        b"[" + b"0," * 120_001 + b"0]",
        b'{"title": [' + b'"",' * 120_001 + b'""]}',
    ],
    ids=["lists", "objects", "numbers", "strings"],
)
def test_json_of_very_many_values_is_refused_unread(owner, body):
    assert code(post(owner.client, body, "application/json")) == (400, "malformed_request")


def test_an_article_may_be_all_commas(owner):
    response = owner.client.post(BLOGS.url, BLOGS.body | {"content": "," * 100_000}, **JSON)
    assert response.status_code == 201


@pytest.mark.parametrize("value", ["9" * 1_000_000, 10**300, "x" * 1_000_000, "2026" * 100_000])
@pytest.mark.parametrize("name", ["start_date", "program_type", "is_active"])
def test_a_value_of_any_length_is_refused_without_being_told_back(owner, name, value):
    programs = RESOURCES["programs"]
    response = owner.client.post(programs.url, programs.body | {name: value}, **JSON)
    assert response.status_code == 422
    assert set(response.json()["meta"]["errors"]) == {name}
    assert len(response.content) < 1_000
    assert programs.collection().find_one() is None


# --- What changes nothing, and what comes back -------------------------------------------


def test_a_change_that_changes_nothing_writes_nothing(resource, owner):
    item = resource.create(owner.client)
    before = resource.collection().find_one()
    for body in ({}, {resource.title: item[resource.title]}, resource.body):
        for options in (JSON, FORM):
            response = owner.client.patch(resource.item(item["id"]), body, **options)
            assert response.status_code == 200
            assert response.json()["data"] == item
    assert resource.collection().find_one() == before


def test_what_was_read_can_be_sent_back(resource, owner):
    item = resource.create(owner.client, **{resource.picture: picture()})
    url = resource.item(item["id"])
    for method in (owner.client.put, owner.client.patch):
        response = method(url, item, **JSON)
        assert response.status_code == 200, response.content
        assert response.json()["data"] == item
    edited = item | {resource.title: "Judul baru"}
    response = owner.client.put(url, edited, **JSON)
    assert response.status_code == 200
    assert response.json()["data"][resource.title] == "Judul baru"
    assert response.json()["data"][resource.picture] == item[resource.picture]


@pytest.mark.parametrize("name", ["id", "author", "created_at", "version", "etag", "image_meta"])
def test_what_comes_back_changed_is_refused(owner, name):
    item = BLOGS.create(owner.client, image=picture())
    for value in ("x", None, 7, {"width": 1}):
        response = owner.client.put(BLOGS.item(item["id"]), item | {name: value}, **JSON)
        assert response.status_code == 422
        assert set(response.json()["meta"]["errors"]) == {name}
    assert owner.client.get(BLOGS.item(item["id"])).json()["data"] == item


def test_another_path_is_no_picture(owner):
    item = BLOGS.create(owner.client, image=picture())
    body = item | {"image": "/media/uploads/other.png"}
    response = owner.client.put(BLOGS.item(item["id"]), body, **JSON)
    assert set(response.json()["meta"]["errors"]) == {"image"}
    assert Blog.collection().find_one()["image"] in item["image"]
    assert User.collection().count_documents({}) == 1
