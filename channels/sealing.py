"""Taking a person's data out of a text before it leaves the door."""

from __future__ import annotations

from core.identifiers import find_identifiers, only_digits, plain_digits
from core.messages import Expects
from core.vault import Vault, neutralise

# An answer to these questions is sealed whole as soon as it holds a digit; without one it is words
# (a question, "back", "I forgot it") and goes to the engine as such.
_WHOLE = {Expects.IDCS: "idcs", Expects.DATE: "birth_date", Expects.CODE: "code"}
_PURPOSES = {"date": "birth_date"}


def seal_text(text: str, expects: Expects, vault: Vault, conversation: str) -> str:
    """The text as the engine may read it: no identifier, no payload, no token typed by hand."""
    text = neutralise(plain_digits(text))
    purpose = _WHOLE.get(expects)
    if purpose and any(character.isdigit() for character in text):
        return vault.put(text, purpose, conversation, _tail(purpose, text))
    out, reached = [], 0
    for found in find_identifiers(text):
        purpose = _PURPOSES.get(found.purpose, found.purpose)
        token = vault.put(found.value, purpose, conversation, _tail(purpose, found.value))
        out += [text[reached : found.start], token]
        reached = found.end
    return "".join([*out, text[reached:]])


def _tail(purpose: str, value: str) -> str:
    """The last two digits of a long identifier, so that staff can tell two apart."""
    digits = only_digits(value)
    return digits[-2:] if purpose in ("idcs", "phone") and len(digits) >= 9 else ""
