"""What counts as an answer that was typed. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from actions.programmes.questions import Question
from core.identifiers import only_digits, plain_digits, read_date, read_number
from core.references import read_reference

# No appointment and no birth is further away.
_FURTHEST: Final = timedelta(days=366 * 5)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why something is no answer: a response key and its values."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


def read_answer(question: Question, typed: str, today: date) -> str | Wrong:
    """What was typed as the answer is kept, or why it is none."""
    typed = " ".join(plain_digits(typed).split())
    if question.type == "number":
        return _number(question, typed)
    if question.type == "date":
        return _date(question, typed, today)
    if question.type == "phone":
        return read_number(typed) or Wrong("utter_answer_no_phone")
    if question.type == "application":
        return read_reference(typed) or Wrong("utter_answer_no_reference")
    if question.type == "text":
        if len(typed) > question.longest:
            return Wrong("utter_answer_too_long", {"most": str(question.longest)})
        if any(map(str.isalpha, typed)):
            return typed
        return Wrong("utter_answer_no_words")
    return Wrong("utter_answer_not_offered")


def _number(question: Question, typed: str) -> str | Wrong:
    digits = only_digits(typed)
    bounds = {"least": str(question.least), "most": str(question.most)}
    is_plain = digits and not any(c.isdigit() for c in typed.replace(digits, "", 1))
    if not is_plain or "-" in typed or len(digits) > 12:
        return Wrong("utter_answer_no_number", bounds)
    if not question.least <= int(digits) <= question.most:
        return Wrong("utter_answer_out_of_bounds", bounds)
    return str(int(digits))


def _date(question: Question, typed: str, today: date) -> str | Wrong:
    latest = today + _FURTHEST if question.future else today
    read = read_date(typed, latest)
    if read is not None:
        return read.isoformat()
    if not question.future and read_date(typed, today + _FURTHEST) is not None:
        return Wrong("utter_answer_not_past")
    return Wrong("utter_answer_no_date")
