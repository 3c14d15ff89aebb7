"""The paths of tests/dialogue/paths, and a walker that says what is wrong on the way.

What a path may say is in paths/README.md.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actions.applications.choices import yes_no_words
from actions.programmes import load_programmes
from core.messages import ChannelKind
from tests.dialogue.lexicon import Citizen, faults, words_of
from tests.dialogue.talk import LANGUAGES, Talk
from tests.end_to_end.running_house import RunningHouse

FOLDER = Path(__file__).parent / "paths"
KINDS_OF_PATH = ("happy", "refusal", "interruption", "correction", "fault")
PROGRAMMES = load_programmes()
ANYBODY = "*"
_IDENTITY = ("utter_ask_consent", "utter_ask_idcs", "utter_ask_birth_date", "utter_ask_code")
_WORDS = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
# As the registry has it (sandbox/registry): codes for one person, and within what time.
_CODES = 5
_CODES_SECONDS = 15 * 60


@dataclass(frozen=True)
class Way:
    """One path through a topic."""

    topic: str
    kind: str
    steps: tuple[dict[str, Any], ...]
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """What stands in one file: a topic of the menu and its paths."""

    name: str
    citizen: str
    missing: dict[str, str]
    ways: tuple[Way, ...]


def load_matters() -> dict[str, Matter]:
    """Every file of paths, by its name."""
    files = [file for file in sorted(FOLDER.glob("*.toml")) if file.stem != "words"]
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> Matter:
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    every = tuple(kind.value for kind in ChannelKind)
    ways = tuple(
        Way(file.stem, one["kind"], tuple(one["steps"]), tuple(one.get("channels", every)))
        for one in read["paths"]
    )
    return Matter(file.stem, read["citizen"], read.get("missing", {}), ways)


@dataclass
class Codes:
    """Lets one-time codes come, one citizen at a time, and time pass where too many were sent."""

    house: RunningHouse
    lock: threading.Lock = field(default_factory=threading.Lock)
    sent: dict[str, int] = field(default_factory=dict)

    def prove(self, talk: Talk, person: dict[str, Any]) -> None:
        """Type the birth date, and the code where one is asked for."""
        with self.lock:
            sent = self.sent.get(person["idcs"], 0)
            if sent >= _CODES:
                self.house.advance_registry_clock(_CODES_SECONDS + 1)
                self.sent.clear()
                sent = 0
            known = len(self.house.inbox(person["phone"]))
            talk.say(typed(person["birth_date"]))
            if talk.heard("utter_ask_code"):
                self.sent[person["idcs"]] = sent + 1
                talk.say(self.house.code_after(person["phone"], known))


class Walker:
    """Walks in one language on one kind of channel as one citizen, and keeps what is wrong."""

    def __init__(self, codes: Codes, person: dict[str, Any], talk: Talk) -> None:
        self.wrong: list[str] = []
        self.screens = 0
        self._codes = codes
        self._person = person
        self._talk = talk
        self._secrets = Citizen.of(person, talk.number)
        self._place = ""
        self._own: set[str] = set()

    def walk(self, way: Way) -> None:
        """From the menu along the path to its end, or to where the registry is to stand still."""
        if self._talk.kind.value in way.channels:
            self._try(way, 0, self._talk.begin_again)
            self._along(way, 0)

    def walk_on(self, way: Way) -> None:
        """The rest of a path, while the registry stands still."""
        if self._talk.kind.value in way.channels and not self.wrong:
            self._along(way, 1 + way.steps.index({"away": True}))

    def _along(self, way: Way, first: int) -> None:
        before = len(self.wrong)
        for number, step in list(enumerate(way.steps, 1))[first:]:
            if "away" in step or len(self.wrong) > before:
                return
            if self._is_taken(step):
                self._try(way, number, lambda step=step: self._take(step))
                if len(self.wrong) == before:
                    self._check(step)

    def _try(self, way: Way, number: int, do: Any) -> None:
        talk = self._talk
        self._place = f"{way.topic}, {way.kind}, step {number}, {talk.language} {talk.kind.value}"
        try:
            do()
        except Exception as error:  # noqa: BLE001 - whatever it is, the other walks go on
            self._note(f"{type(error).__name__}: {str(error)[:400]}")

    def _is_taken(self, step: dict[str, Any]) -> bool:
        talk = self._talk
        if "when" in step:
            return any(talk.heard(key) for key in _keys(step["when"]))
        return not any(talk.heard(key) for key in _keys(step.get("unless", "")))

    def _take(self, step: dict[str, Any]) -> None:
        talk = self._talk
        if "choose" in step:
            talk.pick_any(step["choose"])
        elif "answer" in step:
            talk.pick_any('/inform{"answer":"{' + step["answer"] + '}"}')
        elif "programme" in step:
            talk.pick(talk.in_letters(PROGRAMMES[step["programme"]].short_name(talk.language)))
        elif "option" in step:
            talk.pick(talk.in_letters(yes_no_words()[step["option"]].in_language(talk.language)))
        elif "own_language" in step:
            talk.say(str(1 + LANGUAGES.index(talk.language)))
        elif "words" in step:
            talk.say(self._written(_WORDS[step["words"]]))
        elif "say" in step:
            said = step["say"]
            talk.say(said if isinstance(said, str) else self._written(said))
        elif "identify" in step:
            what = step["identify"]
            talk.say(typed(self._person[what]))
        else:
            self._verify()

    def _written(self, words: dict[str, str]) -> str:
        talk = self._talk
        latin = f"{talk.language}_latin" in words and talk.kind is not ChannelKind.WHATSAPP
        written = words[f"{talk.language}_latin" if latin else talk.language]
        self._own |= set(words_of(talk.in_letters(written)))
        return written

    def _verify(self) -> None:
        talk = self._talk
        if talk.heard("utter_ask_consent"):
            talk.pick_any("/affirm")
            self._look()
        if talk.heard("utter_ask_idcs"):
            talk.say(self._person["idcs"])
            self._look()
        if talk.heard("utter_ask_birth_date"):
            self._codes.prove(talk, self._person)
        assert not any(talk.heard(key) for key in _IDENTITY), f"is not verified: {talk.hears}"

    def _check(self, step: dict[str, Any]) -> None:
        self._look()
        talk = self._talk
        for said in step.get("hears", []):
            if not any(talk.heard(key) for key in _keys(said)):
                self._note(f"does not say {said}: {talk.hears[:400]}")
        for said in step.get("shows", []):
            programme, _, key = said.partition(".")
            question = next(q for q in PROGRAMMES[programme].questions if q.key == key)
            if talk.in_letters(question.text.in_language(talk.language)) not in talk.hears:
                self._note(f"does not ask {said}: {talk.hears[:400]}")

    def _look(self) -> None:
        talk = self._talk
        # The menu of languages shows each in its own words.
        language = "" if talk.heard("utter_ask_language") else talk.language
        for screen in talk.screens:
            self.screens += 1
            for fault in faults(screen, talk.kind, language, self._secrets, self._own):
                self._note(f"{fault}: {screen!r}")

    def _note(self, what: str) -> None:
        self.wrong.append(f"{self._place}: {what}")


def typed(value: str) -> str:
    """An identifier as it is typed; a day in digits, day first."""
    year, dash, rest = value.partition("-")
    month, _, day = rest.partition("-")
    return day + month + year if dash else value


def _keys(said: str) -> Iterator[str]:
    return filter(None, (key.strip() for key in said.split("|")))
