"""Which days are asked for: from one to another, shown by the day or by the week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import abort

_LONGEST: Final = timedelta(days=370)
_WEEK: Final = timedelta(days=6)
# By the week where there would be more columns than fit.
_MOST_DAYS: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date
    by_week: bool = False

    def begin(self, day: date) -> date:
        """The first day of the part that a day is in: itself, or its week's Monday."""
        return day - timedelta(days=day.weekday()) if self.by_week else day

    def parts(self) -> list[date]:
        """The beginnings of all parts."""
        days = ((self.last - self.first).days + 1,)
        every = (self.first + timedelta(days=number) for number in range(*days))
        return sorted({self.begin(day) for day in every})

    def given(self) -> dict[str, str]:
        """What an address says of it."""
        words = {"since": self.first.isoformat(), "until": self.last.isoformat()}
        return words | {"by": "week" if self.by_week else "day"}

    def month(self) -> tuple[date, date]:
        """The calendar month in which it ends: its first and its last day."""
        first = self.last.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return first, following - timedelta(days=1)


def read_period(given: Mapping[str, str], today: date) -> Period:
    """The days of a form, the last seven without one. Ends the request where it can't be read."""
    last = _day(given.get("until")) or today
    first = _day(given.get("since")) or last - _WEEK
    by = given.get("by") or ("week" if last - first > _MOST_DAYS else "day")
    if first > last or last - first > _LONGEST or by not in ("day", "week"):
        abort(400)
    return Period(first, last, by == "week")


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(400)
    if not 2000 <= day.year <= 2200:
        abort(400)
    return day
