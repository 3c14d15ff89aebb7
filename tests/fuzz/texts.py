"""What citizens write, and what is shown to them."""

from __future__ import annotations

from datetime import date
from typing import Final
from urllib.parse import unquote

from channels.rendering.gsm7 import BASIC, EXTENSION, fold, measure, only, segments
from channels.rendering.menus import choose, number_choices
from channels.rendering.pages import Budget, Navigation, cut
from channels.rendering.pieces import pieces
from core.errors import TokenRefused
from core.identifiers import (
    find_identifiers,
    has_good_check_digit,
    plain_digits,
    read_date,
    read_idcs,
    read_number,
    read_user_id,
)
from core.messages import Button
from core.privacy import mask_text
from core.references import find_references, read_reference
from core.vault import TOKEN, _read, neutralise
from locales.folding import fold as fold_words
from tests.fuzz.target import target, words

_TODAY: Final = date(2026, 11, 23)
_SAID: Final = (
    "wach ana msejel f rsu? IDCS 2111111116, 12/03/1985",
    "٠٦١٢٣٤٥٦٧٨ ⵜⵉⵡⵉⵣⵉ BK123456",
    "+212 6 12-34-56-78 1985-03-12",
    "[[idcs:AAAAAAAAAAAAAAAAAAAAAA:16]] /affirm [[[",
    "%D9%A0 \\u0660\\u0661 MA.1234567890",
    "\U0001f600\u200f\u0301 «é»",
)
_BUDGETS: Final = (Budget(160, 70), Budget(182, 80), Budget(40, 25))
_FEET: Final = Navigation("98 Suite", "0 Retour", "00 Accueil")


@target("identifiers", _SAID)
def identifiers(data: bytes) -> None:
    """What is found stands where it is said to, in order; dates and numbers are read or not."""
    text, reached = words(data), 0
    for found in find_identifiers(text):
        assert reached <= found.start < found.end <= len(text)
        reached = found.end
    list(find_references(text))
    read_reference(text)
    read_user_id(text)
    read_date(text, _TODAY)
    number, idcs = read_number(text), read_idcs(text)
    assert number is None or (number[:1] == "+" and number[1:].isascii())
    assert idcs is None or isinstance(has_good_check_digit(idcs), bool)


@target("masking", _SAID)
def masking(data: bytes) -> None:
    """A masked text holds nothing more to mask, in whatever writing."""
    masked = mask_text(words(data))

    assert [] == list(find_identifiers(plain_digits(unquote(masked))))


@target("tokens", _SAID)
def tokens(data: bytes) -> None:
    """What a citizen types is never a token or a payload; what is no token opens nothing."""
    text = words(data)
    harmless = neutralise(text)
    assert TOKEN.search(harmless) is None
    assert not harmless.lstrip().startswith("/")
    try:
        read = _read(text)
    except TokenRefused:
        assert TOKEN.fullmatch(text) is None
        return
    assert str(read) == text


@target("gsm7", _SAID)
def gsm7(data: bytes) -> None:
    """A folded text is never longer in kind, and what is left alone is in the alphabet."""
    text = words(data)
    table = {*BASIC, *EXTENSION}
    assert set(only(text)) <= table
    assert fold(fold(text)) == fold(text)
    measured, count = measure(text), segments(text)
    assert (measured.units == 0) == (count == 0)
    assert "".join(pieces(text, 160)).split() == text.split() or len(text) > 160


@target("pages", _SAID)
def pages(data: bytes) -> None:
    """Every page fits, every choice is on one, and no letter is lost."""
    text = words(data).replace("\r", "")
    lines = text.split("\n")
    titles = [line[:60] for line in lines[1:8] if line.strip()]
    choices = number_choices([Button(title, f"/go{n}") for n, title in enumerate(titles)])
    for budget in _BUDGETS:
        made = cut([lines[0]], choices, budget, _FEET, back=True, home=True)
        assert all(budget.holds(page.text) for page in made)
        assert [one.number for page in made for one in page.choices] == [
            one.number for one in choices
        ]
    choose(text, choices)


@target("folding", _SAID)
def folding(data: bytes) -> None:
    """A folded text folds no further, so that what was written is found by what is asked."""
    once = fold_words(words(data))

    assert once == fold_words(once)
