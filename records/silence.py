"""Numbers are reassigned: one that was silent for months starts afresh, with nothing of before.

People and consents share this rule; no other module opens a number for writing.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.clock import months_before
from records.database import insert_if_absent
from records.tables import ConsentRow, FollowerRow, NumberRow

GIVEN = "given"
WITHDRAWN = "withdrawn"
LAPSED = "lapsed"


def is_silent(last_seen: datetime, now: datetime, months: int) -> bool:
    """True for a number that was last seen more than `months` calendar months ago."""
    return last_seen < months_before(now, months)


def open_number(session: Session, number_key: str, now: datetime, months: int) -> NumberRow:
    """The number's row, locked, made where there is none, afresh where it was silent; seen now."""
    insert_if_absent(
        session,
        NumberRow,
        number_key=number_key,
        language="",
        script="",
        opted_out=False,
        last_seen=now,
    )
    number = session.get_one(NumberRow, number_key, with_for_update=True)
    if is_silent(number.last_seen, now, months):
        forget(session, number, now)
        number.opted_out = False
    number.last_seen = max(number.last_seen, now)
    return number


def forget(session: Session, number: NumberRow, now: datetime) -> None:
    """Drop what the number's earlier holder chose, and end a consent that still stands.

    Whoever agreed to be told of changes there is told nothing there any more: the next to use the
    number would read it.
    A refusal of messages stays until the number is used again: silence is what was asked for.
    """
    number.language = ""
    number.script = ""
    number.unreachable_on = ""
    theirs = FollowerRow.number_key == number.number_key
    session.execute(sa.delete(FollowerRow).where(theirs))
    end_consent(session, number.number_key, LAPSED, now)


def latest_consent(session: Session, number_key: str) -> ConsentRow | None:
    """The last act of consent of a number, whichever it was."""
    mine = sa.select(ConsentRow).where(ConsentRow.number_key == number_key)
    return session.scalars(mine.order_by(ConsentRow.id.desc()).limit(1)).first()


def end_consent(session: Session, number_key: str, act: str, now: datetime) -> None:
    """Record that a consent ends; where none stands, nothing is recorded."""
    latest = latest_consent(session, number_key)
    if latest is None or latest.act != GIVEN:
        return
    session.add(
        ConsentRow(
            number_key=number_key,
            act=act,
            text_version=latest.text_version,
            language=latest.language,
            channel=latest.channel,
            at=now,
        )
    )
