"""A citizen who fills in the winter aid, a programme that is only a file of the tests."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from channels.rendering.screens import phone_text
from core.references import read_reference
from tests.dialogue.stores import change, pseudonyms
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import flat

PROGRAMMES = Path(__file__).parents[1] / "programmes"
WINTER = tomllib.loads((PROGRAMMES / "winter_aid.toml").read_text(encoding="utf-8"))
QUESTIONS = {question["key"]: question for question in WINTER["questions"]}
CITIZEN = "Index exactly at the ASD limit"


def payload(name: str) -> str:
    """What a button of ours means before its value is sealed."""
    return '/inform{"answer":"{' + name + '}"}'


def let_days_pass(house: RunningHouse, citizen: dict[str, Any]) -> None:
    """As if two days had passed since a citizen handed anything in: they may ask for it again."""
    before = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%d %H:%M:%S.%f")
    person = pseudonyms(house).person(citizen["idcs"])
    change(house, "update submissions set created = ? where person_key = ?", before, person)


class Applicant:
    """A citizen who fills in the winter aid."""

    def __init__(self, talk: Talk, citizen: dict[str, Any]) -> None:
        self.talk = talk
        self.citizen = citizen

    def begin(self, afresh: bool = True) -> Applicant:
        """From the menu to the first question; or, not `afresh`, to what was begun before."""
        self.talk.choose("utter_menu", "/apply")
        self.talk.pick(self._shown(WINTER["short_names"]))
        if self.talk.heard("utter_ask_consent") or self.talk.heard("utter_ask_idcs"):
            self.talk.verify(self.citizen)
        if afresh and self.talk.offers("utter_application_resume", payload("again")):
            self.talk.choose("utter_application_resume", payload("again"))
        return self

    def asked(self, key: str) -> bool:
        """True where this is the open question."""
        return self._shown(QUESTIONS[key]["text"]) in self.talk.hears

    def _shown(self, texts: dict[str, str]) -> str:
        """A text of the file as the screen writes it."""
        language = self.talk.language
        return flat(phone_text(texts[language], self.talk.kind, language))

    def answer(self, key: str, *answers: str) -> Applicant:
        """Answer the open question, each part by typing it."""
        for answer in answers:
            self.talk.say(answer)
        return self

    def fill(self) -> Applicant:
        """Answer everything by digits: no children, no heating, the first member, no words."""
        for answer in ("0", "3", "03112026", "1"):
            self.talk.say(answer)
        while not self.talk.offers("utter_application_question", payload("skip")):
            self.talk.choose("utter_application_question", payload("done"))
        self.talk.choose("utter_application_question", payload("skip"))
        self.talk.say("0612345678")
        return self

    def send_unheard(self) -> None:
        """Send it, and hear nothing of what becomes of it: the call drops."""
        self.talk.choose("utter_application_send", payload("send"))
        self.talk.choose("utter_application_assisted", payload("no"))
        self.talk.choose_and_drop("utter_application_consent", payload("yes"))

    def send(self) -> str:
        """Send it, for oneself, and return the reference."""
        self.talk.choose("utter_application_send", payload("send"))
        self.talk.choose("utter_application_assisted", payload("no"))
        self.talk.choose("utter_application_consent", payload("yes"))
        reference = read_reference(self.talk.hears)
        assert reference is not None, self.talk.hears
        return reference
