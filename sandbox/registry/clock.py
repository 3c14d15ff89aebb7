"""The registry's own clock: the machine's, set ahead on demand so that a test need not wait."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sandbox.registry.tables import Clock


def now(session: Session) -> float:
    """Seconds since 1970 by the registry's clock."""
    return time.time() + ahead_seconds(session)


def today(session: Session) -> date:
    """The day it is by the registry's clock."""
    return datetime.fromtimestamp(now(session), UTC).date()


def ahead_seconds(session: Session) -> float:
    """How far the clock is ahead of the machine's."""
    return session.scalar(select(Clock.ahead_seconds)) or 0.0


def advance(session: Session, seconds: float) -> None:
    """Set the clock ahead by more seconds."""
    session.execute(update(Clock).values(ahead_seconds=Clock.ahead_seconds + seconds))


def set_to(session: Session, moment: datetime) -> None:
    """Set the clock to a moment; what has happened stays, whichever way it goes."""
    session.execute(update(Clock).values(ahead_seconds=moment.timestamp() - time.time()))


def seed(session: Session) -> int:
    """What the lots of this registry are drawn by."""
    return session.scalars(select(Clock.seed)).one()
