"""Search by word beginnings on an indexed array of words kept with each document.

Works alike on every MongoDB-protocol server, with an index, and without regard to case
and accents: both sides are folded by the same function.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from core.text import WORD, fold

MAX_WORDS = 10_000
MAX_WORD_LENGTH = 40
# How many words of a question count: each costs the database a pass over what it matches.
MAX_WANTED = 8
KEY = "search_words"


def words(texts: Iterable[Any]) -> list[str]:
    """The distinct folded words of some texts, cut to what one document keeps. What is no text,
    as the earlier service may have stored it, has none."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _words(text) if isinstance(text, str) else ():
            found[word] = None
            if len(found) == MAX_WORDS:
                return list(found)
    return list(found)


def _words(text: str) -> Iterator[str]:
    for match in WORD.finditer(fold(text)):
        # Of bounded length, for the time it takes, and composed, so that no word begins another
        # with half a character.
        yield unicodedata.normalize("NFC", match[0][: 4 * MAX_WORD_LENGTH])[:MAX_WORD_LENGTH]


def clause(text: str) -> dict[str, Any]:
    """The query for documents in which every word of `text` begins some word.

    Words are letters, digits and their marks only, so nothing of the pattern is the client's.
    """
    wanted = _telling(words([text]))
    if not wanted:
        return {"_id": {"$in": []}}
    return {"$and": [{KEY: {"$regex": f"^{word}"}} for word in wanted]}


def _telling(wanted: list[str]) -> list[str]:
    """The words that say most: the longest, which match fewest documents, first. The beginning
    of another word says nothing that the other does not."""
    longest: list[str] = []
    for word in sorted(wanted, key=len, reverse=True):
        if not any(other.startswith(word) for other in longest):
            longest.append(word)
    return longest[:MAX_WANTED]
