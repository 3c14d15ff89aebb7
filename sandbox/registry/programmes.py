"""The programmes of the pretend registry: what the programme files say of them, read as data.

Amounts, limits and delays are those of `actions/programmes/*.toml`, each from its own day on. What
the files do not say (the standard's code of the benefit, how an amount is reckoned) stands in
`programmes.toml` beside this module. One that is in neither has nothing but a name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from sandbox.registry.data_files import read_data

_FILES: Final = Path(__file__).parents[2] / "actions/programmes"
_FIRST: Final = 3
_AT_MOST: Final = 6

Pays = Literal["", "children", "flat", "orphans"]


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: what it gives, to whom by index, and by when its agency decides."""

    key: str
    name: str
    benefit: str = ""
    pays: Pays = ""
    ended: bool = False
    file: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Its identifier on the wire."""
        return self.key.upper()

    def limit_on(self, day: date) -> Decimal | None:
        """The highest index it takes on a day, or None where it has no limit."""
        latest = _latest(self._facts("thresholds"), day)
        return Decimal(str(latest["index_at_most"])) if latest else None

    def days_for(self, what: str, day: date) -> int | None:
        """The days that the rules in force give for a decision or an appeal, or None."""
        latest = _latest((one for one in self._facts("delays") if one["what"] == what), day)
        return int(latest["days"]) if latest else None

    def amount_on(self, key: str, day: date) -> Decimal:
        """One of its amounts, in dirhams, as it is in force on a day; none is nothing."""
        latest = _latest((one for one in self.file.get("amounts", ()) if one["key"] == key), day)
        return Decimal(latest["dirhams"]) if latest else Decimal(0)

    def monthly_on(self, children: int, day: date) -> Decimal:
        """What it pays for a month to a household with so many children.

        The sandbox takes all children for pupils; the fourth to the sixth count less.
        """
        match self.pays:
            case "children":
                paid, child = min(children, _AT_MOST), programme("asd_child")
                first = min(paid, _FIRST) * child.amount_on("first_three", day)
                further = max(paid - _FIRST, 0) * child.amount_on("further", day)
                return max(programme("asd").amount_on("least", day), first + further)
            case "orphans":
                return max(children, 1) * self.amount_on("orphan", day)
            case "flat":
                return self.amount_on("household", day)
            case _:
                return Decimal(0)

    def _facts(self, name: str) -> Iterable[dict[str, Any]]:
        """Its own facts, else those of the programme in whose application it is asked for."""
        whole = self.file.get("part_of", "")
        found: list[dict[str, Any]] = self.file.get(name, [])
        return found or (programme(whole)._facts(name) if whole else [])


@cache
def programmes() -> dict[str, Programme]:
    """Every programme of the files, by its key."""
    ours = read_data("programmes.toml")
    found = {}
    for path in sorted(_FILES.glob("*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        name, ended = file["names"]["fr"], file.get("status") == "ended"
        found[path.stem] = Programme(
            path.stem, name, **ours.get(path.stem, {}), ended=ended, file=file
        )
    return found


def programme(key: str) -> Programme:
    """A programme by its key; one that no file knows has nothing but a name."""
    return programmes().get(key) or Programme(key, key)


def _latest(facts: Iterable[dict[str, Any]], day: date) -> dict[str, Any] | None:
    begun = [fact for fact in facts if fact["from"] <= day]
    return max(begun, key=lambda fact: fact["from"], default=None)
