"""What a text shows, what must not be in it, and its plain form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import controls, fold, is_visible, sort_key, with_newlines

MARKS = "\u0301\u0316\u0338\u05b0\u064e\u0930\u093c\u094d\u20e3"


@pytest.mark.parametrize(
    "text", ["a", "5", "?", "🎉", "अ", " x ", "\u200by", "الله", "£", "\ue000"]
)
def test_a_letter_digit_sign_or_symbol_is_visible(text):
    assert is_visible(text)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "\u200b" * 3,
            "\u3164" * 3,
            "\u2800",
            "\u00ad",
            "\u115f\u1160",
            "\uffa0",
            "\ufeff",
        ],
        *[
            "\u0301",
            "\ufe0f",
            "\u2060\u3000",
            "\U000e0041",
            "\u200f",
            "\U0001d159",
            "\u17b5",
            "\u180e",
        ],
    ],
)
def test_what_draws_nothing_is_not(text):
    assert not is_visible(text)


@pytest.mark.parametrize("character", ["\x00", "\n", "\x7f", "\x85", "\u2028", "\u202e", "\u202a"])
def test_it_names_what_controls(character):
    assert controls(f"a{character}b") == [character]


@pytest.mark.parametrize("character", ["\u2066", "\u2069", "\u206a", "\ufff9", "\uffff", "\ufdd0"])
def test_isolates_and_noncharacters_too(character):
    assert controls(f"a{character}b") == [character]


def test_marks_and_joiners_that_writing_needs_are_fine():
    assert controls("می‌خواهم 👩‍👩‍👧 ab\u200f \u200e per\u00adpus ☀️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿") == []


def test_lines_end_in_one_way():
    assert with_newlines("a\r\nb\rc\u2028d\u2029e\n") == "a\nb\nc\nd\ne\n"


def test_the_plain_form_has_neither_case_nor_accents():
    assert fold("Đặng Łódź SMØRREBRØD Straße ÆØÅ ﬁ ½") == "dang lodz smorrebrod strasse aeoa fi 1⁄2"
    assert fold("ПРИВЕТ Ἀθῆναι مُحَمَّد") == "привет αθηναι محمد"


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(MARKS)))
def test_what_is_folded_stays_as_it_is(text):
    assert fold(fold(text)) == fold(text)


@given(st.text("aéÅốḍ̇हिن्ﬃがﷺ" + MARKS))
def test_both_forms_of_a_text_fold_alike(text):
    def ordered(form):
        return unicodedata.normalize("NFD", fold(unicodedata.normalize(form, text)))

    assert ordered("NFC") == ordered("NFD") == ordered("NFKD")


def test_titles_sort_as_a_reader_would_sort_them():
    titles = ["Zebra", "abad", "“Dana”", "Ábaco", "apel", "Jum'at", "Juli", "Data-terbuka"]
    titles += ["Database", "Data bersama", "Đông", "2024", "¿Eks?"]
    assert sorted(titles, key=sort_key) == [
        *["2024", "Ábaco", "abad", "apel", "“Dana”", "Data bersama", "Data-terbuka", "Database"],
        *["Đông", "¿Eks?", "Juli", "Jum'at", "Zebra"],
    ]


def test_a_title_of_punctuation_only_still_has_a_key():
    assert sort_key("???") == "???"
    assert sort_key("") == ""


def test_a_key_is_bounded():
    assert len(sort_key("\ufdfa" * 100_000)) <= 200
    assert sort_key("\u0301" * 100_000) == ""
