"""What the demo staff reviewed: some agreed on, one in dispute, the others left to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from core.privacy import Pseudonyms
from records.clock import utc_now
from records.database import Database
from records.tables import StaffRow
from transcripts.agreement import INTENT, OPEN, Decision
from transcripts.gathering import Gathering
from transcripts.reviews import Reviews
from transcripts.tables import ReviewRow

_LEFT: Final = 3
# So that what was said minutes ago is taken too.
_LATER: Final = timedelta(minutes=10)


def fill(
    transcripts: Database, records: Database, pseudonyms: Pseudonyms, meant: Mapping[str, str]
) -> None:
    """Gather what is doubtful, and decide about words of which it is known what they mean."""
    Gathering(transcripts, pseudonyms, lambda: utc_now() + _LATER).gather()
    reviewer, supervisor = _account(records, "reviewer"), _account(records, "supervisor")
    is_known = sa.and_(ReviewRow.state == OPEN, ReviewRow.words.in_(meant))
    with transcripts.reading() as session:
        rows = list(session.scalars(sa.select(ReviewRow).where(is_known).order_by(ReviewRow.id)))
        known = [(row.id, meant[row.words], row.variety) for row in rows]
    if not (reviewer and supervisor):
        return
    reviews = Reviews(transcripts)
    for place, (number, intent, variety) in enumerate(known[:-_LEFT]):
        reviews.decide(number, Decision(reviewer, INTENT, intent, variety, ()))
        other = "help" if place == 0 else intent
        reviews.decide(number, Decision(supervisor, INTENT, other, variety, ()))


def _account(records: Database, role: str) -> str:
    wanted = sa.select(StaffRow.id).where(StaffRow.role == role).order_by(StaffRow.id)
    with records.reading() as session:
        return str(session.scalar(wanted.limit(1)) or "")
