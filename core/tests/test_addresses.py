"""E-mail addresses in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import canonical, spellings, with_ascii_domain


@pytest.mark.parametrize("domain", ["münchen.example", "MÜNCHEN.example", "mu\u0308nchen.example"])
@pytest.mark.parametrize("dot", [".", "\u3002", "\uff0e"])
def test_every_form_of_a_domain_is_one(domain, dot):
    domain = domain.replace(".", dot)
    assert canonical(f"sari@{domain}") == "sari@xn--mnchen-3ya.example"


def test_the_rules_are_those_of_2008():
    assert canonical("a@faß.example") == "a@xn--fa-hia.example"
    assert canonical("a@XN--FA-HIA.example") == "a@xn--fa-hia.example"


def test_an_address_in_ascii_stays_as_it_was_typed():
    assert canonical("Sari@LSA.example") == "Sari@LSA.example"


@pytest.mark.parametrize(
    "address",
    [
        *["sari", "\u212aartini@lsa.example", "\u017fari@lsa.example", "\u0131ka@lsa.example"],
        *["sari@xn--\u00e9.example", "sari@xn--99999.example", "s@" + "é" * 300, "s@é..example"],
    ],
)
def test_what_has_no_such_form_is_refused_or_left_alone(address):
    with pytest.raises(ValueError, match=r"."):
        canonical(address)
    assert with_ascii_domain(address) == address
    assert spellings(address) == [address]


def test_it_may_have_been_written_in_several_ways():
    in_ascii, in_letters = "a@xn--mnchen-3ya.example", "a@münchen.example"
    assert spellings(in_letters) == [in_letters, in_ascii]
    assert spellings(in_ascii) == [in_ascii, in_letters]
    assert spellings("a@lsa.example") == ["a@lsa.example"]


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("@.-x\u00fc")))
def test_any_text_is_taken(text):
    assert with_ascii_domain(with_ascii_domain(text)) == with_ascii_domain(text)
    assert text in spellings(text)
