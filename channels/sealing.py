"""Taking a person's data out of a text before it leaves the door."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.identifiers import Found, find_identifiers, only_digits, plain_digits
from core.messages import Expects
from core.references import find_references
from core.short_words import ShortWords
from core.vault import Vault, neutralise

# The questions whose answers are personal, and how many digits make an input an answer to them.
# Fewer, or digits inside a word (Darija in Latin letters writes 3, 7 and 9 for sounds), are words:
# a question, "back", "I forgot it".
_WHOLE = {Expects.IDCS: ("idcs", 3), Expects.DATE: ("birth_date", 1), Expects.CODE: ("code", 3)}
_WORDS_OF_A_CHOICE = 3
_CHOICES = (Expects.MENU, Expects.NOTHING)
_PURPOSES = {"date": "birth_date"}
_NO_SERVICES = ShortWords(())
_STANDING_ALONE = re.compile(r"(?<![^\W_])\d+(?![^\W_])|\d{2,}")


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked last: the kind of answer, and its vault purpose where it is personal."""

    expects: Expects
    purpose: str = ""


def seal_text(
    text: str,
    question: Question,
    vault: Vault,
    conversation: str,
    services: ShortWords = _NO_SERVICES,
) -> str:
    """The text as the engine may read it: no identifier, no payload, no token typed by hand.

    Where a choice is asked for, the name of one of the `services` is no answer but another request.
    """
    text = neutralise(plain_digits(text))
    asks_else = question.expects in _CHOICES and services.act(text) != ""
    if question.purpose and not asks_else and _answers(question.expects, text):
        return vault.put(text, question.purpose, conversation)
    purpose, least = _WHOLE.get(question.expects, ("", 0)) if not question.purpose else ("", 0)
    if purpose and _is_answer(text, least):
        return vault.put(text, purpose, conversation, _tail(purpose, text))
    out, reached = [], 0
    for found in _found(text):
        purpose = _PURPOSES.get(found.purpose, found.purpose)
        token = vault.put(found.value, purpose, conversation, _tail(purpose, found.value))
        out += [text[reached : found.start], token]
        reached = found.end
    return "".join([*out, text[reached:]])


def _found(text: str) -> list[Found]:
    """References and identifiers, left to right; the digits of a reference are no identifier."""
    references = list(find_references(text))
    others = (
        found
        for found in find_identifiers(text)
        if not any(r.start < found.end and found.start < r.end for r in references)
    )
    return sorted((*references, *others), key=lambda found: found.start)


def _answers(expects: Expects, text: str) -> bool:
    """True where a text may be the answer to a personal question, rather than another question.

    Any words may answer a question for words. Few words may name a choice of a menu or say yes;
    a sentence is something else. A number or a date has digits.
    """
    if expects is Expects.TEXT:
        return True
    if expects in _CHOICES:
        return len(text.split()) <= _WORDS_OF_A_CHOICE
    return _is_answer(text, 1)


def _is_answer(text: str, least: int) -> bool:
    if not any(character.isalpha() for character in text):
        return any(character.isdigit() for character in text)
    return sum(len(run) for run in _STANDING_ALONE.findall(text)) >= least


def _tail(purpose: str, value: str) -> str:
    """The last two digits of a long identifier, so that staff can tell two apart."""
    digits = only_digits(value)
    return digits[-2:] if purpose in ("idcs", "phone") and len(digits) >= 9 else ""
