"""Unicode text: what must not be in it, whether it shows anything, and its plain form.

Nothing here normalises a whole text: the time that takes grows with the square of a run of
combining marks (20 s for 100,000 of them). Characters are folded one by one instead.
"""

import unicodedata

import regex
from anyascii import anyascii

# --- What is in it ---------------------------------------------------------------------

# Besides control characters: line and paragraph separators, what changes the direction of the
# text around it (UAX 9: embeddings, overrides, isolates), deprecated and interlinear format
# characters, and what is no character at all. Marks such as U+200F, which Arabic and Hebrew
# need, and joiners, which Persian and emoji need, are fine.
_CONTROL = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}"
    r"\u202A-\u202E\u2066-\u206F\uFFF9-\uFFFB]"
)
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}]")
# The last are drawn as nothing, though they count as symbols and letters: blank Braille and
# hieroglyphs, the null note head, and the place of an object that is not there.
_VISIBLE = regex.compile(
    r"[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}"
    r"\u2800\U00013441\U00013442\U0001D159\uFFFC]"
)
_LINE_END = regex.compile(r"\r\n|[\r\u2028\u2029]")


def controls(text: str) -> list[str]:
    """The characters of a text that control instead of being shown, newline and tab included."""
    return _CONTROL.findall(text)


def is_visible(text: str) -> bool:
    """Whether there is anything to see: a letter, digit, sign or symbol."""
    return _VISIBLE.search(text) is not None


def without_invisible(text: str) -> str:
    """A text without soft hyphens, zero-width spaces, direction marks and the like."""
    return _INVISIBLE.sub("", text)


def with_newlines(text: str) -> str:
    """A text whose lines end in `\\n`."""
    return _LINE_END.sub("\n", text)


# --- Its plain form --------------------------------------------------------------------

WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_LATIN = regex.compile(r"\p{Script=Latin}")
_DASH = regex.compile(r"\p{Pd}")
_PUNCTUATION = regex.compile(r"[\p{P}\p{Sk}]")
# No title is longer, but for those of the earlier service.
MAX_SORT_KEY = 200


def fold(text: str) -> str:
    """Without case, accents and what is invisible; Latin letters in their plain form (đ as d).

    In no defined order of combining marks, where any are left.
    """
    return text.translate({ord(c): _fold_character(c) for c in set(text)})


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    if _INVISIBLE.match(character):
        return ""
    folded = _decompose(_decompose(character).casefold())
    return "".join(_plain(c) for c in folded if not _is_accent(c))


def _decompose(character: str) -> str:
    return unicodedata.normalize("NFKD", character)


def _is_accent(character: str) -> bool:
    """Whether it only decorates the letter before it.

    By canonical combining class (UAX 44, table 15): overlays, the points of Hebrew, Arabic and
    Syriac, and what is attached, above or below. Vowel signs, viramas, nuktas, voicing and tone
    marks of other scripts make other letters.
    """
    if unicodedata.category(character) == "Me":
        return True
    place = unicodedata.combining(character)
    return place == 1 or 10 <= place <= 36 or place >= 200


def _plain(character: str) -> str:
    if character.isascii() or not _LATIN.match(character):
        return character
    plain = anyascii(character).lower()
    return plain if plain.isalpha() else character


def sort_key(text: str) -> str:
    """What titles are sorted by: their plain form without punctuation, dashes as spaces."""
    folded = _DASH.sub(" ", fold(text[:MAX_SORT_KEY])[:MAX_SORT_KEY])
    return " ".join(_PUNCTUATION.sub("", folded).split()) or folded
