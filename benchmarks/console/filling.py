"""So many messages in the transcripts of a week, written in bulk as the worker would have.

A few thousand turns are made as those of a demo house are, and are said again by other citizens at
other moments, with a word or two of their own; so words are as frequent and as rare as in life.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from core.privacy import Pseudonyms, Seal
from records.database import Database
from sandbox.house.demo_conversations import Maker
from transcripts import search
from transcripts.counting import mark_stale
from transcripts.store import ANSWERED, FALLBACK
from transcripts.tables import ConversationRow, TurnRow
from transcripts.turns import RecordedTurn, Understood

WEEK: Final = timedelta(days=7)
_POOL: Final = 1500
_AT_ONCE: Final = 4000
# Words of one's own, such as names of places: the more letters the rarer.
_SYLLABLES: Final = ("ta", "mi", "zou", "ra", "ghe", "lil", "bou", "kha", "ne", "sfi", "dou", "awl")


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation to be said again: its turns, what was understood, and words folded."""

    turns: tuple[tuple[RecordedTurn, Understood, str], ...]


class Filler:
    """Writes conversations into empty transcripts, the oldest first."""

    def __init__(self, database: Database, key: bytes, now: datetime, seed: int = 11) -> None:
        self._database = database
        self._now = now
        self._chance = random.Random(seed)
        self._pool = _pool(key, now)
        self._turn = self._conversation = 0

    def fill(self, messages: int, say: Callable[[int], None] = lambda _: None) -> int:
        """Write at least so many messages of citizens; how many they are."""
        each = sum(len(talk.turns) for talk in self._pool) / len(self._pool)
        count = round(messages / each * 1.02) + 1
        moments = sorted(self._now - WEEK * self._chance.random() for _ in range(count))
        talks: list[dict[str, Any]] = []
        turns: list[dict[str, Any]] = []
        words: list[tuple[int, str]] = []
        for at in moments:
            talk, said, found = self._again(self._chance.choice(self._pool), at)
            talks.append(talk)
            turns += said
            words += found
            if len(turns) >= _AT_ONCE:
                self._write(talks, turns, words)
                talks, turns, words = [], [], []
                say(self._turn)
            if self._turn >= messages:
                break
        if turns:
            self._write(talks, turns, words)
        return self._turn

    def _again(
        self, talk: Talk, at: datetime
    ) -> tuple[dict[str, Any], list[dict[str, Any]], list[tuple[int, str]]]:
        self._conversation += 1
        first, last = talk.turns[0][0], talk.turns[-1]
        number_key = f"{self._chance.getrandbits(128):032x}"
        said, words = [], []
        moment = at
        for turn, understood, folded in talk.turns:
            self._turn += 1
            own = self._own_words() if turn.step == "words" and turn.said else ""
            columns = {**turn.columns(), **understood.columns()}
            columns |= {"id": self._turn, "conversation_id": self._conversation}
            columns |= {"key": f"b{self._turn}", "number_key": number_key, "at": moment}
            columns["said"] = f"{turn.said} {own}".strip()
            said.append(columns)
            words.append((self._turn, f"{folded} {own}"))
            moment += timedelta(seconds=self._chance.randrange(4, 60))
        sure = [one.confidence for turn, one, _ in talk.turns if turn.step == "words"]
        row = {
            "id": self._conversation,
            "name": f"{first.kind}-{number_key}",
            "number_key": number_key,
            **{name: getattr(first, name) for name in ("kind", "channel", "provider", "language")},
            "programme": last[1].programme,
            "intent": last[1].intent,
            "began": at,
            "last_at": said[-1]["at"],
            "turns": len(said),
            "lowest": min((one for one in sure if one is not None), default=None),
            "fallbacks": sum(one.intent == FALLBACK for _, one, _ in talk.turns),
            "errors": sum(turn.outcome not in ANSWERED for turn, _, _ in talk.turns),
            "undelivered": int(self._chance.random() < 0.01),
        }
        return row, said, words

    def _own_words(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=self._chance.choice((2, 3, 3, 4, 5))))

    def _write(
        self,
        talks: list[dict[str, Any]],
        turns: list[dict[str, Any]],
        words: list[tuple[int, str]],
    ) -> None:
        with self._database.session() as session:
            session.execute(sa.insert(ConversationRow), talks)
            session.execute(sa.insert(TurnRow), turns)
            search.index_all(session, words)
            mark_stale(session, (turn["at"] for turn in turns))


def _pool(key: bytes, now: datetime) -> list[Talk]:
    made = Maker(Pseudonyms(key), Seal(key), now).make(_POOL)
    talks: dict[str, list[tuple[RecordedTurn, Understood, str]]] = {}
    for turn, understood in zip(made.turns, made.understood, strict=True):
        number = turn.key.split("-")[1]
        folded = search.found_by(" ".join((turn.said, *turn.screens)))
        talks.setdefault(number, []).append((turn, understood, folded))
    return [Talk(tuple(one)) for one in talks.values()]
