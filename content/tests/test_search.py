"""Searching content by word beginnings."""

import pytest

from content.tests.resources import RESOURCES, cases, titles
from core.database import search


@pytest.fixture(params=cases("programs"))
def resource(request):
    """Programs have the most texts."""
    return request.param


def found(client, resource, text):
    response = client.get(resource.url, {"search": text, "ordering": "created_at"})
    assert response.status_code == 200, response.content
    return titles(response, resource)


def test_each_word_matches_the_beginning_of_a_word(resource, anyone):
    resource.store(**{resource.title: "Kabar kota", resource.text: "Perpustakaan baru dibuka."})
    resource.store(**{resource.title: "Musim hujan", resource.text: "Banjir di kota."})
    for text, expected in (
        ("kota", ["Kabar kota", "Musim hujan"]),
        ("perpus", ["Kabar kota"]),
        ("PERPUS dibuka", ["Kabar kota"]),
        ("kota banjir", ["Musim hujan"]),
        ("kabar banjir", []),
        ("pustaka", []),
        ("kota, kabar!", ["Kabar kota"]),
        ("kabar-kota", ["Kabar kota"]),
    ):
        assert found(anyone, resource, text) == expected, text


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("programs", {"title", "subtitle", "description"}),
        ("blogs", {"title", "content"}),
        ("gallery", {"title", "description"}),
        ("partners", {"name", "description"}),
    ],
)
def test_its_texts_are(name, texts):
    assert set(RESOURCES[name].listing.searched) == texts


def test_it_looks_at_every_text(resource, anyone):
    for number, name in enumerate(resource.listing.searched):
        resource.store(**{name: f"kunci{number}"})
        assert len(found(anyone, resource, f"kunci{number}")) == 1


def test_it_does_not_mind_case_accents_and_forms_of_writing(resource, anyone):
    written = ["Café Ubud", "CAFE\u0301 UBUD", "cafe ubud", "ｃａｆｅ ubud"]
    for title in written:
        resource.store(**{resource.title: title})
    for text in ("café", "CAFE", "cafe\u0301", "ｃａｆé"):
        assert found(anyone, resource, text) == written


@pytest.mark.parametrize(
    ("title", "hit", "miss"),
    [
        ("Straße raya", "STRASSE", "strase"),
        ("أهلًا وسهلًا", "اهلا", "هلا"),
        ("مُحَمَّد", "محمد", "حمد"),
        ("İstanbul", "istanbul", "stanbul"),
        ("Ἀθῆναι", "αθηναι", "θηναι"),
        ("日本語の本", "日本", "本語"),
        ("हिन्दी", "हिन्दी", "दी"),
        ("Pesta 🎉 2024", "🎉 2024", "024"),
        ("Jum'at", "jum", "m"),
        ("x²", "x2", "2x"),
        ("Đồng Nai", "đong", "ong"),
        ("Đồng Nai", "dong", "o"),
        ("Łódź", "lodz", "odz"),
        ("Smørrebrød", "smorrebrod", "rrebr"),
        ("Ægir", "aegir", "gir"),
        ("Dong Nai", "Đồng", "ong"),
        # Marks that are letters of their own are part of a word, and tell words apart.
        ("कि", "कि", "कु"),
        ("हिन्दी", "हिन्द", "न्दी"),
        ("ไทย น้ำ", "น้ำ", "นา"),
        ("ꦲꦏ꧀ꦱꦫ", "ꦲꦏ꧀", "ꦱꦫ"),
        ("ガラス", "ガ", "カ"),
        # What is invisible does not divide a word.
        ("per\u00adpus\u00adtakaan", "perpus", "takaan"),
        ("perpus\u200btakaan", "perpustakaan", "takaan"),
        ("perpustakaan", "per\u200bpus\u00adta", "pus"),
        ("می\u200cخواهم", "میخواهم", "خواهم"),
        ("kota\u2060\ufeff\u034f\ufe0fraya", "kotaraya", "raya"),
        ("kotaraya", "\u202akota\u202c", "raya"),
    ],
)
def test_every_script(anyone, title, hit, miss):
    blogs = RESOURCES["blogs"]
    blogs.store(title=title, content="-")
    assert found(anyone, blogs, hit) == [title]
    assert found(anyone, blogs, miss) == []


def test_blank_is_no_filter(resource, anyone):
    resource.store(2)
    for text in ("", " ", "\u00a0\u3000"):
        assert len(found(anyone, resource, text)) == 2


def test_without_a_letter_or_digit_it_finds_nothing(resource, anyone):
    resource.store(2)
    for text in ("!", "🎉", "_", "...", "()", "\u0301", ".*", "^", "—"):
        response = anyone.get(resource.url, {"search": text}).json()
        assert response["data"] == []
        assert response["meta"]["total"] == 0


def test_it_takes_200_characters(resource, anyone):
    resource.store(**{resource.text: "a" * 300})
    assert len(found(anyone, resource, "a" * 200)) == 1
    assert found(anyone, resource, "b " * 100) == []
    assert anyone.get(resource.url, {"search": "a" * 201}).status_code == 422


def test_control_characters_are_refused(resource, anyone):
    for text in ("a\x00b", "\n", "a\tb", "\x1b"):
        response = anyone.get(resource.url, {"search": text})
        assert response.status_code == 422
        assert list(response.json()["meta"]["errors"]) == ["search"]


def test_patterns_and_operators_are_only_text(resource, anyone):
    """Hostile text is legal text: it is searched for by its letters and harmless."""
    resource.store(**{resource.title: "Judul", resource.text: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"})
    for text in ("(a+)+$", ".*judul", '{"$ne": null}', "$where", "a|judul", "j.dul", "[j]udul"):
        expected = text in ("(a+)+$", ".*judul", "a|judul")
        assert bool(found(anyone, resource, text)) == expected, text


def test_it_joins_with_filters_order_and_pages(anyone):
    programs = RESOURCES["programs"]
    for number in range(3):
        programs.store(title=f"Kelas {number}", program_type="seminar")
    programs.store(title="Kelas lain", program_type="workshop")
    url = "/programs?search=kelas&program_type=seminar&ordering=-title&limit=2"
    response = anyone.get(url).json()
    assert [item["title"] for item in response["data"]] == ["Kelas 2", "Kelas 1"]
    assert response["meta"]["total"] == 3


def test_a_document_keeps_a_bounded_number_of_words(owner, anyone):
    blogs = RESOURCES["blogs"]
    text = "x" * 60 + " " + " ".join(f"kata{number}" for number in range(10_500))
    blogs.create(owner.client, title="Judul panjang", content=text[:99_999])
    stored = blogs.collection().find_one()
    assert len(stored[search.KEY]) == 10_000
    assert max(len(word) for word in stored[search.KEY]) <= 40
    assert found(anyone, blogs, "judul") == ["Judul panjang"]
    assert found(anyone, blogs, "kata9996") == ["Judul panjang"]
    assert found(anyone, blogs, "kata9997") == []
