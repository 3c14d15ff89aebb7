"""The offices of the pretend registry and their free appointments.

Appointments are not kept: every centre has some on each working day to come, and only those that
are taken stand in the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.places import find_named, kilometres
from sandbox.registry.data_files import read_data

AT_MOST: Final = 10
_NEAREST: Final = 5
ZONE: Final = ZoneInfo("Africa/Casablanca")
_HOURS: Final = (time(9), time(10, 30), time(14))
_DAYS_AHEAD: Final = 21
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Office:
    """An office; its words are [Latin, Arabic]."""

    code: str
    commune: tuple[str, str]
    region: tuple[str, str]
    address: tuple[str, str]
    at: tuple[float, float]
    hours: tuple[str, str] = ("", "")
    days: tuple[str, str] = ("", "")
    is_mobile: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """What it is called."""
        kind = ("Unité mobile", "وحدة متنقلة")
        if not self.is_mobile:
            kind = ("Centre de services aux citoyens", "مركز خدمات المواطنين")
        return f"{kind[0]}, {self.commune[0]}", f"{kind[1]}، {self.commune[1]}"

    def told(self, in_arabic: bool) -> dict[str, Any]:
        """The office as the wire tells it."""
        words = ("name", "address", "commune", "region", "hours", "days")
        one = {word: getattr(self, word)[int(in_arabic)] for word in words}
        return {"code": self.code, **one, "phone": "", "is_mobile": self.is_mobile}


@cache
def all_offices() -> dict[str, Office]:
    """Every office, by its code."""
    rows: list[dict[str, Any]] = read_data("offices.toml")["offices"]
    return {row["code"]: Office(**{k: _frozen(v) for k, v in row.items()}) for row in rows}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def offices_of(place: str) -> list[Office]:
    """The offices of the commune that was named, else of the region; at most ten."""
    known = sorted(all_offices().values(), key=lambda office: office.code)
    return find_named(place, ((one, one.commune, one.region) for one in known))[:AT_MOST]


def offices_near(latitude: float, longitude: float) -> list[Office]:
    """The five offices nearest to a place."""
    here = (latitude, longitude)
    return sorted(all_offices().values(), key=lambda one: (kilometres(here, one.at), one.code))[
        :_NEAREST
    ]


def centres_of(region: str) -> list[str]:
    """The codes of the service centres of a region (its Latin name)."""
    known = all_offices().values()
    return sorted(one.code for one in known if one.region[0] == region and not one.is_mobile)


def home_office(household: str, region: str) -> Office | None:
    """The centre that a household's home belongs to, by the household's code and region."""
    centres = centres_of(region)
    return all_offices()[centres[int(household[2:]) % len(centres)]] if centres else None


def slots_of(code: str, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The appointments of an office in the weeks to come, taken or not, soonest first."""
    office = all_offices().get(code)
    if office is None or office.is_mobile:
        return
    today = now.astimezone(ZONE).date()
    for ahead in range(_DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        for hour in _HOURS if day.weekday() < _SATURDAY else ():
            begins = datetime.combine(day, hour, ZONE)
            if begins > now:
                yield f"{code}-{begins:%Y%m%d%H%M}", begins


def office_of_slot(slot: str) -> str:
    """The code of the office an appointment is at."""
    return slot.rpartition("-")[0]
