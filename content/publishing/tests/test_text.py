"""Markdown as it is shown: what a writer gets for what they typed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content.publishing import text
from content.publishing.tests.shown import Page

PICTURE = "/media/uploads/20260101_000000_0a1b.jpg"
NAME = "uploads/20260101_000000_0a1b.jpg"


def html(source: str) -> str:
    return text.render(source).html.strip()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("## Hasil *utama*", "<h2>Hasil <em>utama</em></h2>"),
        ("Judul\n=====", "<h1>Judul</h1>"),
        ("satu\ndua", "<p>satu<br>\ndua</p>"),
        ("satu\n\ndua", "<p>satu</p>\n<p>dua</p>"),
        ("**tebal** dan ~~coret~~", "<p><strong>tebal</strong> dan <s>coret</s></p>"),
        ("> kutipan", "<blockquote>\n<p>kutipan</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```sql\nselect 1 < 2\n```", "<pre><code>select 1 &lt; 2\n</code></pre>"),
        ("---", "<hr>"),
        ("Harga &amp; \\*bukan tebal\\*", "<p>Harga &amp; *bukan tebal*</p>"),
        ("5 < 6 & 7 > 6", "<p>5 &lt; 6 &amp; 7 &gt; 6</p>"),
        ("<b>tebal</b>", "<p>&lt;b&gt;tebal&lt;/b&gt;</p>"),
        ("", ""),
    ],
)
def test_marks_become_elements_and_everything_else_is_text(source, expected):
    assert html(source) == expected


def test_a_table_keeps_the_alignment_of_its_columns_without_a_style():
    page = Page(html("| a | b | c |\n|:-:|--:|---|\n| 1 | 2 | 3 |"))
    assert page.all("th") == [{"align": "center"}, {"align": "right"}, {}]
    assert page.all("td") == [{"align": "center"}, {"align": "right"}, {}]


@pytest.mark.parametrize(
    "address",
    [
        *["https://lsa.example/a?b=c&d#e", "http://lsa.example", "mailto:halo@lsa.example"],
        *["tel:+62215550100", "/programs/pelatihan", "#hasil", "//lsa.example/x"],
    ],
)
def test_a_link_lends_no_weight_and_no_window(address):
    [link] = Page(html(f'[situs]({address} "Judul")')).all("a")
    assert link == {"href": address, "title": "Judul", "rel": "nofollow noopener"}


@pytest.mark.parametrize(
    "address",
    [
        *[
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "whatsapp:x",
            "vbscript:x",
        ],
        "https://lsa.example/" + "a" * 3000,
    ],
)
def test_what_leads_nowhere_a_reader_should_go_stays_text(address):
    page = Page(html(f"[situs]({address}) ![gambar]({address})"))
    assert {each.tag for each in page.elements} == {"p"}
    assert page.text.strip() == f"[situs]({address}) ![gambar]({address})"


# --- Pictures ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "name", "shown"),
    [
        (PICTURE, NAME, PICTURE),
        (f"http://127.0.0.1:8000{PICTURE}", NAME, PICTURE),
        (f"{PICTURE}?v=1#x", NAME, PICTURE),
        (f"{PICTURE}.0a1b2c3d.640.webp", NAME, PICTURE),
        ("/static/uploads/a%20b.png", "uploads/a b.png", "/media/uploads/a%20b.png"),
        ("http://127.0.0.1:8000/static/uploads/a.png", "uploads/a.png", "/media/uploads/a.png"),
    ],
)
def test_a_picture_of_this_service_is_shown_and_named(address, name, shown):
    rendered = text.render(f'![Peserta & pelatih]({address} "Hari kedua")')
    assert rendered.pictures == [name]
    [picture] = Page(rendered.html).all("img")
    assert picture == {
        "src": shown,
        "alt": "Peserta & pelatih",
        "title": "Hari kedua",
        "loading": "lazy",
    }


def test_a_picture_is_found_and_shown_where_pictures_lie_today(settings):
    settings.MEDIA_ORIGIN = "https://api.lsa.example"
    settings.PUBLIC_URL = "https://api.lsa.example"
    for address in (PICTURE, f"https://api.lsa.example{PICTURE}"):
        rendered = text.render(f"![a]({address})")
        assert rendered.pictures == [NAME]
        assert Page(rendered.html).all("img")[0]["src"] == f"https://api.lsa.example{PICTURE}"


def test_pictures_of_an_object_store_are_ours_as_are_older_addresses(settings):
    address = "https://cdn.lsa.example/m/"
    default = settings.STORAGES["default"] | {"OPTIONS": {"base_url": address}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    file = PICTURE.removeprefix("/media/")
    for written in (f"{address}{file}", PICTURE, f"/static/{file}"):
        rendered = text.render(f"![a]({written})")
        assert rendered.pictures == [NAME]
        assert Page(rendered.html).all("img")[0]["src"] == f"{address}{file}"


@pytest.mark.parametrize(
    "address",
    [
        *["https://elsewhere.example/a.png", "//elsewhere.example/media/uploads/a.png"],
        *["/media/other/a.png", "/media/uploads/a.txt", "/media/uploads/.png"],
        *["/media/uploads/../a.png", "/media/uploads/%2e%2e%2fa.png", "/media/uploads/b/a.png"],
        *["https://elsewhere.example/media/uploads/a.png", "/x/media/uploads/a.png"],
    ],
)
def test_any_other_picture_is_a_link_that_nobody_is_told_by(address):
    rendered = text.render(f"Lihat ![Peta kota]({address})")
    page = Page(rendered.html)
    assert rendered.pictures == []
    assert page.all("img") == []
    assert page.all("a") == [{"href": address, "rel": "nofollow noopener"}]
    assert page.text.strip() == "Lihat Peta kota"


def test_a_picture_elsewhere_within_a_link_is_its_words():
    page = Page(html("[![Peta](https://elsewhere.example/a.png)](/peta)"))
    assert [link["href"] for link in page.all("a")] == ["/peta"]
    assert page.text.strip() == "Peta"
    assert Page(html("![](https://elsewhere.example/a.png)")).text.strip().startswith("https://")


def test_a_picture_counts_once_and_so_many_at_most_are_shown():
    again = text.render(f"![a]({PICTURE}) ![b]({PICTURE})")
    assert again.pictures == [NAME]
    assert len(Page(again.html).all("img")) == 2
    lines = [f"![Foto {n}](/media/uploads/{n}.jpg)" for n in range(text.MAX_PICTURES + 2)]
    many = text.render("\n\n".join(lines))
    assert many.pictures == [f"uploads/{n}.jpg" for n in range(text.MAX_PICTURES)]
    assert [link["href"] for link in Page(many.html).all("a")] == [
        f"/media/uploads/{n}.jpg" for n in (100, 101)
    ]


# --- Plain text ----------------------------------------------------------------------------


def test_plain_text_keeps_its_lines_and_shows_its_marks():
    plain = text.plain("  *Kabar* <b>\r\nbaris & dua\r\n\r\n \r\nparagraf\n")
    assert plain.html == "<p>  *Kabar* &lt;b&gt;<br>\nbaris &amp; dua</p>\n<p>paragraf</p>\n"
    assert plain.excerpt == "*Kabar* <b> baris & dua paragraf"
    assert plain.pictures == []
    assert text.plain("").html == text.plain(" \n ").html == ""


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n")))
def test_nothing_of_a_plain_text_is_lost_or_made_up(source):
    assert Page(text.plain(source).html).text.split() == source.split()


# --- Excerpts ------------------------------------------------------------------------------


def test_an_excerpt_is_the_beginning_without_marks():
    source = (
        f"# Judul\n\nIsi **tebal** [situs](https://lsa.example)\nbaris ![foto]({PICTURE})\n\n"
        "- satu\n- dua\n\n```\nkode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    assert text.render(source).excerpt == "Judul Isi tebal situs baris satu dua kode a b 1 2"


def test_a_long_one_ends_with_a_whole_word():
    excerpt = text.render("kata " * 100).excerpt
    assert excerpt == " ".join(["kata"] * 40) + "…"
    assert len(excerpt) == text.EXCERPT_LENGTH
    assert text.render("panjang " * 100).excerpt == " ".join(["panjang"] * 25) + "…"


def test_what_fits_is_whole():
    fitting = "a" * text.EXCERPT_LENGTH
    assert text.render(fitting).excerpt == fitting
    assert text.render(fitting + "a").excerpt == "a" * (text.EXCERPT_LENGTH - 1) + "…"


def test_without_spaces_it_is_cut_between_characters_as_readers_see_them():
    family = "👨‍👩‍👧"
    excerpt = text.render(family * 60).excerpt
    assert excerpt == family * (199 // len(family)) + "…"
    assert text.render("あ" * 300).excerpt == "あ" * 199 + "…"


@given(st.text(alphabet="a b\n*`é\u0301", max_size=600))
@example("a" * 199 + " b")
@example(" " * 600)
@example("e" + "\u0301" * 500)
def test_an_excerpt_is_never_too_long_nor_more_than_a_line(source):
    excerpt = text.excerpt(source)
    assert len(excerpt) <= text.EXCERPT_LENGTH
    assert excerpt == " ".join(excerpt.split())
    assert " ".join(source.split()).startswith(excerpt.removesuffix("…"))
