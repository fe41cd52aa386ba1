"""Words as they are kept and looked for."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.database import search

# Every kind of letter that folding may change, and what is none.
texts = st.text("aAéßİıǰﬁﷺ²½١日हि\u0301\u20e3_-🎉 .")


def test_words_are_folded_and_distinct():
    assert search.words(["Kota kota KOTA", None, "Café_ñandú"]) == ["kota", "cafe", "nandu"]


def test_nothing_has_no_words():
    assert search.words([]) == []
    assert search.words([None, "", "—!🎉_"]) == []
    assert search.clause("—!") == {"_id": {"$in": []}}


def test_a_pattern_holds_letters_and_digits_only():
    assert search.clause("(a+)+$ .*b") == {
        "$and": [{"search_words": {"$regex": "^a"}}, {"search_words": {"$regex": "^b"}}]
    }


@given(texts)
def test_a_word_is_letters_digits_and_their_marks_of_bounded_length(text):
    for word in search.words([text]):
        assert {unicodedata.category(c)[0] for c in word} <= {"L", "N", "M"}
        assert len(word) <= search.MAX_WORD_LENGTH


def test_the_eight_longest_words_count_the_longest_first():
    def asked(text):
        return [each["search_words"]["$regex"][1:] for each in search.clause(text)["$and"]]

    assert asked("di kota besar") == ["besar", "kota", "di"]
    assert asked(" ".join("abcdefghijklmnopqrstuvwxyz")) == list("abcdefgh")
    assert asked("a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh iiiiiiiii j")[-1] == "bb"


def test_the_beginning_of_another_word_asks_nothing_more():
    assert search.clause("per perpus perpustakaan PERPUS kota ko") == {
        "$and": [
            {"search_words": {"$regex": "^perpustakaan"}},
            {"search_words": {"$regex": "^kota"}},
        ]
    }


def test_what_is_no_text_has_no_words():
    assert search.words([5, ["kota"], {"$ne": 1}, True, "desa"]) == ["desa"]


@given(texts)
def test_every_text_is_found_by_itself(text):
    """Folding is the same on both sides, also of what is folded already."""
    kept = search.words([text])
    for word in search.words([" ".join(kept)]):
        assert any(each.startswith(word) for each in kept)


@given(texts, texts)
def test_a_second_text_adds_words_only(first, second):
    assert set(search.words([first])) <= set(search.words([first, second]))
