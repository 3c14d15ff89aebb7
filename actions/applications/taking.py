"""Taking one answer: opened, understood for the question that is open, and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from actions.applications.answers import Wrong, read_answer
from actions.applications.choices import ANYWHERE, BETWEEN, named_place, yes_no_words
from actions.applications.desk import Opened
from actions.applications.screens import (
    AGAIN,
    ANSWER,
    CHOICE,
    DONE,
    GO_ON,
    NO,
    RESUME,
    SEND,
    SKIP,
    WRONG,
    YES,
    Chosen,
    read_choice,
)
from actions.applications.sitting import Sitting
from actions.applications.walk import ASSISTED, CONSENT, CORRECT, SKIPPED, SUMMARY, Filled
from actions.programmes.questions import Question
from actions.programmes.texts import Texts
from core.errors import TokenExpired, TokenRefused
from core.short_words import fold
from core.vault import TOKEN

_LEAVING: Final = ("cancel", "goodbye")
_OUT_OF_WORDS: Final = ("back", "cancel", "help")
_YES_NO: Final = {"affirm": YES, "deny": NO}
_TYPED: Final = ("number", "date", "phone", "text", "application")


class Gone(Exception):
    """The answer can no longer be opened."""


class Taking:
    """One answer on its way into a draft. What it changed is told by the three flags.

    `is_left` where the citizen stops here, `is_agreed` where the consent to send was given,
    `is_resumed` where it was said whether to go on with what was begun.
    """

    def __init__(self, sitting: Sitting, draft: Opened, token: str) -> None:
        self.is_left = False
        self.is_agreed = False
        self.is_resumed = False
        self._sitting = sitting
        self._walk = sitting.walk
        self._draft = draft
        self._token = token
        self._stages: dict[str, Callable[[str], Filled | None]] = {
            SUMMARY: self._at_the_summary,
            CORRECT: self._at_the_correction,
            ASSISTED: self._at_the_assistance,
            CONSENT: self._at_the_consent,
        }

    def take(self) -> Opened:
        """The draft after the answer. Raises Gone."""
        taken = self._name()
        if taken == self._draft.taken:
            return self._draft
        opened = self._open()
        stage = RESUME if self._sitting.is_resuming(self._draft) else self._draft.filled.open
        given = opened if isinstance(opened, Chosen) else self._understood(stage, opened)
        if given is None:
            return self._keep(self._draft.filled, taken)
        if given.stage != stage:
            # A choice of a question that is no longer open changes nothing.
            return self._draft
        if stage == RESUME:
            return self._resume(given.value, taken)
        following = self._next(stage, given)
        return self._keep(following or self._draft.filled, taken)

    def _keep(self, filled: Filled, taken: str) -> Opened:
        self._draft = self._sitting.keep(self._draft, filled, taken)
        return self._draft

    def _name(self) -> str:
        token = TOKEN.fullmatch(self._token)
        return token.group(2) if token else ""

    def _open(self) -> Chosen | str:
        services, who = self._sitting.telling.services, self._sitting.telling.who
        token = TOKEN.fullmatch(self._token)
        purpose = CHOICE if token and token.group(1) == CHOICE else ANSWER
        try:
            opened = services.vault.open(self._token, purpose, who.identity)
        except TokenExpired:
            raise Gone from None
        except TokenRefused:
            services.audit.append("vault.refused", "", who.number_key, who.kind.value, {})
            raise Gone from None
        return read_choice(opened) if purpose == CHOICE else opened

    def _understood(self, stage: str, typed: str) -> Chosen | None:
        """What was typed as a choice or as an answer; None where it was another act."""
        question = self._walk.question(self._draft.filled) if stage != RESUME else None
        act = self._sitting.desk.short_words.act(typed)
        if question and question.type == "text" and act not in _OUT_OF_WORDS:
            # Any words may be the answer; a name may well be a greeting.
            act = ""
        if self._is_elsewhere(act, question, typed):
            return None
        if question is None:
            return self._of_a_stage(stage, act)
        if question.type == "yes_no" and act in _YES_NO:
            return Chosen(stage, _YES_NO[act])
        for value, title in _titles(question).items():
            if fold(typed) in {fold(words) for words in title.languages.values()}:
                return Chosen(stage, value)
        if question.type == "appointment" and not self._sitting.declarant:
            return Chosen(stage, " ".join(typed.split()))
        if question.type in _TYPED:
            read = read_answer(question, typed, self._sitting.telling.services.today())
            if not isinstance(read, Wrong):
                return Chosen(stage, read)
            self._sitting.telling.say(read.key, **read.values)
            return None
        self._sitting.telling.say("utter_answer_not_offered")
        return None

    def _is_elsewhere(self, act: str, question: Question | None, typed: str) -> bool:
        """True where something else than an answer was said, and has been dealt with."""
        telling = self._sitting.telling
        is_zero = typed.strip() == "0" and not (
            question and question.type == "number" and question.least == 0
        )
        if act == "back" or is_zero:
            self.go_back()
        elif act in _LEAVING:
            self.is_left = True
        elif act == "help":
            telling.say("utter_help")
        elif act == "thank":
            telling.say("utter_thanks")
        elif act != "greet":
            return False
        return True

    def go_back(self) -> Opened:
        """To what was open before; at the first question, out, with the draft kept."""
        before = self._walk.back(self._draft.filled)
        if before is None or self._sitting.is_resuming(self._draft):
            self.is_left = True
            return self._draft
        self._draft = self._sitting.keep(self._draft, before, self._draft.taken)
        return self._draft

    def _of_a_stage(self, stage: str, act: str) -> Chosen | None:
        said = {
            SUMMARY: {"affirm": SEND, "deny": WRONG},
            ASSISTED: _YES_NO,
            CONSENT: _YES_NO,
            RESUME: {"affirm": GO_ON},
        }.get(stage, {})
        if act in said:
            return Chosen(stage, said[act])
        self._sitting.telling.say("utter_answer_not_offered")
        return None

    def _resume(self, value: str, taken: str) -> Opened:
        self.is_resumed = True
        sitting, draft = self._sitting, self._draft
        if sitting.procedure.needs_identity:
            if value == AGAIN:
                sitting.desk.drop(draft)
                return sitting.begin()
            return self._keep(self._walk.reviewed(draft.filled), taken)
        other = sitting.another(draft)
        if value == GO_ON and other:
            sitting.desk.drop(draft)
            going_on = self._walk.reviewed(self._walk.mended(other.filled))
            return sitting.keep(other, going_on, taken)
        if other:
            sitting.desk.drop(other)
        return self._keep(self._walk.mended(replace(draft.filled, open="")), taken)

    def _next(self, stage: str, given: Chosen) -> Filled | None:
        if stage in self._stages:
            return self._stages[stage](given.value)
        filled, question = self._draft.filled, self._walk.question(self._draft.filled)
        if question is None:
            return None
        if given.value == SKIP:
            return self._walk.answer(filled, SKIPPED)
        if given.value == DONE:
            return self._sitting.gathered(filled) if filled.picked else None
        if question.type == "members":
            return self._walk.pick(filled, f"{given.value}{BETWEEN}{given.label}")
        if question.type == "appointment" and not self._sitting.declarant:
            return self._appointment(filled, given)
        return self._walk.answer(filled, given.value, given.label)

    def _appointment(self, filled: Filled, given: Chosen) -> Filled:
        """A place, then an office there, then a slot."""
        if not given.label:
            return replace(filled, picked=(given.value,))
        if len(filled.picked) < 2:
            place = named_place(filled) or ANYWHERE
            return replace(filled, picked=(place, f"{given.value}{BETWEEN}{given.label}"))
        return self._walk.answer(filled, given.value, given.label)

    def _at_the_summary(self, value: str) -> Filled | None:
        filled = self._draft.filled
        if value == WRONG:
            return self._walk.go_to(filled, CORRECT)
        if value == SEND:
            is_asked = self._sitting.procedure.may_be_assisted
            return self._walk.go_to(filled, ASSISTED if is_asked else CONSENT)
        self.is_left = True
        return None

    def _at_the_correction(self, value: str) -> Filled | None:
        return self._walk.correct(self._draft.filled, value)

    def _at_the_assistance(self, value: str) -> Filled | None:
        return self._walk.go_to(replace(self._draft.filled, assisted=value == YES), CONSENT)

    def _at_the_consent(self, value: str) -> Filled | None:
        if value == YES:
            self.is_agreed = True
            return None
        self._sitting.telling.say("utter_application_not_sent")
        return self._walk.go_to(self._draft.filled, SUMMARY)


def _titles(question: Question) -> dict[str, Texts]:
    """What the choices of a question are called that are the same for everybody."""
    if question.type == "yes_no":
        return dict(yes_no_words())
    return {choice.value: choice.text for choice in question.choices}
