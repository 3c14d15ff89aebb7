"""Dates, numbers and amounts as Moroccans write them, from CLDR through Babel.

Digits are 0-9 in every language, as in Morocco. Direction marks and thin or no-break spaces are
taken out: an old phone shows boxes for them, and WhatsApp's isolates are put by the renderer.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Final

from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.dates import get_timezone
from babel.numbers import format_currency, format_decimal

from locales.languages import languages

_ZONE: Final = "Africa/Casablanca"
_PLAIN: Final = str.maketrans({"\u200e": None, "\u200f": None, "\u00a0": " ", "\u202f": " "})


def _babel(language: str) -> str:
    return languages()[language].babel


def format_date(date: datetime.date, language: str) -> str:
    """Day, month, year in figures, as the citizen is asked to write one: 05/11/1980."""
    return babel_date(date, "dd/MM/yyyy", locale=_babel(language)).translate(_PLAIN)


def format_moment(moment: datetime.datetime, language: str) -> str:
    """Day of the week, date and hour in Morocco: jeu. 05/11/2026 09:30."""
    text = babel_datetime(
        moment, "EEE dd/MM/yyyy HH:mm", tzinfo=get_timezone(_ZONE), locale=_babel(language)
    )
    return text.translate(_PLAIN)


def format_month(month: datetime.date, language: str) -> str:
    """A month by its name, with the year: novembre 2026."""
    return babel_date(month, "LLLL yyyy", locale=_babel(language)).translate(_PLAIN)


def format_number(number: int, language: str) -> str:
    """A whole number, its thousands apart."""
    return format_decimal(number, locale=_babel(language)).translate(_PLAIN)


def format_index(index: Decimal, language: str) -> str:
    """A socio-economic index or a threshold with all its decimals, at least two.

    Nothing is rounded: a rounded index could stand on the wrong side of a threshold.
    """
    text = format_decimal(index, "0.00#####", locale=_babel(language), decimal_quantization=False)
    return text.translate(_PLAIN)


def format_amount(dirhams: Decimal, language: str) -> str:
    """An amount of money with the name of the dirham, centimes only where there are some."""
    text = format_currency(
        dirhams,
        "MAD",
        "#,##0.00" if dirhams % 1 else "#,##0",
        locale=_babel(language),
        format_type="name",
        currency_digits=False,
    )
    return text.translate(_PLAIN)
