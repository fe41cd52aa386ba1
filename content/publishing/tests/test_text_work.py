"""Hostile text of full length: read within a bound of work, else shown as it stands.

Work is counted in calls of Python functions, which are the same on every machine.
"""

from cProfile import Profile

import pytest

from content.publishing import markdown, text
from content.publishing.tests.shown import Page

LENGTH = 100_000
# An ordinary article of this length takes some 200,000, of a tenth of a microsecond each.
MOST_CALLS = 600_000

PIECES = [
    *["[", "]", "(", ")", "*", "_", "~", "~~", "`", "<", ">", "&", "!", "\\", "|", "-", "#", "\n"],
    *["**a ", "*a ", "_a ", "a*", "a**b", "**a*", "*_a", "_*a_ ", "***a ", "~~*a", "*a**a***"],
    *["![", "![](", "![[](", "[](", "[a](", "[a](b)", "![a](b) ", "[a](<b", "[a](b 'c", '[a](b "'],
    *[
        "[]",
        "[a]",
        "[a][b] ",
        "[[]](",
        ")[",
        "](",
        "[a\\]",
        "[*",
        "*[",
        "[`",
        "`[",
        "[a](((((",
        "]:",
    ],
    *["[a]: b\n", "[a]: b 'c\n\n", "[^a]: b\n", "[a]: <", "<a@b.c>", "<http://a>", "<a", "<!--"],
    *["&amp;", "&#1;", "&#x", "&nbsp;", "&a;", "``a`", "` `` ", "\\*", "\\\n", "a  \n"],
    *[
        "> ",
        "> > ",
        "> a\n",
        "- ",
        "-\n",
        "- a\n",
        "+\n",
        "1. a\n",
        "* a\n ",
        "  - a\n",
        "> - ",
        "- > ",
    ],
    *[
        "# a\n",
        "a\n",
        "a\n-\n",
        "a\n=\n",
        "---\n",
        "***\n",
        "===\n",
        "```\n",
        "~~~\n",
        "    a\n",
        "\t",
    ],
    *[
        "|a|b\n",
        "a|b\n-|-\n",
        "|-|-|\n",
        "a|\n",
        "|a|\n|-|\n|b|\n",
        "> ```\n",
        "<div>\n",
        " \n",
        "é",
        "😀",
    ],
]
WHOLE = {
    "brackets in brackets": "[" * 50_000 + "a" + "]" * 49_999,
    "links in brackets": "[" * 25_000 + "a" + "](b)" * 18_000,
    "pictures in pictures": "![" * 16_000 + "a" + "](b)" * 16_000,
    "emphasis in emphasis": "*a " * 16_000 + " b*" * 16_000,
    "quotations in quotations": ">" * 90 + "a\n" + "a\n" * 49_000,
    "lists in lists": "".join(" " * 2 * depth + "- a\n" for depth in range(310)),
    "nineteen quotations around lines": "> " * 18 + "a\n" + "a\n" * 49_000,
    "lists around lines": "- " * 9 + "a\n" + "a\n" * 49_000,
    "a list that is no line": "- " * 49_999 + "a",
    "one wide row": "|" + "a|" * 24_000 + "\n|" + "-|" * 24_000,
    "a wide table of letters": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "a\n" * 48_000,
    "many definitions": "".join(f"[a{n}]: b\n" for n in range(8_000)),
    "a long name often": "[x]: y\n\n" + "[" * 1000 + "a " * 45_000 + "]" * 1000,
    "a long address often": "[a]: " + "b" * 1900 + "\n\n" + "[a]" * 30_000,
    "a long title often": "[a]: b '" + "c" * 50_000 + "'\n\n" + "[a]" * 16_000,
    "an open title": "[a]: b 'c\n" + "c\n" * 49_000,
    "open addresses": ("[a](b" + "b" * 45) * 1900,
    "rising runs of backticks": "".join("`" * n + " " for n in range(1, 440)),
    "half and less than half": "`" * 50_000 + " " + "`" * 49_998,
    "an address of signs": "<http:" + "😀" * 90_000 + ">",
    "underlined lines": "a\n" * 49_000 + "===",
}
HOSTILE = {piece: (piece * (LENGTH // len(piece) + 1)) for piece in PIECES} | WHOLE


def calls_of(source: str) -> tuple[text.Rendered, int]:
    # Counted in C: a function of ours that counts takes as long as all that it counts.
    with Profile(subcalls=False, builtins=False) as profile:
        rendered = text.render(source)
    return rendered, sum(function.callcount for function in profile.getstats())


# What is hostile as a whole, and every fourth of what is when it is repeated.
TELLING = {*WHOLE, *PIECES[::4]}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(source, id=ascii(name), marks=[] if name in TELLING else pytest.mark.deep)
        for name, source in HOSTILE.items()
    ],
)
def test_a_hostile_text_takes_no_more_work_than_any_other(source):
    rendered, calls = calls_of(source[:LENGTH])
    assert calls <= MOST_CALLS
    assert len(rendered.html) <= 8 * LENGTH


@pytest.mark.deep
@pytest.mark.parametrize("source", HOSTILE.values(), ids=map(ascii, HOSTILE))
def test_nor_where_it_is_just_short_enough(source):
    """The most that a text of this kind may be before it is shown as it stands."""
    fits, too_much = 0, LENGTH
    while too_much - fits > 500:
        middle = (fits + too_much) // 2
        fits, too_much = (middle, too_much) if is_read(source[:middle]) else (fits, middle)
    rendered, calls = calls_of(source[:fits])
    assert calls <= MOST_CALLS
    assert len(rendered.html) <= 8 * LENGTH


def is_read(source: str) -> bool:
    try:
        markdown.parse(source)
    except markdown.TooMuch:
        return False
    return True


@pytest.mark.parametrize(
    "source", [HOSTILE["- a\n"], WHOLE["one wide row"], WHOLE["a long address often"]]
)
def test_what_takes_too_much_is_shown_as_it_stands(source):
    source = source[:LENGTH]
    assert text.render(source) == text.plain(source)
    assert Page(text.render(source).html).text.split() == source.split()


@pytest.mark.parametrize("nested", ["> " * 25 + "dalam", "- " * 12 + "dalam"])
def test_what_is_nested_too_deeply_is_not_left_out(nested):
    assert "dalam" in text.render(nested).html
    assert "dalam" in text.render(nested).excerpt


def test_long_texts_that_people_write_are_rendered():
    article = (
        "## Hasil lapangan\n\n"
        "Kami menemui **tiga puluh** keluarga di *dua* kelurahan (lihat [catatan](/catatan)). "
        + "Mereka bercerita tentang harga beras, jalan yang rusak, dan sekolah yang jauh. "
        * 6
        + "\n\n- pertama, data dikumpulkan;\n- kedua, data dibaca bersama.\n\n"
        "> Kami ingin didengar.\n\n"
        "| Kelurahan | Keluarga |\n|---|---:|\n| Kenari | 14 |\n| Melati | 16 |\n\n"
    )
    source = (article * 200)[:LENGTH]
    assert "<h2>" in text.render(source).html
    assert is_read("Kata demi kata dalam baris yang dipotong oleh penyunting.\n" * 1700)
