"""Text as it is shown: Markdown as safe HTML, and what a list tells of it.

Rendered when it is written: a text is read a thousand times as often.
"""

from collections.abc import Iterator
from html import escape
from typing import Final, NamedTuple
from zlib import crc32

import nh3
import regex
from markdown_it.token import Token

from content.pictures import storage
from content.pictures.addresses import current_prefix, name_at
from content.publishing import markdown
from core.text import with_newlines

# Raised with every change of what is rendered here.
_RENDERER = 1
# Kept beside what was rendered. Where it differs, by however much, the text is rendered again:
# also where pictures have moved to another address.
VERSION: Final = crc32(f"{_RENDERER} {current_prefix()}".encode())
# In its place where the text is plain.
PLAIN: Final = 0
EXCERPT_LENGTH: Final = 200
# A picture that is shown keeps its file from being removed; further ones are links.
MAX_PICTURES: Final = 100

_ALIGN = {"align": {"left", "center", "right"}}
_cleaner = nh3.Cleaner(
    tags={
        *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
        *("em", "strong", "s", "a", "img", "ul", "ol", "li"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    },
    attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}},
    tag_attribute_values={"th": _ALIGN, "td": _ALIGN, "img": {"loading": {"lazy"}}},
    url_schemes=set(markdown.SCHEMES),
    link_rel="nofollow noopener",
)
# In place of what was cut off, and how many characters of a word may go with it.
_ELLIPSIS, _LONGEST_WORD = "…", 40
_CHARACTER = regex.compile(r"\X")
_BETWEEN_PARAGRAPHS = regex.compile(r"\n\s*\n")


class Rendered(NamedTuple):
    """`pictures` are the storage's names of the originals that the HTML shows."""

    html: str
    excerpt: str
    pictures: list[str]


def render(source: str) -> Rendered:
    """Markdown; as plain text where it would take too much work."""
    try:
        tokens = markdown.parse(source)
    except markdown.TooMuch:
        return plain(source)
    pictures: dict[str, None] = {}
    for token in tokens:
        if token.type == "inline":
            token.children = list(_with_own_pictures(token.children or [], pictures))
        elif "style" in token.attrs:  # of the parser's own; no page of ours allows it
            token.attrs = {"align": str(token.attrs["style"]).removeprefix("text-align:")}
    html = _cleaner.clean(markdown.render(tokens))
    return Rendered(html, excerpt(" ".join(map(_words, tokens))), list(pictures))


def plain(source: str) -> Rendered:
    """Text as it stands, with its line ends and paragraphs."""
    text = with_newlines(source).strip("\n")
    paragraphs = filter(str.strip, _BETWEEN_PARAGRAPHS.split(text))
    shown = (escape(each).replace("\n", "<br>\n") for each in paragraphs)
    html = "".join(f"<p>{each}</p>\n" for each in shown)
    return Rendered(html, excerpt(source), [])


# --- Pictures --------------------------------------------------------------------------


def _with_own_pictures(tokens: list[Token], shown: dict[str, None]) -> Iterator[Token]:
    """The tokens of a paragraph, with links in place of pictures that lie elsewhere: showing one
    would tell its owner who reads. `shown` collects the names of ours."""
    is_in_link = False
    for token in tokens:
        is_in_link = token.type == "link_open" or (is_in_link and token.type != "link_close")
        if token.type != "image":
            yield token
        elif name := _shown_name(str(token.attrs["src"]), shown):
            shown[name] = None
            token.attrs |= {"src": storage.url(name), "loading": "lazy"}
            yield token
        else:
            yield from _in_words(token, is_in_link)


def _shown_name(address: str, shown: dict[str, None]) -> str | None:
    name = name_at(address)
    return name if name in shown or len(shown) < MAX_PICTURES else None


def _in_words(picture: Token, is_in_link: bool) -> Iterator[Token]:
    """What a picture shows, in words, as a link to it unless it is in one."""
    address = str(picture.attrs["src"])
    words = Token("text", "", 0, content=markdown.words(picture.children or []) or address)
    if is_in_link or not address:
        yield words
    else:
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield words
        yield Token("link_close", "a", -1)


# --- Excerpts --------------------------------------------------------------------------


def excerpt(text: str) -> str:
    """The beginning of a plain text in one line, cut between words where there are any."""
    folded = " ".join(text.split())
    if len(folded) <= EXCERPT_LENGTH:
        return folded
    end = EXCERPT_LENGTH - len(_ELLIPSIS)
    # Not within what a reader sees as one character.
    end = max(each.start() for each in _CHARACTER.finditer(folded[: end + 1]))
    kept = folded[:end]
    begun, _, word = kept.rpartition(" ")
    if folded[end] != " " and begun and len(word) < _LONGEST_WORD:
        kept = begun
    return kept.rstrip() + _ELLIPSIS


def _words(token: Token) -> str:
    """What stands in a token that contains text."""
    if token.type in ("fence", "code_block"):
        return token.content
    return markdown.words(each for each in token.children or () if each.type != "image")
