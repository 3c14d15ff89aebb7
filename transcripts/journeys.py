"""From the turns of a conversation to the services a citizen began, and their ends. No I/O.

A service is done at one of its screens. It is left where nothing more is said for half an hour,
where another one is begun, or an hour after it began. Until one of these it is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

SILENCE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=1)
_SERVICES: Final = Path(__file__).with_name("services.yml")

End = Literal["open", "done", "left"]


@dataclass(frozen=True, slots=True)
class Service:
    """What begins a service, and the screens at which it is done (with stars)."""

    name: str
    begins: frozenset[str]
    done: tuple[str, ...]

    def is_done_at(self, key: str) -> bool:
        """True where a response key is one of its ends."""
        return any(fnmatchcase(key, pattern) for pattern in self.done)


@dataclass(frozen=True, slots=True)
class Said:
    """What counts of a turn: the meaning that was chosen or understood, and what was shown."""

    at: datetime
    meaning: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Journey:
    """A service that was begun: its screens in their order, and its end."""

    service: str
    began: datetime
    last: datetime
    screens: list[str] = field(default_factory=list)
    end: End = "open"


@cache
def services() -> Mapping[str, Service]:
    """Every service by its name."""
    read = yaml.safe_load(_SERVICES.read_text(encoding="utf-8"))
    return {
        name: Service(name, frozenset(one["begins"]), tuple(one["done"]))
        for name, one in read.items()
    }


def journeys(turns: Iterable[Said], now: datetime) -> list[Journey]:
    """The services begun in a conversation, of its turns in their order."""
    found: list[Journey] = []
    current: Journey | None = None
    for turn in turns:
        if current is not None and _is_over(current, turn.at):
            current.end, current = "left", None
        begun = _begun_by(turn.meaning)
        if begun is not None and (current is None or current.service != begun.name):
            if current is not None:
                current.end = "left"
            current = Journey(begun.name, turn.at, turn.at)
            found.append(current)
        if current is None:
            continue
        current.last = turn.at
        if turn.keys:
            current.screens.append(turn.keys[-1])
        service = services()[current.service]
        if any(service.is_done_at(key) for key in turn.keys):
            current.end, current = "done", None
    if current is not None and _is_over(current, now):
        current.end = "left"
    return found


def _is_over(journey: Journey, at: datetime) -> bool:
    return at - journey.last > SILENCE or at - journey.began > LONGEST


def _begun_by(meaning: str) -> Service | None:
    return _beginnings().get(meaning)


@cache
def _beginnings() -> Mapping[str, Service]:
    return {meaning: one for one in services().values() for meaning in one.begins}
