"""Messages are Indonesian, or English for those who ask for it."""

from typing import Any

import pytest

from accounts.documents import User
from accounts.tests.requests import NEWCOMER, log_in, register
from content.tests.resources import JSON, RESOURCES

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
UNKNOWN_ID = "5f0000000000000000000000"
INDONESIAN_404 = "Tidak ada apa pun di alamat ini."
ENGLISH_404 = "There is nothing at this address."


def asked(value: str) -> dict[str, str]:
    return {"HTTP_ACCEPT_LANGUAGE": value}


def message(response: Any) -> str:
    return response.json()["message"]


@pytest.mark.parametrize(
    "value",
    [
        "id",
        "id-ID",
        "ID",
        "id, en;q=0.9",
        "en;q=0.5, id;q=0.8",
        "fr",
        "de-DE, fr;q=0.5",
        "*",
        "id, en;q=0",
        "",
        "nonsense;;;",
        "x" * 10_000,
        "\0",
        "../../etc/passwd",
    ],
)
def test_it_is_indonesian_for_all_but_those_who_prefer_english(anyone, value):
    response = anyone.get("/nothing", **asked(value))
    assert message(response) == INDONESIAN_404
    assert response["Content-Language"] == "id"


@pytest.mark.parametrize(
    "value", ["en", "EN", "en-US", "en-GB,en;q=0.9", "fr, en;q=0.3", "id;q=0.2, en;q=0.3", "en, id"]
)
def test_it_is_english_for_those_who_prefer_it(anyone, value):
    response = anyone.get("/nothing", **asked(value))
    assert message(response) == ENGLISH_404
    assert response["Content-Language"] == "en"


def test_without_a_wish_it_is_that_of_the_settings(anyone, settings):
    assert message(anyone.get("/nothing")) == INDONESIAN_404
    settings.LANGUAGE_CODE = "en"
    assert message(anyone.get("/nothing")) == ENGLISH_404


def test_one_request_leaves_nothing_to_the_next(anyone):
    anyone.get("/nothing", **ENGLISH)
    assert message(anyone.get("/nothing")) == INDONESIAN_404


NOUNS = {
    "programs": ("Program", "berhasil dibuat", "created successfully"),
    "blogs": ("Blog", "berhasil dibuat", "created successfully"),
    "gallery": ("Foto", "berhasil ditambahkan", "added successfully"),
    "partners": ("Partner", "berhasil ditambahkan", "added successfully"),
}


@pytest.mark.parametrize("name", NOUNS)
def test_a_life_is_told_in_indonesian(name, owner, stranger):
    resource = RESOURCES[name]
    noun, created, _ = NOUNS[name]
    said = life(resource, owner, stranger)
    low = noun.lower()
    assert said == [
        f"{noun} {created}",
        f"Daftar {low} berhasil diambil",
        f"Detail {low} berhasil diambil",
        f"Anda tidak memiliki akses untuk mengubah {low} ini",
        f"Anda tidak memiliki akses untuk menghapus {low} ini",
        f"{noun} berhasil diperbarui",
        f"{noun} berhasil dihapus",
        f"{noun} tidak ditemukan",
        f"ID {low} tidak valid. ID harus berupa 24 karakter hex string.",
    ]


@pytest.mark.parametrize("name", NOUNS)
def test_a_life_is_told_in_english(name, owner, stranger):
    resource = RESOURCES[name]
    *_, created = NOUNS[name]
    low = {"gallery": "photo"}.get(name, NOUNS[name][0].lower())
    said = life(resource, owner, stranger, **ENGLISH)
    assert said == [
        f"{low.capitalize()} {created}",
        f"{low.capitalize()} list retrieved successfully",
        f"{low.capitalize()} details retrieved successfully",
        f"You do not have access to change this {low}",
        f"You do not have access to delete this {low}",
        f"{low.capitalize()} updated successfully",
        f"{low.capitalize()} deleted successfully",
        f"{low.capitalize()} not found",
        f"The {low} ID is not valid. An ID is a string of 24 hex characters.",
    ]


def life(resource: Any, owner: Any, stranger: Any, **language: str) -> list[str]:
    """What is said while an item is created, listed, shown, kept from a stranger, changed,
    deleted, and looked for in vain."""
    created = owner.client.post(resource.url, resource.form(), format="multipart", **language)
    item = resource.item(created.json()["data"]["id"])
    change = {resource.title: "Judul lain"}
    answers = [
        created,
        owner.client.get(resource.url, **language),
        owner.client.get(item, **language),
        stranger.client.patch(item, change, **JSON, **language),
        stranger.client.delete(item, **language),
        owner.client.patch(item, change, **JSON, **language),
        owner.client.delete(item, **language),
        owner.client.get(item, **language),
        owner.client.get(resource.item("x"), **language),
    ]
    return [message(answer) for answer in answers]


@pytest.mark.parametrize(
    ("language", "registered", "email_taken", "username_taken", "wrong", "inactive", "nobody"),
    [
        (
            {},
            "User berhasil didaftarkan",
            "Email sudah terdaftar",
            "Username sudah digunakan",
            "Username atau kata sandi salah",
            "User tidak aktif",
            "Kredensial tidak valid",
        ),
        (
            ENGLISH,
            "User registered successfully",
            "Email already registered",
            "Username already taken",
            "Incorrect username or password",
            "The user is not active",
            "Invalid credentials",
        ),
    ],
    ids=["id", "en"],
)
def test_accounts_speak_both(
    anyone, language, registered, email_taken, username_taken, wrong, inactive, nobody
):
    anyone.credentials(**language)
    assert message(register(anyone)) == registered
    assert message(register(anyone, username="lain")) == email_taken
    assert message(register(anyone, email="lain@lsa.example")) == username_taken
    assert message(log_in(anyone, "budi", "salah")) == wrong
    assert message(anyone.get("/auth/me")) == nobody
    User.collection().update_one({"username": NEWCOMER["username"]}, {"$set": {"is_active": False}})
    assert message(log_in(anyone, "budi")) == inactive


def test_complaints_about_fields_speak_both(owner):
    url = RESOURCES["blogs"].url
    complaint = {"title": ["Kolom ini wajib diisi."], "content": ["Kolom ini wajib diisi."]}
    assert owner.client.post(url, {}, **JSON).json()["meta"]["errors"] == complaint
    english = owner.client.post(url, {}, **JSON, **ENGLISH).json()["meta"]["errors"]
    assert english["title"] == ["This field is required."]


@pytest.mark.parametrize(
    "query",
    f"skip=-1 limit=0 ordering=x search={'x' * 201} fields=x count=x x=1 author=x "
    "created_after=x created_before=x skip=1&skip=1".split(),
)
def test_a_list_refuses_each_in_their_own_language(anyone, resource, query):
    def said(**asked: str) -> str:
        [[told]] = anyone.get(f"{resource.url}?{query}", **asked).json()["meta"]["errors"].values()
        return told

    english, indonesian = said(**ENGLISH), said()
    assert english != indonesian
    assert (said(**ENGLISH), said()) == (english, indonesian)


@pytest.mark.parametrize(("password", "said"), [("abc", "terlalu pendek"), ("password", "umum")])
def test_what_is_wrong_with_a_password_is_said_in_indonesian(anyone, password, said):
    told = register(anyone, password=password).json()["meta"]["errors"]["password"]
    assert any(said in message for message in told), told


@pytest.mark.parametrize("value", ["in-ID,en;q=0.8", "in", "IN-id", "en;q=0.1,in;q=0.9", "jv,in"])
def test_the_old_code_of_indonesian_is_indonesian(anyone, value):
    assert message(anyone.get("/nothing", **asked(value))) == INDONESIAN_404


@pytest.mark.parametrize("value", ["en;q=0", "en;q=0.0", "en; q=0.000", "fr, en;q=0", "en-US;q=0"])
def test_a_refused_language_is_not_spoken(anyone, settings, value):
    assert message(anyone.get("/nothing", **asked(value))) == INDONESIAN_404
    settings.LANGUAGE_CODE = "en"
    refused = value.replace("en", "id")
    assert message(anyone.get("/nothing", **asked(refused))) == ENGLISH_404


def test_one_that_is_hardly_wanted_is(anyone):
    assert message(anyone.get("/nothing", **asked("fr, en;q=0.001"))) == ENGLISH_404


def test_what_the_framework_says_of_types_and_lengths_is_indonesian_too(owner, admin):
    blogs = RESOURCES["blogs"]
    for tags in ("kota", {"a": 1}):
        answer = owner.client.post(blogs.url, blogs.body | {"tags": tags}, **JSON)
        assert answer.status_code == 422
        [told] = answer.json()["meta"]["errors"]["tags"]
        assert told.startswith("Kirimkan sebuah daftar, bukan nilai bertipe"), told
    body = {"url": "https://www.lsa.example/", "events": ["*"], "batch_seconds": "1" * 1001}
    answer = admin.client.post("/api/v1/webhooks", body, **JSON)
    assert answer.status_code == 422
    assert answer.json()["meta"]["errors"] == {"batch_seconds": ["Nilai ini terlalu panjang."]}


@pytest.mark.parametrize("title", ["ab", "a" * 201])
def test_a_length_is_complained_of_in_the_words_of_the_other_messages(owner, title):
    errors = owner.client.post("/blogs", {"title": title}).json()["meta"]["errors"]
    assert all("kolom ini" in errors[name][0].lower() for name in ("title", "content"))
