"""When people answer: hours by weekday in Morocco's time, as the operator set them. No I/O.

    mon-thu 09:00-16:00, fri 09:00-12:00

Morocco's clock changes around Ramadan; the hours are those of the clock on the wall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

MOROCCO: Final = ZoneInfo("Africa/Casablanca")
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)")
# No closure lasts longer; where one does, no day of return is promised.
_FURTHEST: Final = 60


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when people answer on a weekday (0 is Monday)."""

    weekday: int
    opens: time
    closes: time


@lru_cache(maxsize=8)
def read_hours(text: str) -> tuple[Span, ...]:
    """The spans of a setting, in the week's order; an empty text has none. Raises ValueError."""
    spans = []
    for part in filter(None, (piece.strip().lower() for piece in text.split(","))):
        found = _PART.fullmatch(part)
        if found is None:
            raise ValueError(f"not like `mon-fri 09:00-16:00`: {part}")
        first, last, opens, closes = found.groups()
        if {first, last or first} - set(_DAYS):
            raise ValueError(f"not a day: {part}")
        span = time.fromisoformat(opens), time.fromisoformat(closes)
        if span[0] >= span[1]:
            raise ValueError(f"it closes before it opens: {part}")
        days = range(_DAYS.index(first), _DAYS.index(last or first) + 1)
        spans += [Span(day, *span) for day in days]
    return tuple(sorted(spans, key=lambda span: (span.weekday, span.opens)))


def open_until(spans: tuple[Span, ...], off: frozenset[date], now: datetime) -> time | None:
    """Until when people answer today, or None where nobody answers now."""
    here = now.astimezone(MOROCCO)
    for span in _of(spans, off, here.date()):
        if span.opens <= here.time() < span.closes:
            return span.closes
    return None


def opens_next(spans: tuple[Span, ...], off: frozenset[date], now: datetime) -> datetime | None:
    """When people answer again, in Morocco's time, or None where no time is known."""
    here = now.astimezone(MOROCCO)
    for ahead in range(_FURTHEST):
        day = here.date() + timedelta(days=ahead)
        for span in _of(spans, off, day):
            if ahead or span.opens > here.time():
                return datetime.combine(day, span.opens, MOROCCO)
    return None


def read_days(text: str) -> frozenset[date]:
    """The days of a setting. Raises ValueError."""
    return frozenset(date.fromisoformat(day.strip()) for day in text.split(",") if day.strip())


def _of(spans: tuple[Span, ...], off: frozenset[date], day: date) -> list[Span]:
    return [span for span in spans if span.weekday == day.weekday() and day not in off]
