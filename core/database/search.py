"""Search by word beginnings on an indexed array of words kept with each document.

Works alike on every MongoDB-protocol server, with an index, and without regard to case
and accents: both sides are folded by the same function.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

MAX_WORDS = 2000
MAX_WORD_LENGTH = 40
KEY = "search_words"
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Case and accents removed: compatibility decomposition without combining marks."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def words(texts: Iterable[str | None]) -> list[str]:
    """The distinct folded words of some texts, cut to what one document keeps."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _WORD.findall(fold(text or "")):
            found[word[:MAX_WORD_LENGTH]] = None
            if len(found) == MAX_WORDS:
                return list(found)
    return list(found)


def clause(text: str) -> dict[str, Any]:
    """The query for documents in which every word of `text` begins some word.

    Words are letters and digits only, so nothing of the pattern is the client's.
    """
    wanted = words([text])
    if not wanted:
        return {"_id": {"$in": []}}
    return {"$and": [{KEY: {"$regex": f"^{word}"}} for word in wanted]}
