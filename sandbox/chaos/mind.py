"""What a citizen does with a screen: reads it and chooses, until what they came for is done."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

from core.references import find_references
from sandbox.chaos.people import Person
from sandbox.chaos.words import choices, door_mark, fold, marks, titles

CHECK, APPLY, ASK = "check", "apply", "ask"
QUESTIONS: Final = (
    "quels papiers pour le RSU ?",
    "c'est quoi l'indice ?",
    "ou est le bureau ?",
    "combien donne l'ASD ?",
    "aide",
)
_WAITING: Final = ("door_still_working", "door_busy", "door_try_again")
_WAITING_MESSAGES: Final = ("door_still_working_message", "door_try_again_message")
_AIM: Final = {CHECK: "/check_registration", APPLY: "/apply", ASK: "/list_programmes"}
_SENDING: Final = (
    ("utter_application_send", "send"),
    ("utter_application_resume", "go_on"),
    ("utter_application_assisted", "{no}"),
    ("utter_application_consent", "{yes}"),
    ("utter_ask_consent", "/affirm"),
)
_QUESTIONS: Final = ("utter_ask_idcs", "utter_ask_birth_date", "utter_ask_code")
_PHONE: Final = "numero de telephone"
_LANGUAGE: Final = "francais"
_BORED: Final = 4


class Mind:
    """One citizen's intentions, the `references` they were shown, how often they agreed to send.

    `lost_steps` are the questions that were asked once more though they had been answered, and the
    choices of a language after one was made and taken: something else was shown then. Where no
    answer came, nobody knows whether it was.
    """

    def __init__(self, person: Person, goal: str, chance: random.Random) -> None:
        self.person = person
        self.goal = goal
        self.references: set[str] = set()
        self.sends = 0
        self.lost_steps: list[str] = []
        self._given = ""
        self._is_choosing = False
        self._has_language = False
        self._chance = chance
        self._asked = 0
        self._same = ("", 0)

    def begin(self) -> None:
        """A call begins, or an answer stays away: what was asked before may be asked anew."""
        self._given = ""
        self._is_choosing = False

    def waits(self, text: str) -> bool:
        """True where the screen asks for patience and nothing else."""
        told = fold(text)
        keys = (*_WAITING, *_WAITING_MESSAGES)
        return any(door_mark(key) in told for key in keys) and "menu" not in told

    def answer(self, texts: Sequence[str], code: Callable[[], str]) -> str:
        """What is typed after these: all are read, and the last that asks is answered."""
        for one in texts:
            self._notice(one)
        text = next((one for one in reversed(texts) if _asks(one)), texts[-1])
        typed = self._typed(text, code)
        self._look_back(text, typed)
        seen = f"{text}|{typed}"
        self._same = (seen, self._same[1] + 1 if self._same[0] == seen else 1)
        return "00" if self._same[1] > _BORED else typed

    def _notice(self, text: str) -> None:
        """What was come for is there: something else is wanted next."""
        found = {re.sub(r"\D", "", one.value) for one in find_references(text)}
        self.references |= {one for one in found if len(one) == 12}
        if self.goal == APPLY and self.references:
            self.goal = CHECK
        elif self.goal == CHECK and self.person.index and self.person.index in text:
            self.goal = ASK
        elif self.goal == ASK and self._asked > 2:
            self.goal, self._asked = CHECK, 0

    def _look_back(self, text: str, typed: str) -> None:
        """Note where a step was lost that had been taken."""
        if self.waits(text):
            return
        asked = _question(fold(text))
        if asked and asked == self._given:
            self.lost_steps.append(f"{asked} again: {' '.join(text.split())[:120]}")
        is_answered = typed in (self.person.idcs, self.person.birth_date)
        self._given = asked if is_answered else ""
        if _LANGUAGE in choices(text):
            if self._has_language:
                self.lost_steps.append("a language again")
            self._is_choosing = True
        elif self._is_choosing and _asks(text):
            self._has_language, self._is_choosing = True, False

    def _typed(self, text: str, code: Callable[[], str]) -> str:
        told, offered = fold(text), choices(text)
        if self.waits(text):
            return "1"
        if door_mark("door_redial") in told:
            return self._chance.choice("1112")
        for key, payload in _SENDING:
            if wanted := [offered[one] for one in titles(key, payload) if one in offered]:
                self.sends += key == "utter_application_consent"
                return wanted[0]
        question = _question(told)
        if question == "utter_ask_code":
            return code()
        if question:
            is_idcs = question == "utter_ask_idcs"
            return self.person.idcs if is_idcs else self.person.birth_date
        return self._chosen(told, offered)

    def _chosen(self, told: str, offered: dict[str, str]) -> str:
        aimed = titles("utter_menu", _AIM[self.goal]) | titles("utter_more", _AIM[self.goal])
        if self.goal == ASK and titles("utter_menu", "/apply") & set(offered):
            self._asked += 1
            return self._chance.choice(QUESTIONS)
        for one in (*aimed, _LANGUAGE, "asd", "non"):
            if one in offered:
                return offered[one]
        if "98" in offered.values():
            return "98"
        if not offered and _PHONE in told:
            return self.person.number.replace("+212", "0")
        return "1" if offered and "menu" not in offered and self.goal == APPLY else "00"


def _question(told: str) -> str:
    """The key of the question of identity that a folded text asks, or empty."""
    asked = (key for key in _QUESTIONS if any(mark in told for mark in marks(key)))
    return next(asked, "")


def _asks(text: str) -> bool:
    told = fold(text)
    return bool(choices(text) or _question(told) or _PHONE in told)
