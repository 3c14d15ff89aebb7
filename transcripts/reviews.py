"""The queue of reviews, and what staff decide in it. Every decision is kept with who and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.clock import Clock, utc_now
from records.database import Database, queue_up
from transcripts.agreement import (
    ACCEPTED,
    DISCARDED,
    DISPUTED,
    INTENT,
    OPEN,
    Decision,
    Mark,
    settle,
)
from transcripts.gathering import OUT_OF_SCOPE, SAMPLE
from transcripts.tables import CorrectionRow, ReviewRow

_FIRST_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reviews stand in each state, and of the open ones in each variety."""

    states: Counter[str]
    varieties: Counter[str]


@dataclass(frozen=True, slots=True)
class Scored:
    """Of a variety: how many reviews were settled, in how many of them the engine was right.

    `drawn` and `drawn_right` are those of them that were drawn at random.
    """

    settled: int = 0
    right: int = 0
    drawn: int = 0
    drawn_right: int = 0


class Reviews:
    """What is to be reviewed. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def waiting(self) -> Waiting:
        """How much there is to do."""
        row = ReviewRow
        counted = sa.select(row.state, row.variety, sa.func.count())
        states: Counter[str] = Counter()
        varieties: Counter[str] = Counter()
        with self._database.reading() as session:
            for state, variety, count in session.execute(counted.group_by(row.state, row.variety)):
                states[state] += count
                if state == OPEN:
                    varieties[variety] += count
        return Waiting(states, varieties)

    def following(self, staff: str, skipped: Sequence[int] = (), variety: str = "") -> int | None:
        """The review that somebody should look at next: one they did not decide yet.

        First those a colleague decided; then the most doubtful of each variety in turn.
        """
        row = ReviewRow
        mine = sa.select(CorrectionRow.review_id).where(CorrectionRow.staff == staff)
        wanted = [row.state == OPEN, row.id.not_in(mine), row.id.not_in(list(skipped))]
        if variety:
            wanted.append(row.variety == variety)
        place = sa.func.row_number().over(
            partition_by=row.variety, order_by=(row.doubt.desc(), row.id)
        )
        found = sa.select(row.id).where(*wanted)
        with self._database.reading() as session:
            return session.scalar(found.order_by(row.votes.desc(), place, row.variety).limit(1))

    def disputed(self, limit: int = 100) -> list[ReviewRow]:
        """Those that two staff decided differently, the oldest first."""
        return self._rows(ReviewRow.state == DISPUTED, ReviewRow.id.asc(), limit)

    def accepted(self, limit: int = 1000) -> list[ReviewRow]:
        """Those accepted and not exported yet, the oldest first."""
        is_ready = sa.and_(ReviewRow.state == ACCEPTED, ReviewRow.words != "")
        return self._rows(is_ready, ReviewRow.id.asc(), limit)

    def find(self, review_id: int) -> ReviewRow | None:
        """A review."""
        with self._database.reading() as session:
            row = session.get(ReviewRow, review_id)
            session.expunge_all()
            return row

    def corrections(self, review_id: int) -> list[CorrectionRow]:
        """What was decided about a review, in its order."""
        with self._database.reading() as session:
            rows = _corrections(session, review_id)
            session.expunge_all()
            return rows

    def decided_by(self, staff: str, limit: int = 20) -> list[tuple[CorrectionRow, ReviewRow]]:
        """What somebody decided last."""
        mine = (
            sa.select(CorrectionRow, ReviewRow)
            .join(ReviewRow, ReviewRow.id == CorrectionRow.review_id)
            .where(CorrectionRow.staff == staff)
        )
        with self._database.reading() as session:
            found = session.execute(mine.order_by(CorrectionRow.id.desc()).limit(limit)).all()
            session.expunge_all()
            return [(one[0], one[1]) for one in found]

    def decide(self, review_id: int, decision: Decision) -> str | None:
        """Keep a decision; the state the review has then, None where it was settled before."""
        now = self._clock()
        with self._database.session() as session:
            queue_up(session, f"review|{review_id}")
            row = session.get(ReviewRow, review_id)
            if row is None or row.state not in (OPEN, DISPUTED):
                return None
            if row.state == DISPUTED and not decision.is_final:
                return None
            session.add(_correction(review_id, decision, now))
            session.flush()
            decisions = [_decision(one) for one in _corrections(session, review_id)]
            state, holding = settle(decisions, row.intent, row.entities)
            row.state, row.votes = state, len({one.staff for one in decisions})
            if holding is not None:
                row.settled = now
                row.settled_intent = holding.intent if holding.verdict == INTENT else ""
                row.settled_marks = [list(asdict(one).values()) for one in holding.marks]
                row.variety = holding.variety or row.variety
            if state == DISCARDED:
                forget(row)
            return state

    def scored(self, since: datetime, until: datetime) -> dict[str, Scored]:
        """How often the engine was right, by variety, of messages said in between."""
        row = ReviewRow
        wanted = sa.select(
            row.variety, row.reason, row.intent, row.settled_intent, sa.func.count()
        ).where(row.at >= since, row.at < until, row.settled_intent != "")
        grouped = wanted.group_by(row.variety, row.reason, row.intent, row.settled_intent)
        found: dict[str, Scored] = {}
        with self._database.reading() as session:
            for variety, reason, guessed, meant, count in session.execute(grouped):
                # Of what is out of scope it is right to ask.
                asks_rightly = meant == OUT_OF_SCOPE and guessed == "nlu_fallback"
                right = count if guessed == meant or asks_rightly else 0
                before, is_drawn = found.get(variety, Scored()), reason == SAMPLE
                found[variety] = Scored(
                    before.settled + count,
                    before.right + right,
                    before.drawn + count * is_drawn,
                    before.drawn_right + right * is_drawn,
                )
        return found

    def _rows(
        self, which: sa.ColumnElement[bool], order: sa.ColumnElement[int], limit: int
    ) -> list[ReviewRow]:
        with self._database.reading() as session:
            rows = list(
                session.scalars(sa.select(ReviewRow).where(which).order_by(order).limit(limit))
            )
            session.expunge_all()
            return rows


def forget(row: ReviewRow) -> None:
    """Empty what a review holds of its citizen; what was decided stays."""
    row.words, row.mark, row.conversation_id, row.turn_key = "", None, None, ""
    row.entities, row.settled_marks = [], []


def marks_of(row: ReviewRow) -> tuple[Mark, ...]:
    """The marks that were agreed on."""
    return tuple(Mark(*one) for one in row.settled_marks)


def _corrections(session: Session, review_id: int) -> list[CorrectionRow]:
    mine = sa.select(CorrectionRow).where(CorrectionRow.review_id == review_id)
    return list(session.scalars(mine.order_by(CorrectionRow.id)))


def _correction(review_id: int, decision: Decision, now: datetime) -> CorrectionRow:
    return CorrectionRow(
        review_id=review_id,
        staff=decision.staff,
        at=now,
        verdict=decision.verdict,
        intent=decision.intent,
        variety=decision.variety,
        marks=[list(asdict(one).values()) for one in decision.marks],
        is_final=decision.is_final,
    )


def _decision(row: CorrectionRow) -> Decision:
    marks = tuple(Mark(*one) for one in row.marks)
    return Decision(row.staff, row.verdict, row.intent, row.variety, marks, row.is_final)
