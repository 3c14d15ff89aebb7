"""The conversations of a new house, so that staff find something to read, filter and search.

Made-up citizens on every channel, in every language, over the last ten days: understood and not,
delivered and not, and some who wait for a person. Only where nothing is recorded yet.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
import yaml

from core.environment import StoreSettings, read_settings
from core.keys import open_ring
from core.privacy import Pseudonyms, Seal, read_key
from core.vault import Token
from locales.catalogs import Catalogs
from records.clock import utc_now
from records.database import Database, open_database
from records.handovers import Asked, Handovers, handover_context
from records.takeovers import Takeovers
from sandbox.house import demo_figures, demo_reviews
from sandbox.house.demo_words import VARIETIES, screen, some_words
from sandbox.house.settings import DemoConversationSettings
from transcripts.letters import Letter
from transcripts.settings import TranscriptsSettings
from transcripts.store import FALLBACK, Transcripts
from transcripts.tables import ConversationRow
from transcripts.turns import RecordedTurn, Understood

_SCENES: Final = Path(__file__).with_suffix(".yml")
_KINDS: Final = ("ussd", "whatsapp", "whatsapp", "sms")
_STATES: Final = (("delivered", ""), ("delivered", ""), ("sent", ""), ("undelivered", "30005"))
_TAILS: Final = {"idcs": "19", "cnie": "42", "phone": "78"}
_AT_ONCE: Final = 500
_UNANSWERED: Final = timedelta(days=2)


@dataclass(slots=True)
class Made:
    """What was made: turns, what was understood of them, letters, requests for a person."""

    turns: list[RecordedTurn]
    understood: list[Understood]
    letters: list[Letter]
    waiting: list[tuple[datetime, Asked]]
    now: datetime
    note: str


class Maker:
    """Makes conversations, always the same ones for the same seed, number and moment."""

    def __init__(self, pseudonyms: Pseudonyms, seal: Seal, now: datetime, seed: int = 7) -> None:
        read = yaml.safe_load(_SCENES.read_text(encoding="utf-8"))
        self._values: dict[str, str] = read["values"]
        self._scenes: list[dict[str, Any]] = read["scenes"]
        self.missed: dict[str, list[dict[str, str]]] = read["missed"]
        self._pseudonyms = pseudonyms
        self._seal = seal
        self._now = now
        self._chance = random.Random(seed)  # nosec B311
        self._catalogs = Catalogs.load()
        self.made = Made([], [], [], [], now, read["note"])

    def make(self, count: int) -> Made:
        """So many conversations, the last of them minutes ago."""
        often = [scene["often"] for scene in self._scenes]
        for number in range(count):
            (scene,) = self._chance.choices(self._scenes, often)
            ago = 4 + (14400.0 * number / count) + self._chance.random() * 30
            self._conversation(number, scene, self._now - timedelta(minutes=ago))
        return self.made

    def _conversation(self, number: int, scene: dict[str, Any], at: datetime) -> None:
        kind = self._chance.choice(_KINDS)
        language = self._chance.choice(list(VARIETIES))
        phone = f"+2126999{number:05d}"
        number_key = self._pseudonyms.number(phone)
        name = f"{kind}-{number_key}"
        who: dict[str, Any] = {
            "name": name,
            "number_key": number_key,
            "kind": kind,
            "channel": kind,
            "provider": kind if kind == "ussd" else "twilio",
        }
        for place, step in enumerate(scene["steps"]):
            at += timedelta(seconds=self._chance.randrange(4, 40))
            self._turn(f"demo-{number}-{place}", at, who, language, scene, step)
        if "letter" in scene:
            self._letter(f"demo-{number}-letter", at, who, language, scene)
        if scene.get("waits"):
            sealed = self._seal.close(phone.encode(), handover_context(name))
            reason = scene["steps"][0]["intent"]
            programme = scene.get("programme", "")
            asked = Asked(number_key, name, kind, language, reason, programme, sealed)
            self.made.waiting.append((at, asked))

    def _turn(
        self,
        key: str,
        at: datetime,
        who: dict[str, Any],
        language: str,
        scene: dict[str, Any],
        step: dict[str, Any],
    ) -> None:
        intent, is_sealed = step["intent"], "says" in step
        is_missed = step.get("is_missed", False)
        is_chosen = not is_sealed and not is_missed and self._chance.random() < 0.5
        said = str(self._chance.randrange(1, 8))
        if is_sealed:
            said = self._token(step["says"])
        elif is_missed:
            said = self._chance.choice(self.missed[language])["words"]
        elif not is_chosen:
            said = some_words(self._chance, language, intent) or said
        is_opening = intent == "open" or key.endswith("-0")
        turn = RecordedTurn(
            key=key,
            at=at,
            **who,
            session=f"{key.rpartition('-')[0]}" if who["kind"] == "ussd" else "",
            session_event="new" if is_opening else "continue",
            step="open" if intent == "open" else "choice" if is_chosen else "words",
            said="" if intent == "open" else said,
            choice=intent if is_chosen else "",
            screens=[screen(language, who["kind"], step["shows"], self._values)],
            keys=step["shows"],
            expects="menu",
            outcome=step.get("outcome", "answered"),
            language=language,
            milliseconds=round(self._chance.uniform(40, 900), 1),
            engine_milliseconds=round(self._chance.uniform(20, 30), 1),
        )
        self.made.turns.append(turn)
        self._understand(turn, intent, is_missed, scene)

    def _understand(
        self, turn: RecordedTurn, intent: str, is_missed: bool, scene: dict[str, Any]
    ) -> None:
        sure = round(self._chance.uniform(0.2, 0.55) if is_missed else 1.0, 3)
        if turn.step == "words" and not is_missed and intent != "inform":
            sure = round(self._chance.choice((0.62, 0.81, 0.94, 0.99)), 3)
        others = [name for name in ("help", "track_benefit", "find_office") if name != intent]
        ranking = [[intent, sure], *([name, round((1 - sure) / 3, 3)] for name in others)]
        programme = scene.get("programme", "")
        entities = [["programme", programme]] if programme else []
        self.made.understood.append(
            Understood(
                turn.key,
                FALLBACK if is_missed else intent,
                sure,
                ranking,
                entities,
                [f"action_{intent}", *turn.keys],
                ["programme"] if programme else [],
                programme,
            )
        )

    def _letter(
        self, key: str, at: datetime, who: dict[str, Any], language: str, scene: dict[str, Any]
    ) -> None:
        told = at + timedelta(hours=self._chance.randrange(1, 20))
        if told > self._now:
            return
        state, code = self._chance.choice(_STATES)
        text = self._catalogs.say(
            language, scene["letter"], programme=scene.get("programme", ""), reference="****"
        )
        settled = told + timedelta(seconds=self._chance.randrange(2, 60))
        self.made.letters.append(
            Letter(key, at=told, text=text, state=state, code=code, settled=settled, **who)
        )

    def _token(self, purpose: str) -> str:
        identity = base64.urlsafe_b64encode(self._chance.randbytes(16)).decode().rstrip("=")
        return str(Token(purpose, identity, _TAILS.get(purpose, "")))


def record(made: Made, transcripts: Database, records: Database) -> None:
    """Write all that was made."""
    store = Transcripts(transcripts)
    for begin in range(0, len(made.turns), _AT_ONCE):
        # What was understood waits for its turn, and is taken with it.
        store.record(made.turns[begin : begin + _AT_ONCE])
        store.understand(made.understood[begin : begin + _AT_ONCE])
    store.keep_letters(made.letters)
    for at, asked in sorted(made.waiting, key=lambda one: one[0]):
        handovers = Handovers(records, partial(_then, at))
        handover = handovers.ask(asked)
        # The first account answered those of before.
        if made.now - at > _UNANSWERED:
            _answer(records, handover.id, at, made.note)


def _answer(records: Database, handover_id: int, asked: datetime, note: str) -> None:
    answered, settled = asked + timedelta(minutes=7), asked + timedelta(minutes=31)
    takeovers = Takeovers(records, partial(_then, answered))
    takeovers.claim(handover_id, "1")
    takeovers.answered(handover_id, "1")
    Takeovers(records, partial(_then, settled)).hand_back(handover_id, "1", note)
    takeovers.rate(handover_id, str(1 + handover_id % 3))


def _then(at: datetime) -> datetime:
    return at


def main() -> None:
    """Make the conversations of the settings where there is none."""
    count = read_settings(DemoConversationSettings).conversations
    stores = read_settings(StoreSettings)
    transcripts = open_database(read_settings(TranscriptsSettings).transcripts_url)
    with transcripts.reading() as session:
        is_new = session.scalar(sa.select(ConversationRow.id).limit(1)) is None
    if not count or not is_new:
        return
    seal = Seal(open_ring(stores.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    keys = read_key(stores.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
    pseudonyms = Pseudonyms(keys)
    maker = Maker(pseudonyms, seal, utc_now())
    made = maker.make(count)
    records = open_database(stores.records_url)
    record(made, transcripts, records)
    demo_figures.fill(records, made.now, count)
    meant = {one["words"]: one["means"] for each in maker.missed.values() for one in each}
    demo_reviews.fill(transcripts, records, pseudonyms, meant)
    demo_figures.count_all(transcripts, records)


if __name__ == "__main__":
    main()
