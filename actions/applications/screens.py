"""How a question is put, and the summary. What was answered goes out sealed, and so do choices.

A choice is a button whose payload holds a token: the engine passes it on without knowing what was
chosen. What a token of purpose `choice` opens to cannot be typed by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from actions.applications.choices import Offer, yes_no_words
from actions.applications.procedures import Procedure
from actions.applications.walk import ASSISTED, CONSENT, CORRECT, SUMMARY, Filled, Walk
from actions.programmes.model import Document
from actions.programmes.questions import Question
from actions.topic import Telling
from core.messages import ChannelKind, Expects
from core.references import in_groups
from locales.formats import format_date, format_number

ANSWER: Final = "answer"
CHOICE: Final = "choice"
# What stands for more than an answer among the choices; no value of a file is called so.
SKIP: Final = "@skip"
DONE: Final = "@done"
SEND: Final = "@send"
WRONG: Final = "@wrong"
LEAVE: Final = "@leave"
GO_ON: Final = "@go_on"
AGAIN: Final = "@again"
YES: Final = "yes"
NO: Final = "no"
RESUME: Final = "@resume"
_APART: Final = "\n"
_EXPECTS: Final = {
    "number": Expects.NUMBER,
    "date": Expects.DATE,
    "phone": Expects.PHONE,
    "text": Expects.TEXT,
}
_LONGEST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that was made: to which question or stage it belongs, and what it is."""

    stage: str
    value: str
    label: str = ""


def write_choice(chosen: Chosen) -> str:
    """A choice as it is sealed."""
    return _APART.join((chosen.stage, chosen.value, chosen.label))


def read_choice(opened: str) -> Chosen:
    """The choice that was sealed."""
    stage, value, label = opened.split(_APART, 2)
    return Chosen(stage, value, label)


class Screens:
    """Puts the questions of one procedure to one citizen."""

    def __init__(
        self,
        telling: Telling,
        procedure: Procedure,
        walk: Walk,
        papers: Sequence[Document] = (),
    ) -> None:
        self._telling = telling
        self._procedure = procedure
        self._walk = walk
        self._papers = papers

    def question(self, question: Question, filled: Filled, offered: Iterable[Offer]) -> None:
        """Ask a question, with what can be chosen."""
        own = [SKIP] if question.optional else []
        if question.type == "members" and filled.picked:
            own = [DONE]
        self._ask(
            "utter_application_question",
            question.key,
            own,
            offered,
            expects=_EXPECTS.get(question.type, Expects.MENU).value,
            question=question.text.in_language(self._telling.language),
        )

    def resume(self) -> None:
        """Ask whether to go on with what was begun."""
        name = self._procedure.name(self._telling.language)
        self._ask("utter_application_resume", RESUME, [GO_ON, AGAIN], programme=name)

    def stage(self, filled: Filled, draft_id: str = "") -> None:
        """Ask what is asked after the questions."""
        name = self._procedure.name(self._telling.language)
        if filled.open == CORRECT:
            answered = self._walk.answered(filled)
            offered = [Offer(q.key, self.label(q)) for q in answered]
            self._ask("utter_application_correct", CORRECT, [], offered)
        elif filled.open == ASSISTED:
            self._ask("utter_application_assisted", ASSISTED, [NO, YES])
        elif filled.open == CONSENT and self._procedure.receiver:
            receiver = self._procedure.receiver.in_language(self._telling.language)
            self._ask("utter_procedure_consent", CONSENT, [YES, NO], receiver=receiver)
        elif filled.open == CONSENT:
            self._ask("utter_application_consent", CONSENT, [YES, NO], programme=name)
        else:
            self._summary(filled, name, draft_id)

    def label(self, question: Question) -> str:
        """A question in a word or two, or whole where its file has no shorter one."""
        words = question.label or question.text
        return words.in_language(self._telling.language).rstrip(" ?؟:")

    def _summary(self, filled: Filled, name: str, draft_id: str) -> None:
        self._telling.say("utter_application_summary", programme=name)
        for question in self._walk.answered(filled):
            if filled.answers[question.key]:
                value = self._telling.shown(self._value(question, filled))
                self._telling.say("utter_application_line", label=self.label(question), value=value)
        self._offer_to_send_papers(draft_id)
        self._ask("utter_application_send", SUMMARY, [SEND, WRONG, LEAVE])

    def _offer_to_send_papers(self, draft_id: str) -> None:
        """Say which papers may be sent, where files can be and any are asked for."""
        telling = self._telling
        if not self._papers or telling.who.kind is not ChannelKind.WHATSAPP:
            return
        names = (paper.text.in_language(telling.language) for paper in self._papers)
        telling.say("utter_application_papers", papers="\n".join(f"- {name}" for name in names))
        count = telling.services.papers.count(draft_id)
        if count:
            telling.say("utter_application_files", count=format_number(count, telling.language))

    def _value(self, question: Question, filled: Filled) -> str:
        language = self._telling.language
        answer = filled.answers[question.key]
        if question.type == "choice":
            titles = {choice.value: choice.text for choice in question.choices}
            return titles[answer].in_language(language) if answer in titles else answer
        if question.type == "yes_no":
            return yes_no_words()[answer].in_language(language)
        if question.type == "date":
            return format_date(date.fromisoformat(answer), language)
        if question.type == "application":
            return in_groups(answer)
        text = filled.labels.get(question.key, answer)
        return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"

    def _ask(
        self,
        key: str,
        stage: str,
        own: list[str],
        offered: Iterable[Offer] = (),
        expects: str = Expects.MENU.value,
        **values: str,
    ) -> None:
        """Utter a question with choices; `own` are those whose titles the response has."""
        sealed = {value.strip("@"): self._token(stage, value, "") for value in own}
        choices = [
            {
                "title": self._telling.shown(offer.title) if offer.personal else offer.title,
                "payload": _payload(self._token(stage, offer.value, offer.label)),
            }
            for offer in offered
        ]
        self._telling.ask(
            key,
            choices=choices,
            offered=[_payload("{" + name + "}") for name in sealed],
            expects=expects,
            **sealed,
            **values,
        )

    def _token(self, stage: str, value: str, label: str) -> str:
        services, who = self._telling.services, self._telling.who
        return services.vault.put(write_choice(Chosen(stage, value, label)), CHOICE, who.identity)


def _payload(token: str) -> str:
    return '/inform{"answer":"' + token + '"}'
