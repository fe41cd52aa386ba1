"""Hostile Markdown: whatever is tried, only listed elements, attributes and addresses come out.

The attempts follow what is published about filters of HTML and Markdown: schemes in disguise,
attributes that break out, elements that change how the rest is read, what mutates when it is
parsed again.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.publishing import text
from content.publishing.tests.shown import Page

TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("em", "strong", "s", "a", "img", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
}
HARMLESS = ("http:", "https:", "mailto:", "tel:")

SCRIPTS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#9;script:alert(1)",
    "java&#x0A;script:alert(1)",
    "&#106;&#97;&#118;&#97;script:alert(1)",
    "&#x6A&#x61&#x76&#x61script:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#1;javascript:alert(1)",
    "%6aavascript:alert(1)",
    "javascript%3aalert(1)",
    "\x01javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "\u2028javascript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "javascript://lsa.example/%0aalert(1)",
    "vbscript:msgbox(1)",
    "livescript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:image/png;base64,AAAA",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "blob:https://lsa.example/1",
    "filesystem:https://lsa.example/1",
    "jar:https://lsa.example!/",
    "ms-its:x",
    "x:javascript:alert(1)",
    "\\javascript:alert(1)",
    "javascript\\:alert(1)",
]
PLACES = [
    "[x]({})",
    "[x](<{}>)",
    "[x]({} 'judul')",
    "![x]({})",
    "![x](<{}>)",
    "[![x]({})]({})",
    "<{}>",
    "[x]\n\n[x]: {}",
    "[x]\n\n[x]: <{}> 'judul'",
    "![x]\n\n[x]: {}",
    "{}",
    "[{}]({})",
    "- [x]({})\n> [x]({})",
    "| [x]({}) |\n|---|\n| ![x]({}) |",
]
RAW = [
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x:x onerror=alert(1)//",
    '<IMG """><script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=x target=_blank rel=opener>x</a>",
    "<base href=javascript:/a/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=https://elsewhere.example/x.css>",
    "<style>@import 'https://elsewhere.example/x.css';</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<p id=main class=top name=cookie>x</p>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><?xml version='1.0'?>",
    "<!DOCTYPE html><html><body onload=alert(1)>",
    "<plaintext>",
    "<textarea><script>alert(1)</script>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "\\<script\\>alert(1)\\</script\\>",
    "`<script>alert(1)</script>`",
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    '```" onclick=alert(1) x="\nx\n```',
    "~~~ '><img src=x onerror=alert(1)>\nx\n~~~",
    "    </code></pre><script>alert(1)</script>",
]
BREAKING_OUT = [
    '[x](https://lsa.example "judul" onmouseover=alert(1))',
    '[x](https://lsa.example "a\\" onmouseover=alert(1) x=\\"b")',
    "[x](https://lsa.example 'a\" onmouseover=alert(1) x=\"b')",
    '[x](https://lsa.example/"onmouseover=alert(1)"x)',
    "[x](<https://lsa.example/' onmouseover='alert(1)>)",
    '[x](https://lsa.example "<script>alert(1)</script>")',
    '![" onerror="alert(1)](/media/uploads/a.png)',
    '![x](/media/uploads/a.png "&quot; onerror=&quot;alert(1)")',
    '![x](/media/uploads/a.png"onerror="alert(1).png)',
    "![x](/media/uploads/a%22onerror=%22alert(1).png)",
    "![x](/media/uploads/%3Cscript%3E.png)",
    "![<img src=x onerror=alert(1)>](https://elsewhere.example/a.png)",
    "![`<img src=x onerror=alert(1)>`](/media/uploads/a.png)",
    "[<script>alert(1)</script>](https://lsa.example)",
    "[a](</a><img src=x onerror=alert(1)>)",
    "<https://lsa.example/<script>alert(1)</script>>",
    "<https://lsa.example/\"onmouseover='alert(1)'>",
    '<a@lsa.example"onmouseover=alert(1)>',
    "[x](https://lsa.example`javascript:alert(1)`)",
    "![x][y]\n\n[y]: javascript:alert(1) (\"onerror='alert(1)')",
    '| a |\n|:-:"onclick=alert(1)|\n| b |',
    "1\\. <b>\n999999999. x\n1000000000. x",
]
PAYLOADS = [
    *(place.replace("{}", script) for place in PLACES for script in SCRIPTS),
    *RAW,
    *BREAKING_OUT,
]


def check(source: str) -> None:
    for html in (text.render(source).html, text.plain(source).html):
        page = Page(html)
        assert page.others == []
        assert page.open == []
        for tag, attributes in page.elements:
            assert tag in TAGS
            assert attributes.keys() <= ATTRIBUTES.get(tag, set())
            check_attributes(tag, attributes)


def check_attributes(tag: str, attributes: dict[str, str | None]) -> None:
    if tag == "a":
        assert attributes["rel"] == "nofollow noopener"
        check_address(attributes.get("href", ""))
    if tag == "img":
        assert attributes["src"].startswith("/media/uploads/")
        assert attributes["loading"] == "lazy"
    assert attributes.get("align", "left") in ("left", "center", "right")
    assert attributes.get("start", "1").isdigit()


def check_address(address: str) -> None:
    """As a browser reads it: without controls and blanks before the scheme (WHATWG URL, 4.4)."""
    read = "".join(c for c in address if c > " ").lower()
    before, colon, _ = read.partition(":")
    is_scheme = colon and not set("/?#") & set(before)
    assert not is_scheme or read.startswith(HARMLESS), address


@pytest.mark.parametrize("place", PLACES)
def test_no_script_comes_out_of_an_address(place):
    for script in SCRIPTS:
        check(place.replace("{}", script))


@pytest.mark.parametrize("payload", [*RAW, *BREAKING_OUT])
def test_nothing_comes_out_that_is_not_listed(payload):
    check(payload)


@given(st.lists(st.sampled_from([*PAYLOADS, "\n", "\n\n", "> ", "- ", "*", "`", "|"]), max_size=6))
def test_nor_of_several_together(payloads):
    check("".join(payloads))


@given(st.text(alphabet="<>[]()!*_`~|:&;#\"'=/\\- \n\tajsx1", max_size=200))
def test_nor_of_marks_in_any_order(source):
    check(source)


@pytest.mark.parametrize("payload", RAW)
def test_an_excerpt_is_text_and_stays_text(payload):
    """Whoever shows it escapes it, so it holds what the reader of the text sees."""
    rendered = text.render(payload)
    shown = " ".join(Page(rendered.html).text.split())
    assert rendered.excerpt == (shown if len(shown) <= 200 else rendered.excerpt)
