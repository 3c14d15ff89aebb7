"""What goes out to a citizen of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Tap(StrEnum):
    """How choices are tapped: buttons under the message, or a list that a button opens."""

    QUICK = "quick"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Item:
    """A choice to tap: `id` comes back when it is tapped, and means something to the door alone."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Tappable:
    """A message whose choices are tapped in place of numbered lines; `opener` opens a list.

    It goes beside a text that says the same with numbered lines, for where nothing can be tapped.
    """

    kind: Tap
    body: str
    items: tuple[Item, ...]
    opener: str = ""


def read_tappable(value: dict[str, Any] | None) -> Tappable | None:
    """What can be tapped as it was before it became JSON; None where nothing could."""
    if not value:
        return None
    items = tuple(Item(**item) for item in value["items"])
    return Tappable(Tap(value["kind"]), value["body"], items, value["opener"])


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message that the provider holds under a name of its own, and what fills its gaps."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a number (E.164) or to WhatsApp's own id of a user.

    Where there is a `prepared` one it goes instead of the text, and so does what is `tappable`
    where the provider can show it. `report` is the address at which the provider tells what becomes
    of it; empty: nowhere.
    """

    number: str
    text: str = ""
    prepared: Prepared | None = None
    report: str = ""
    tappable: Tappable | None = None
