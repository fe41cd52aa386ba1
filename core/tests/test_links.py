"""Which addresses a browser may be sent to."""

import pytest

from core.links import is_harmless, is_link, is_plain


@pytest.mark.parametrize(
    "address",
    [
        *[
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " javascript:x",
            "java\nscript:x",
            "\x01data:,x",
        ],
        *["vbscript:x", "file:///etc/passwd", "blob:https://a.example/x", "x-app:open"],
    ],
)
def test_another_scheme_is_not_harmless(address):
    assert not is_harmless(address)
    assert not is_link(address)


@pytest.mark.parametrize(
    "address", ["https://a.example/", "HTTP://a.example", "/static/uploads/a:b.jpg", "a.example/x"]
)
def test_a_path_or_a_web_address_is(address):
    assert is_harmless(address)


def test_only_a_full_web_address_is_a_link():
    assert is_link("https://a.example")
    assert not is_link("a.example")


@pytest.mark.parametrize("character", '"<>\\`{}|^ \u00a0\u200b\u202e“')
def test_what_ends_an_address_is_not_in_it(character):
    assert not is_plain(f"https://a.example/{character}x")


@pytest.mark.parametrize(
    "address",
    [
        *[
            "https://a.example\\@b.example/",
            "https://a.example@b.example/",
            "https://a:b@c.example",
        ],
        *["https://@b.example", "ftp://a.example", "//a.example", "a.example"],
    ],
)
def test_it_names_its_host_and_nobody_before_it(address):
    assert not is_plain(address)


def test_an_at_sign_after_the_host_is_fine():
    assert is_plain("https://a.example/@sari?x=@y#@z")
