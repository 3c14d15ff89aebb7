"""The registry's own clock: the machine's, set ahead on demand so that a test need not wait."""

from __future__ import annotations

import time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sandbox.registry.tables import Clock


def now(session: Session) -> float:
    """Seconds since 1970 by the registry's clock."""
    return time.time() + ahead_seconds(session)


def ahead_seconds(session: Session) -> float:
    """How far the clock is ahead of the machine's."""
    return session.scalar(select(Clock.ahead_seconds)) or 0.0


def advance(session: Session, seconds: float) -> None:
    """Set the clock ahead by more seconds."""
    session.execute(update(Clock).values(ahead_seconds=Clock.ahead_seconds + seconds))
