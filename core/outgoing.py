"""What goes out to a citizen of itself, what becomes of it, and what a provider's errors mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    where the provider can show it. `instead` is what may go by SMS where WhatsApp cannot carry it;
    empty where nothing may. `report` is the address at which the provider tells what becomes of
    it; empty: nowhere.
    """

    number: str
    text: str = ""
    prepared: Prepared | None = None
    instead: str = ""
    report: str = ""
    tappable: Tappable | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message, as its provider tells it.

    `status` is one of `records.statuses`, `code` the provider's word for a failure, `message` our
    own name of the message where the report carries it. A listed message has its text and when it
    was made.
    """

    provider_id: str
    status: str
    code: str = ""
    message: str = ""
    text: str = ""
    made: datetime | None = None


class Remedy(StrEnum):
    """What can be done about a provider's error."""

    RETRY = "retry"
    SLOW_DOWN = "slow_down"
    OPTED_OUT = "opted_out"
    BAD_NUMBER = "bad_number"
    TEMPLATE_THEN_CONTENT = "template_then_content"
    PLAIN_TEXT = "plain_text"
    UNREACHABLE = "unreachable"
    FILTERED = "filtered"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A provider's error: what to do about it, and what staff read of it.

    `wait_seconds` is how long at least before the message, or with `slow_down` the sender, may be
    tried again; 0 leaves it to the usual back-off.
    """

    code: str
    remedy: Remedy
    says: str
    wait_seconds: int = 0
