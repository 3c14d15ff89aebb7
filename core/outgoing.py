"""What goes out to a citizen of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message that the provider holds under a name of its own, and what fills its gaps."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a number (E.164).

    Where there is a `prepared` one it goes instead of the text. `report` is the address at which
    the provider tells what becomes of it; empty: nowhere.
    """

    number: str
    text: str = ""
    prepared: Prepared | None = None
    report: str = ""
