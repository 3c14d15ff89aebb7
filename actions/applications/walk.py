"""Which question comes next. No I/O: questions and answers in, the same with one step taken out.

What is open is a question's key or one of the stages after the questions: the summary, which answer
to correct, whether somebody helps, the consent to send. An answer may make later questions appear
or disappear; what was answered and is asked no more is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from actions.programmes.questions import Question

# No question is called so: their keys are letters and digits.
SUMMARY: Final = "@summary"
CORRECT: Final = "@correct"
ASSISTED: Final = "@assisted"
CONSENT: Final = "@consent"
SKIPPED: Final = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """How far somebody is: what is open, and the answers so far.

    `labels` say what stands for an answer that only the registry can put into words; `picked` are
    the parts of the open answer that has several.
    """

    open: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    picked: tuple[str, ...] = ()
    assisted: bool = False


class Walk:
    """The way through the questions of one procedure."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = tuple(questions)
        self._by_key = {question.key: question for question in questions}

    def begin(self) -> Filled:
        """Nothing answered, the first question open."""
        return self._opened(Filled())

    def question(self, filled: Filled) -> Question | None:
        """The open question; None in a stage after them."""
        return self._by_key.get(filled.open)

    def shown(self, filled: Filled) -> tuple[Question, ...]:
        """The questions that the answers so far call for, in order."""
        return tuple(q for q in self._questions if q.is_shown(filled.answers))

    def answered(self, filled: Filled) -> tuple[Question, ...]:
        """The questions that are asked and were answered or skipped, in order."""
        return tuple(q for q in self.shown(filled) if q.key in filled.answers)

    def mended(self, filled: Filled) -> Filled:
        """The same after the questions have changed: what is no more asked is dropped."""
        kept = replace(filled, answers=self._asked_for(filled.answers))
        is_open = self.question(kept) in self.shown(kept)
        is_complete = len(self.answered(kept)) == len(self.shown(kept))
        if is_open or (kept.open.startswith("@") and is_complete):
            return kept
        return self._opened(replace(kept, picked=()))

    def answer(self, filled: Filled, value: str, label: str = "") -> Filled:
        """The open question answered (or SKIPPED), and what comes next open."""
        answers = self._asked_for({**filled.answers, filled.open: value})
        labels = {key: text for key, text in filled.labels.items() if key in answers}
        labels.pop(filled.open, None)
        if label:
            labels[filled.open] = label
        return self._opened(replace(filled, answers=answers, labels=labels, picked=()))

    def pick(self, filled: Filled, value: str) -> Filled:
        """One more part of the open answer."""
        return replace(filled, picked=(*filled.picked, value))

    def correct(self, filled: Filled, key: str) -> Filled:
        """A question opened once more; its answer stands until there is another."""
        return replace(filled, open=key, picked=())

    def go_to(self, filled: Filled, stage: str) -> Filled:
        """A stage after the questions."""
        return replace(filled, open=stage, picked=())

    def back(self, filled: Filled) -> Filled | None:
        """What was open before; None where nothing was."""
        if filled.picked:
            return replace(filled, picked=filled.picked[:-1])
        if filled.open in (CORRECT, ASSISTED, CONSENT):
            return replace(filled, open=SUMMARY)
        before: Question | None = None
        for question in self.shown(filled):
            if question.key == filled.open:
                break
            before = question
        return replace(filled, open=before.key) if before else None

    def reviewed(self, filled: Filled) -> Filled:
        """The same gone on with another time: nobody agrees to send what they do not see."""
        return self.go_to(filled, SUMMARY) if filled.open.startswith("@") else filled

    def _asked_for(self, answers: Mapping[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for question in self._questions:
            if question.key in answers and question.is_shown(kept):
                kept[question.key] = answers[question.key]
        return kept

    def _opened(self, filled: Filled) -> Filled:
        waiting = (q.key for q in self.shown(filled) if q.key not in filled.answers)
        return replace(filled, open=next(waiting, SUMMARY))
