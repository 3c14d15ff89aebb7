"""Quiet hours: when nobody is written to of our own accord, by Morocco's clock. No I/O.

That clock goes back an hour around Ramadan. The hours are wall time, so that the night is as long
as people's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MOROCCO: Final = ZoneInfo("Africa/Casablanca")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` on, until `ends`, the next day where that is earlier; none where equal."""

    begins: time
    ends: time

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself where it is not quiet then, else the end of that quiet; in UTC."""
        local = moment.astimezone(MOROCCO)
        if not self._is_quiet(local.time()):
            return moment.astimezone(UTC)
        day = local.date() + timedelta(days=1 if local.time() >= self.ends else 0)
        end = datetime.combine(day, self.ends, MOROCCO)
        # Where the clock goes back, an hour comes twice: quiet ends when it has ended for good.
        return end.replace(fold=1).astimezone(UTC)

    def _is_quiet(self, at: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends
