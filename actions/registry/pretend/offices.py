"""Offices of the pretend registry."""

from __future__ import annotations

from typing import Final

from actions.registry.pretend.records import PretendOffice, Shelf
from actions.registry.shapes import Office
from core.places import find_named, kilometres
from locales.languages import languages

_AT_MOST: Final = 10
_NEAREST: Final = 5


class Offices(Shelf):
    """Offices by code, by the names of their commune and region, and by distance."""

    def home_office(self, idcs: str, language: str) -> Office | None:
        """See `port.Registry`."""
        record = self._find(idcs)
        known = self._offices.get(record.home_office) if record else None
        return _told(known, language) if known else None

    def offices(self, place: str, language: str) -> tuple[Office, ...]:
        """See `port.Registry`."""
        self._check()
        known = sorted(self._offices.values(), key=lambda one: one.office.code)
        found = find_named(place, ((one, *_names(one)) for one in known))
        return tuple(_told(one, language) for one in found[:_AT_MOST])

    def offices_near(self, latitude: float, longitude: float, language: str) -> tuple[Office, ...]:
        """See `port.Registry`."""
        self._check()
        here = (latitude, longitude)
        nearest = sorted(
            self._offices.values(),
            key=lambda one: (kilometres(here, (one.latitude, one.longitude)), one.office.code),
        )
        return tuple(_told(one, language) for one in nearest[:_NEAREST])


def _names(known: PretendOffice) -> tuple[list[str], list[str]]:
    told = [known.office, *([known.arabic] if known.arabic else [])]
    return [one.commune for one in told], [one.region for one in told]


def _told(known: PretendOffice, language: str) -> Office:
    in_arabic = languages()[language].script == "Arab"
    return known.arabic if in_arabic and known.arabic is not None else known.office
