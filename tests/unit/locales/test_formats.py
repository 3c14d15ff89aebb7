from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from locales.formats import format_amount, format_date, format_index, format_number
from locales.languages import languages

CODES = list(languages())


@pytest.mark.parametrize("code", CODES)
def test_a_date_is_written_as_it_is_asked_for(code: str) -> None:
    assert "05/11/1980" == format_date(datetime.date(1980, 11, 5), code)


@pytest.mark.parametrize("code", CODES)
def test_no_decimal_of_an_index_is_lost(code: str) -> None:
    assert "9,743001" == format_index(Decimal("9.743001"), code)
    assert "9,74300149" == format_index(Decimal("9.74300149"), code)


@pytest.mark.parametrize("code", CODES)
def test_an_index_has_at_least_two_decimals(code: str) -> None:
    assert "9,50" == format_index(Decimal("9.5"), code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("ar", "12.345"), ("ary", "12.345"), ("fr", "12 345"), ("zgh", "12 345")],
)
def test_thousands_are_apart(code: str, expected: str) -> None:
    assert expected == format_number(12345, code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ar", "1.500 درهم مغربي"),
        ("ary", "1.500 درهم مغربي"),
        ("fr", "1 500 dirhams marocains"),
        ("zgh", "1 500 ⴰⴷⵔⵉⵎ ⵏ ⵍⵎⵖⵔⵉⴱ"),
    ],
)
def test_an_amount_names_the_dirham(code: str, expected: str) -> None:
    assert expected == format_amount(Decimal("1500.00"), code)


def test_centimes_are_written_where_there_are_some() -> None:
    assert "2,50 dirhams marocains" == format_amount(Decimal("2.5"), "fr")


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_written_that_an_old_phone_shows_as_a_box(code: str) -> None:
    written = (
        format_date(datetime.date(2026, 2, 3), code)
        + format_number(1234567, code)
        + format_amount(Decimal("1234.5"), code)
    )

    assert not set(written) & set("\u00a0\u200e\u200f\u202f")
    assert all(character in "0123456789" for character in written if character.isdigit())
