"""The questions of an application: what is asked, when, and what counts as an answer.

Types: `choice` (one of `choices`), `yes_no`, `number` (`least` to `most`), `date` (a past day, or
any day with `future = true`), `phone`, `members` (one or more of the household), `text` (letters:
optional, or answered where letters can be typed), `appointment` (a free slot at the office),
`application` (one that was handed in: chosen from the household's, or its reference typed).
Answers are kept as text: a choice's value, yes or no, digits, an ISO date, an E.164 number,
identifiers joined by commas, the words, the slot's code, the reference; empty where skipped.
Of a programme's answers some say more: the first `members` are whom it is for; where nobody is
verified the date under the key `birth_date` is what opens a draft again, and the words under
`commune` are where an office is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from actions.programmes.texts import Texts, Title

QuestionType = Literal[
    "choice", "yes_no", "number", "date", "phone", "members", "text", "appointment", "application"
]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Read):
    """One answer that may be chosen."""

    value: str = Field(pattern=r"^[a-z0-9_]+$")
    text: Title


class ShownWhen(_Read):
    """An earlier question, and the answers to it with which this one is asked."""

    question: str
    answers: tuple[str, ...] = Field(min_length=1)


class Question(_Read):
    """One question. `personal` answers never reach the engine; most are.

    `label` is the question in a word or two, for the summary and the list of what can be corrected.
    """

    key: str = Field(pattern=r"^[a-z0-9_]+$")
    type: QuestionType
    text: Texts
    label: Title | None = None
    personal: bool = True
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    show_when: tuple[ShownWhen, ...] = ()
    least: int = 0
    most: int = 999
    longest: int = 300
    future: bool = False

    def is_shown(self, answers: Mapping[str, str]) -> bool:
        """True where the answers so far call for it: every condition holds."""
        return all(answers.get(when.question, "") in when.answers for when in self.show_when)


def question_faults(questions: Sequence[Question]) -> Iterator[str]:
    """What is wrong with the questions of one programme, taken together."""
    known: dict[str, Question] = {}
    for question in questions:
        if question.key in known:
            yield f"two questions are called {question.key}"
        if (question.type == "choice") != (len(question.choices) > 1):
            yield f"{question.key}: a choice has two choices or more, and nothing else has any"
        if question.least > question.most:
            yield f"{question.key}: nothing lies between least and most"
        if question.type == "number" and question.optional:
            yield f"{question.key}: every key is an answer to a number, so none could skip it"
        for when in question.show_when:
            yield from _condition_faults(question, when, known.get(when.question))
        known[question.key] = question


def checked_questions(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions as they are. Raises ValueError, which a file's reader reports."""
    faults = list(question_faults(questions))
    if faults:
        raise ValueError("; ".join(faults))
    return questions


def _condition_faults(asked: Question, when: ShownWhen, on: Question | None) -> Iterator[str]:
    if on is None:
        yield f"{asked.key}: depends on {when.question}, which is not asked before it"
        return
    possible = {"yes_no": {"yes", "no"}, "choice": {choice.value for choice in on.choices}}
    unknown = set(when.answers) - possible.get(on.type, set(when.answers))
    if unknown:
        yield f"{asked.key}: {when.question} is never answered {', '.join(sorted(unknown))}"
