"""Entity tags are read as whoever sent them meant them, whatever a proxy made of them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from core.entity_tags import as_sent, names

# What a tag of ours looks like: hexadecimal digits and hyphens.
TAGS = st.builds(
    '"{:024x}-{}-{:012x}"'.format,
    st.integers(0, 16**24 - 1),
    st.integers(0, 9999),
    st.integers(0, 16**12 - 1),
)
ADDED = st.sampled_from(["", "-gzip", "--gzip", ";gzip", "-br", "-zstd", "--deflate"])
SPACE = st.sampled_from(["", " ", "  "])


@st.composite
def on_the_way(draw: st.DrawFn, tag: str) -> str:
    """The tag as proxies may make it."""
    weak = draw(st.sampled_from(["", "W/"]))
    return f'{weak}{tag[:-1]}{draw(ADDED)}"'


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[str], str]:
    """Some tags, and a header that carries them as they came through."""
    tags = draw(st.lists(TAGS, min_size=1, max_size=5, unique=True))
    comma = f"{draw(SPACE)},{draw(SPACE)}"
    return tags, comma.join(draw(on_the_way(tag)) for tag in tags)


@given(sent=lists(), other=TAGS)
def test_a_header_names_exactly_the_tags_in_it(sent, other):
    tags, header = sent
    assert all(names(header, tag) for tag in tags)
    assert names(header, f"W/{tags[0]}")
    assert names(header, other) == (other in tags)


@given(st.text())
def test_any_header_is_read_and_reading_it_again_changes_nothing(header):
    once = as_sent(header)
    assert names(header, '"a-1-b"') == names(once, '"a-1-b"')
    assert len(once) <= len(header)


@given(st.text(alphabet=st.characters(exclude_characters='*"')))
def test_what_has_no_quotes_names_nothing(header):
    assert not names(header, '"a-1-b"')


@given(sent=lists())
def test_what_a_tag_is_called_stays(sent):
    tags, header = sent
    assert re.findall(r'"[^"]*"', as_sent(header)) == tags
