"""What a password must be: long enough, and hard to guess for zxcvbn."""

from __future__ import annotations

import re
from typing import Final

from zxcvbn import zxcvbn

_LEAST: Final = 12
_MOST: Final = 200
_STRONG: Final = 3
_WORD: Final = re.compile(r"\w+")


def fault_of(password: str, *known: str) -> str:
    """The key of what is wrong with a password, empty where nothing is.

    `known` are words an attacker tries first: name and address of the account.
    """
    if len(password) < _LEAST:
        return "password_short"
    if len(password) > _MOST:
        return "password_long"
    # Only the beginning is weighed: the time it takes grows with the length.
    words = [word for text in (*known, "twiza") for word in _WORD.findall(text.lower())]
    guessed = zxcvbn(password[:72], user_inputs=words)
    return "" if guessed["score"] >= _STRONG else "password_weak"
