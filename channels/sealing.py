"""Taking a person's data out of a text before it leaves the door."""

from __future__ import annotations

import re

from core.identifiers import find_identifiers, only_digits, plain_digits
from core.messages import Expects
from core.vault import Vault, neutralise

# The questions whose answers are personal, and how many digits make an input an answer to them.
# Fewer, or digits inside a word (Darija in Latin letters writes 3, 7 and 9 for sounds), are words:
# a question, "back", "I forgot it".
_WHOLE = {Expects.IDCS: ("idcs", 3), Expects.DATE: ("birth_date", 1), Expects.CODE: ("code", 3)}
_PURPOSES = {"date": "birth_date"}
_STANDING_ALONE = re.compile(r"(?<![^\W_])\d+(?![^\W_])|\d{2,}")


def seal_text(text: str, expects: Expects, vault: Vault, conversation: str) -> str:
    """The text as the engine may read it: no identifier, no payload, no token typed by hand."""
    text = neutralise(plain_digits(text))
    purpose, least = _WHOLE.get(expects, ("", 0))
    if purpose and _is_answer(text, least):
        return vault.put(text, purpose, conversation, _tail(purpose, text))
    out, reached = [], 0
    for found in find_identifiers(text):
        purpose = _PURPOSES.get(found.purpose, found.purpose)
        token = vault.put(found.value, purpose, conversation, _tail(purpose, found.value))
        out += [text[reached : found.start], token]
        reached = found.end
    return "".join([*out, text[reached:]])


def _is_answer(text: str, least: int) -> bool:
    if not any(character.isalpha() for character in text):
        return any(character.isdigit() for character in text)
    return sum(len(run) for run in _STANDING_ALONE.findall(text)) >= least


def _tail(purpose: str, value: str) -> str:
    """The last two digits of a long identifier, so that staff can tell two apart."""
    digits = only_digits(value)
    return digits[-2:] if purpose in ("idcs", "phone") and len(digits) >= 9 else ""
