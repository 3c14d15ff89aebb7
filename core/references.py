"""References that can be read aloud and typed on a keypad: twelve digits in three groups of four.

The last two digits are the check of ISO 7064 (mod 97-10), so that a digit typed wrong, or two that
changed places, are noticed. The first digit is 7, 8 or 9: no reference begins like a phone number
of Morocco, and none has the ten digits of an IDCS.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Final

from stdnum.iso7064 import mod_97_10

from core.identifiers import Found, plain_digits

_LENGTH: Final = 12
_OURS: Final = re.compile(r"(?<!\d)[789]\d{3}(?:[ .\-]{0,2}\d{4}){2}(?!\d)")
# References of other systems, as people copy them: ASD-7K3M-92Q1, RSU-2024-118823.
_GROUP: Final = r"(?=[a-z0-9]*\d)[a-z0-9]{3,8}"
_FOREIGN: Final = re.compile(
    r"(?<![a-z0-9])(?:(?:asd|rsu|rnp|amo|tay|daam|rec|tayssir)[\s\-_/.]*|[a-z]{2,5}[\-_/])"
    rf"{_GROUP}(?:[\s\-_/.]+{_GROUP}){{0,2}}(?![a-z0-9])",
    re.IGNORECASE,
)
_LEAST_DIGITS: Final = 3


def new_reference() -> str:
    """A reference that nobody can guess, as twelve digits."""
    number = f"{secrets.choice('789')}{secrets.randbelow(10**9):09d}"
    return number + str(mod_97_10.calc_check_digits(number))


def in_groups(reference: str) -> str:
    """A reference as it is shown and read aloud: 7123 4567 8901."""
    groups = (reference[start : start + 4] for start in range(0, len(reference), 4))
    return " ".join(groups) if reference.isdecimal() and len(reference) == _LENGTH else reference


def read_reference(text: str) -> str | None:
    """The one reference in a text, ours as twelve digits or a foreign one as typed in upper case.

    None where there is none, or where its check digits show that one was typed wrong.
    """
    found = next(find_references(plain_digits(text)), None)
    if found is None:
        return None
    if any(map(str.isalpha, found.value)):
        return "-".join(re.findall("[A-Z0-9]+", found.value.upper()))
    digits = "".join(filter(str.isdecimal, found.value))
    return digits if mod_97_10.is_valid(digits) else None


def find_references(text: str) -> Iterator[Found]:
    """What looks like a reference in a text, left to right; its digits may be wrong.

    `text` must already have passed `plain_digits`.
    """
    for match in sorted((*_OURS.finditer(text), *_FOREIGN.finditer(text)), key=re.Match.start):
        if sum(map(str.isdecimal, match.group())) >= _LEAST_DIGITS:
            yield Found("reference", match.start(), match.end(), match.group())
