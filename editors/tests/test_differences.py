"""The differences of two texts, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from editors.differences import MOST_LINES, MOST_WORDS, Part, differences, replaced


def test_words_within_a_line_are_told_apart():
    assert differences("satu dua tiga\nsama", "satu 2 tiga\nsama") == [
        Part("same", "satu "),
        Part("removed", "dua"),
        Part("added", "2"),
        Part("same", " tiga\n"),
        Part("same", "sama"),
    ]


@given(st.text(alphabet="ab \n"), st.text(alphabet="ab \n"))
def test_the_pieces_make_both_texts(before, after):
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.kind != "added") == before
    assert "".join(part.text for part in parts if part.kind != "removed") == after


def test_what_would_take_too_long_to_compare_is_shown_whole():
    before, after = "a\n" * MOST_LINES, "b\n" * MOST_LINES
    assert differences(before, after) == [Part("removed", before), Part("added", after)]
    before, after = "a b " * MOST_WORDS, "c d " * MOST_WORDS
    assert differences(before, after) == [Part("removed", before), Part("added", after)]


def test_what_makes_sense_as_a_whole_only_stands_before_and_after():
    assert replaced("1 Des 2026 09:00 WIB", "26 Nov 2026 16:00 WIB") == [
        Part("removed", "1 Des 2026 09:00 WIB"),
        Part("same", " "),
        Part("added", "26 Nov 2026 16:00 WIB"),
    ]
    assert replaced("", "Terbit") == [Part("added", "Terbit")]
    assert replaced("Terbit", "") == [Part("removed", "Terbit")]
