"""Finding and reading the identifiers a citizen types: IDCS, CNIE, phone, date, long number.

The IDCS has ten digits; its check digit is taken to be Verhoeff's, as in the MOSIP generator the
register is built on, which no Moroccan source states: a failed check is a warning, never a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import phonenumbers
from stdnum import verhoeff

_OTHER_DIGITS: Final = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "0123456789" * 3,
)
# Direction marks, joiners, soft hyphens, and what makes a keycap emoji of a digit.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u20e3\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]"
)
_GAP: Final = r"[\s.,;:/|+\-\u2010-\u2015\u2212\u060c_*()]{0,5}"
_LONG_NUMBER: Final = re.compile(rf"\+?\d(?:{_GAP}\d){{5,}}")
_BETWEEN: Final = r"\s{0,3}[\s/\-\u2010-\u2015\u2212.,*\u060c]\s{0,3}"
_DATE: Final = re.compile(rf"(?<!\d)\d{{1,4}}{_BETWEEN}\d{{1,2}}{_BETWEEN}\d{{1,4}}(?!\d)")
# Five digits after a space, lest "en 2024" be taken for a card.
_CNIE: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}(?:\d{4,7}|[ \-]\d{5,7})(?!\d)")
_PATTERNS: Final = {"date": _DATE, "number": _LONG_NUMBER, "cnie": _CNIE}
_OLDEST: Final = 1900
_USER_ID: Final = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier in a text: its purpose (idcs, cnie, phone, date, number) and its place."""

    purpose: str
    start: int
    end: int
    value: str


def plain_digits(text: str) -> str:
    """The text with Arabic-Indic and full-width digits as 0-9 and without invisible marks."""
    return _INVISIBLE.sub("", text).translate(_OTHER_DIGITS)


def only_digits(text: str) -> str:
    """The digits of a text, in order, whatever stands between them."""
    return "".join(character for character in plain_digits(text) if character.isdecimal())


def read_idcs(text: str) -> str | None:
    """The ten digits of an IDCS as typed, or None where there are not just ten."""
    digits = only_digits(text)
    return digits if len(digits) == 10 else None


def has_good_check_digit(idcs: str) -> bool:
    """True where the last digit of an IDCS is the Verhoeff check digit of the others."""
    return bool(verhoeff.is_valid(idcs))


def read_number(text: str, region: str = "MA") -> str | None:
    """A phone number as E.164, or None where it is not a valid one."""
    try:
        number = phonenumbers.parse(" ".join(plain_digits(text).split()), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_user_id(text: str) -> str | None:
    """WhatsApp's own id of a user who shows no phone number (MA.1234…), or None."""
    return text if _USER_ID.fullmatch(text) else None


def is_phone(address: str) -> bool:
    """True for an E.164 number; False for WhatsApp's own id of a user who shows none."""
    return address.startswith("+")


def read_date(text: str, today: date) -> date | None:
    """A past date as people type it, day first (3/2/1980, 03021980, 1980-02-03), or None.

    Two-digit years are refused: a birth year that must be guessed is a wrong one half the time.
    """
    text = plain_digits(text).strip()
    parts = re.findall(r"\d+", text)
    if len(parts) == 1 and len(parts[0]) == 8:
        digits = parts[0]
        parts = [digits[:2], digits[2:4], digits[4:]]
    if len(parts) != 3:
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    if len(parts[2]) != 4 or len(parts[0]) > 2 or len(parts[1]) > 2:
        return None
    try:
        read = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None
    return read if _OLDEST <= read.year and read <= today else None


def find_identifiers(text: str) -> Iterator[Found]:
    """Everything in a text that may identify a person, left to right, without overlaps.

    `text` must already have passed `plain_digits`. Any run of six digits or more counts, because a
    code, an account or a number of unknown kind is nobody's to keep.
    """
    reached = 0
    nearest = {purpose: pattern.search(text) for purpose, pattern in _PATTERNS.items()}
    while True:
        for purpose, match in nearest.items():
            # What began inside the one before may go on behind it, or another may follow there.
            if match is not None and match.start() < reached:
                nearest[purpose] = _PATTERNS[purpose].search(text, reached)
        found = [(one.start(), -one.end(), name) for name, one in nearest.items() if one]
        if not found:
            return
        start, end, purpose = min(found)
        reached = -end
        value = text[start:reached]
        if purpose == "number":
            purpose = _kind_of_number(value)
        yield Found(purpose, start, reached, value)


def _kind_of_number(value: str) -> str:
    if read_number(value) is not None:
        return "phone"
    digits = only_digits(value)
    return "idcs" if len(digits) == 10 and digits[0] not in "01" else "number"
