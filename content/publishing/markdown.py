"""CommonMark with tables and strikethrough, read within a bound of work.

The parser is linear in nearly everything, but at up to 50 microseconds a line: 100,000 characters
may take it seconds. So its steps are counted where it takes them, by rules that stand before its
own and match nothing. A count is the same on every machine, and needs neither clock nor thread.
"""

import re
from collections.abc import Iterable
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

# A step takes some four microseconds at most. The docs of this service, which are full of marks,
# take 15,000 for 100,000 characters.
MAX_STEPS: Final = 20_000
# Deeper parts would be left out: every list takes two levels, every quotation one.
MAX_NESTING: Final = 20
LONGEST_ADDRESS: Final = 2_000
# A short text may repeat long addresses by their names: so many characters of them are written.
MAX_ADDRESSES: Final = 200_000
SCHEMES: Final = ("http", "https", "mailto", "tel")

# Steps of what costs more than one.
_BLOCK, _DEFINITION, _CELL = 3, 4, 5
_MARKS = {"<": 8, "[": 4, "&": 2, "`": 2, "!": 7, "*": 4, "_": 4, "~": 4, "\n": 2}
# Characters that are looked at in one step: of a line, an address, the name of an address.
_LINE, _ADDRESS, _NAME = 100, 20, 40
# In whose midst the parser looks for the beginning of something else.
_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]
_UNDERLINE = re.compile(r"[-:|\s]+")
_DESTINATION = re.compile(r"\]\((?=(\S*))")
# Or what may be taken for one: no path has a colon in its first segment (RFC 3986, 4.2).
_SCHEME = re.compile(r"([^/?#:]*):")
_LINE_ENDS = {"softbreak", "hardbreak"}
_LEFT, _COLUMNS = "steps left", "columns"


class TooMuch(ValueError):
    """It takes more work than a text that was written to be read."""


def parse(source: str) -> list[Token]:
    """The tokens of a text. Raises `TooMuch`, also where it is nested too deeply to be shown."""
    env = {_LEFT: MAX_STEPS, _COLUMNS: 0}
    _take(env, source.count("\n"))
    for found in _DESTINATION.finditer(source):
        _take(env, len(found[1]) // _ADDRESS)
    tokens = _parser.parse(source, env)
    if sum(map(_length_of_addresses, every(tokens))) > MAX_ADDRESSES:
        raise TooMuch
    return tokens


def render(tokens: list[Token]) -> str:
    """The tokens as HTML, with their addresses as they were given."""
    return _parser.renderer.render(tokens, _parser.options, {})


def words(tokens: Iterable[Token]) -> str:
    """What stands in the tokens of a paragraph, without marks."""
    return "".join(
        " " if token.type in _LINE_ENDS else words(token.children or ()) or token.content
        for token in tokens
    )


def every(tokens: Iterable[Token]) -> Iterable[Token]:
    """The tokens, and those within them, in their order."""
    for token in tokens:
        yield token
        yield from every(token.children or ())


def _length_of_addresses(token: Token) -> int:
    return sum(len(value) for value in token.attrs.values() if isinstance(value, str))


# --- Counting --------------------------------------------------------------------------


def _take(env: EnvType, steps: int) -> None:
    env[_LEFT] -= steps
    if env[_LEFT] < 0:
        raise TooMuch


def _count_block(state: StateBlock, line: int, _end: int, _silent: bool) -> bool:
    """A row of a table is filled up to its width, also where it is one letter."""
    begin, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    steps = _DEFINITION if state.src.startswith("[", begin) else _BLOCK
    _take(state.env, steps + (end - begin) // _LINE + _CELL * state.env[_COLUMNS])
    return False


def _count_inline(state: StateInline, _silent: bool) -> bool:
    mark = state.src[state.pos]
    steps = _MARKS.get(mark, 1)
    if mark == "[" and "references" in state.env:  # all up to its end may be a name
        steps += (state.posMax - state.pos) // _NAME
    _take(state.env, steps)
    return False


def _counted_table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    columns = _columns(state, line + 1) if line + 1 < end else 0
    if not columns:
        return False
    _take(state.env, _CELL * columns)
    state.env[_COLUMNS] = columns
    try:
        return table(state, line, end, silent)
    finally:
        state.env[_COLUMNS] = 0


def _columns(state: StateBlock, line: int) -> int:
    """How many columns a line of a table says that there are; none where it is no such line."""
    below = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
    return len(below.strip("|").split("|")) if _UNDERLINE.fullmatch(below) else 0


def _check_depth(state: StateCore) -> None:
    """What lies at the last level has lost what lay in it."""
    if any(token.level >= MAX_NESTING - 1 for token in state.tokens):
        raise TooMuch


# --- The parser ------------------------------------------------------------------------


class _Parser(MarkdownIt):
    """Leaves as text what leads nowhere a reader should be sent to."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        scheme = _SCHEME.match(url)
        is_known = scheme is None or scheme[1].lower() in SCHEMES
        return is_known and len(url) <= LONGEST_ADDRESS

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (the library's name)
        return url if len(url) > LONGEST_ADDRESS else super().normalizeLink(url)


def _made() -> _Parser:
    options = {"html": False, "breaks": True, "maxNesting": MAX_NESTING, "langPrefix": ""}
    parser = _Parser("commonmark", options).enable(["table", "strikethrough"])
    parser.block.ruler.at("table", _counted_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before("table", "count", _count_block, {"alt": _INTERRUPTED})
    parser.inline.ruler.before("text", "count", _count_inline)
    parser.core.ruler.after("block", "check_depth", _check_depth)
    return parser


_parser = _made()
