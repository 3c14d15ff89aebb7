"""What a citizen reads and types goes over SMPP whole, and costs what the page counted."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.providers.smpp_ussd.alphabet import EXTENSION, TABLE, Alphabet
from channels.rendering import gsm7
from channels.rendering.gsm7 import Encoding, fold, measure
from channels.rendering.pages import Budget, Navigation, cut
from core.errors import MalformedPayload

ALPHABET = Alphabet()
# Latin with its marks, Arabic, Tifinagh, digits of both, punctuation, emoji.
SCRIPTS = st.text(
    st.one_of(
        st.characters(max_codepoint=0x024F, exclude_categories=("Cc", "Cs")),
        st.characters(min_codepoint=0x0600, max_codepoint=0x06FF),
        st.characters(min_codepoint=0x2D30, max_codepoint=0x2D7F),
        st.sampled_from("€«»’… \n☺👍"),
    ),
    max_size=400,
)
NAVIGATION = Navigation("Suite", "Retour", "Accueil")
BUDGET = Budget()


def test_the_table_is_the_one_that_pages_are_measured_by() -> None:
    assert gsm7.BASIC == frozenset(TABLE) - {"\x1b"}
    assert gsm7.EXTENSION == frozenset(EXTENSION.values())
    assert 128 == len(TABLE)


@given(SCRIPTS)
def test_any_text_of_our_scripts_comes_out_as_it_went_in(text: str) -> None:
    coding, octets = ALPHABET.encode(text)

    assert text == ALPHABET.decode(coding, octets)


@given(SCRIPTS)
def test_a_text_takes_the_octets_that_it_was_measured_by(text: str) -> None:
    coding, octets = ALPHABET.encode(text)
    measured = measure(text)

    if measured.encoding is Encoding.GSM7:
        assert (0, measured.units) == (coding, len(octets))
    else:
        assert (8, measured.units * 2) == (coding, len(octets))


@given(SCRIPTS)
def test_every_page_fits_a_short_message_and_survives_it(text: str) -> None:
    for page in cut([fold(text)], (), BUDGET, NAVIGATION, back=True, home=True):
        coding, octets = ALPHABET.encode(page.text)

        assert len(octets) <= (160 if coding == 0 else 140)
        assert page.text == ALPHABET.decode(coding, octets)


@given(SCRIPTS)
def test_an_smsc_of_latin_1_gets_every_text_too(text: str) -> None:
    latin = Alphabet("latin1", ucs2_coding=0x48)
    coding, octets = latin.encode(text)

    assert coding in (0, 0x48)
    assert text == latin.decode(coding, octets)


@given(st.binary(max_size=60), st.integers(0, 255))
def test_no_octets_break_the_reading(octets: bytes, coding: int) -> None:
    with suppress(MalformedPayload):
        assert len(ALPHABET.decode(coding, octets)) <= len(octets)


@pytest.mark.parametrize(
    ("octets", "text"), [(b"\x1b\x65", "€"), (b"\x1b\x41", "A"), (b"a\x1b", "a"), (b"", "")]
)
def test_an_escape_that_leads_nowhere_costs_no_letter(octets: bytes, text: str) -> None:
    assert text == ALPHABET.decode(0, octets)
