"""What a browser would make of rendered text."""

from html.parser import HTMLParser
from typing import NamedTuple

Attributes = dict[str, str | None]


class Element(NamedTuple):
    tag: str
    attributes: Attributes


class Page(HTMLParser):
    """The elements and the text of a piece of HTML, references resolved."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[str] = []
        # Comments, declarations and what else no text of ours may contain.
        self.others: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), "an attribute twice"
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "not closed in order"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def all(self, tag: str) -> list[Attributes]:
        return [each.attributes for each in self.elements if each.tag == tag]
