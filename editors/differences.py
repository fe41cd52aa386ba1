"""What differs between two texts, word by word."""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Final, NamedTuple

# Comparing takes up to the product of both: beyond this a passage is shown whole, before and after.
MOST_LINES: Final = 2000
MOST_WORDS: Final = 1500


class Part(NamedTuple):
    """A piece of text; `kind` is `same`, `removed` or `added`."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Part]:
    """The pieces of both, in their order: lines are compared first, then words within them."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) + len(new) > MOST_LINES:
        return list(_parts(before, after))
    return list(_compared(old, new, within=_by_words))


def replaced(before: str, after: str) -> list[Part]:
    """What makes sense as a whole only, such as a date: before and after."""
    parts = list(_parts(before, after))
    return [parts[0], Part("same", " "), parts[1]] if len(parts) > 1 else parts


def _by_words(before: str, after: str) -> Iterator[Part]:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if len(old) + len(new) > MOST_WORDS:
        return _parts(before, after)
    return _compared(old, new, within=_parts)


def _compared(
    old: list[str], new: list[str], *, within: Callable[[str, str], Iterator[Part]]
) -> Iterator[Part]:
    """The pieces of two lists of pieces; `within` tells apart what stands in each other's place."""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            yield Part("same", after)
        else:
            yield from within(before, after)


def _parts(before: str, after: str) -> Iterator[Part]:
    if before:
        yield Part("removed", before)
    if after:
        yield Part("added", after)
