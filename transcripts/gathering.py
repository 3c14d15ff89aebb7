"""Choosing what is worth a look: messages the engine was unsure of, and a few that it was sure of.

Only words that answered no question are taken, and none with anything sealed in it. Of many alike
one is taken, and of each variety no more than can be looked at.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.privacy import Pseudonyms
from core.vault import TOKEN
from locales.folding import fold
from records.clock import Clock, utc_now
from records.database import Database, insert_if_absent, queue_up
from transcripts.agreement import OPEN
from transcripts.listing import UNSURE
from transcripts.tables import ConversationRow, GatheredRow, LabelRow, ReviewRow, TurnRow
from transcripts.varieties import VARIETIES, variety_of

FALLBACK: Final = "nlu_fallback"
OUT_OF_SCOPE: Final = "out_of_scope"
LABELLED: Final = "labelled"
SAMPLE: Final = "sample"
REASONS: Final = (LABELLED, "fallback", OUT_OF_SCOPE, "unsure", "close", SAMPLE)
# The label by which staff ask for a look at all words of a conversation.
LABEL: Final = "teach"
# What the engine made of a turn comes later than the turn.
_LAG: Final = timedelta(minutes=2)
_CLOSE: Final = 0.2
_ONE_IN: Final = 40
_MOST_OPEN: Final = 400
_AT_ONCE: Final = 2000
_LONGEST: Final = 300
_NUMBER: Final = re.compile(r"\d{4,}")
# What a question asked for: the words after it may be somebody's own.
_PERSONAL: Final = ("number", "date", "idcs", "code", "phone", "text")


class Gathering:
    """Fills the queue of reviews. Every method may raise StoreUnavailable.

    `pseudonyms` name folded texts, so that a row whose words are forgotten tells none.
    """

    def __init__(self, database: Database, pseudonyms: Pseudonyms, clock: Clock = utc_now) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._clock = clock

    def gather(self) -> int:
        """Look through the turns that nobody looked through; how many were taken."""
        taken = 0
        while True:
            with self._database.session() as session:
                queue_up(session, "reviews")
                more, new = self._gather_some(session)
            taken += new
            if not more:
                return taken

    def ask(self, turn_key: str) -> bool:
        """Take a turn because staff want it looked at; False where it can't be learnt from."""
        with self._database.session() as session:
            queue_up(session, "reviews")
            for turn in session.execute(_turns().where(TurnRow.key == turn_key)):
                return self._add(session, turn, LABELLED)
        return False

    def _gather_some(self, session: Session) -> tuple[bool, int]:
        progress = session.get(GatheredRow, 1)
        if progress is None:
            progress = GatheredRow(id=1, turn_id=0)
            session.add(progress)
        ripe = self._clock() - _LAG
        found = (TurnRow.id > progress.turn_id, TurnRow.at < ripe)
        ids = list(
            session.scalars(
                sa.select(TurnRow.id).where(*found).order_by(TurnRow.id).limit(_AT_ONCE)
            )
        )
        if not ids:
            return False, 0
        wanted = _turns().where(TurnRow.id > progress.turn_id, TurnRow.id <= ids[-1])
        room = _room(session)
        taken = 0
        for turn in session.execute(wanted.where(TurnRow.at < ripe)).all():
            variety = variety_of(turn.language, turn.said)
            reason = _reason(turn)
            if reason and (room[variety] > 0 or reason == LABELLED):
                is_new = self._add(session, turn, reason)
                room[variety] -= is_new
                taken += is_new
        progress.turn_id = ids[-1]
        return len(ids) == _AT_ONCE, taken

    def _add(self, session: Session, turn: Any, reason: str) -> bool:
        if not is_learnable(turn.said) or turn.asked in _PERSONAL:
            return False
        mark = self._pseudonyms.event(f"review:{fold(turn.said)}")
        known = session.scalar(sa.select(ReviewRow.id).where(ReviewRow.mark == mark))
        if known is not None:
            return False
        insert_if_absent(
            session,
            ReviewRow,
            mark=mark,
            conversation_id=turn.conversation_id,
            turn_key=turn.key,
            at=turn.at,
            words=" ".join(turn.said.split()),
            language=turn.language,
            variety=variety_of(turn.language, turn.said),
            intent=turn.intent,
            confidence=turn.confidence,
            ranking=turn.ranking,
            entities=[one for one in turn.entities if isinstance(one, list)],
            reason=reason,
            doubt=2.0 if reason == LABELLED else _doubt(turn, reason),
            state=OPEN,
            votes=0,
            settled_intent="",
            settled_marks=[],
        )
        return True


def is_learnable(said: str) -> bool:
    """True for words that hold nothing sealed, no long number, and are no essay."""
    has_words = any(map(str.isalpha, said))
    return has_words and len(said) <= _LONGEST and not (TOKEN.search(said) or _NUMBER.search(said))


def candidates(ranking: list[Any]) -> Iterator[tuple[str, float]]:
    """The intents that the engine thought of, the likeliest first, without its fallback."""
    for one in ranking:
        if isinstance(one, list) and one and one[0] != FALLBACK:
            yield str(one[0]), float(one[1] or 0.0)


def _turns() -> sa.Select[Any]:
    before = aliased(TurnRow)
    asked = (
        sa.select(before.expects)
        .where(before.conversation_id == TurnRow.conversation_id, before.at < TurnRow.at)
        .order_by(before.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    labelled = sa.exists().where(
        LabelRow.conversation_id == TurnRow.conversation_id, LabelRow.label == LABEL
    )
    row = TurnRow
    return (
        sa.select(
            *(row.id, row.key, row.conversation_id, row.at, row.said, row.language, row.intent),
            *(row.confidence, row.ranking, row.entities),
            asked.label("asked"),
            labelled.label("is_labelled"),
        )
        .join(ConversationRow, ConversationRow.id == row.conversation_id)
        .where(row.step == "words", row.intent.not_in(("", "inform")), row.said != "")
        .order_by(row.id)
    )


def _reason(turn: Any) -> str:
    """Why a turn is worth a look, empty where it is not."""
    if turn.is_labelled:
        return LABELLED
    if turn.intent == FALLBACK:
        return "fallback"
    if turn.intent == OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    if turn.confidence is not None and turn.confidence < UNSURE:
        return "unsure"
    if _margin(turn) < _CLOSE:
        return "close"
    # The same words are always drawn or never, so that the share stays what it is.
    return SAMPLE if _drawn(turn.said) % _ONE_IN == 0 else ""


def _drawn(said: str) -> int:
    return int.from_bytes(hashlib.sha256(fold(said).encode()).digest()[:8], "big")


def _margin(turn: Any) -> float:
    best = [score for _, score in candidates(turn.ranking)][:2]
    return best[0] - best[1] if len(best) > 1 else 1.0


def _doubt(turn: Any, reason: str) -> float:
    if reason == SAMPLE:
        # Somewhere among the others, so that it comes up.
        return _drawn(turn.said) % 1000 / 1000
    return max(0.0, min(1.0, 1.0 - _margin(turn) * (turn.confidence or 0.0)))


def _room(session: Session) -> Counter[str]:
    is_open = sa.select(ReviewRow.variety, sa.func.count()).where(ReviewRow.state == OPEN)
    taken = {row[0]: row[1] for row in session.execute(is_open.group_by(ReviewRow.variety))}
    room: Counter[str] = Counter()
    for variety in VARIETIES:
        room[variety] = _MOST_OPEN - taken.get(variety, 0)
    return room
