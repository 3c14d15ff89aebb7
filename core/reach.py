"""Where a number was last heard from, so that it can be written to of our own accord.

The door alone knows numbers; everybody else knows their keyed hash. Here the door leaves the number
itself, sealed, for as long as it remembers a conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import redis

from core.editions import HEARD
from core.errors import TokenRefused
from core.messages import ChannelKind
from core.privacy import Seal
from core.stores import Command, ask


@dataclass(frozen=True, slots=True)
class Heard:
    """A number (E.164) as it was last heard: on which kind of channel, and when."""

    number: str
    kind: ChannelKind
    at: datetime


class Reach:
    """Numbers by their key, for a while. Every method may raise what Redis raises."""

    def __init__(self, store: redis.Redis, seal: Seal, life_seconds: int = 86400) -> None:
        self._store = store
        self._seal = seal
        self._life = life_seconds

    def heard(self, number_key: str, heard: Heard) -> None:
        """Note that a number called or wrote."""
        ask(self._store, *self.note(number_key, heard))

    def note(self, number_key: str, heard: Heard) -> Iterator[Command]:
        """The commands that note it, for an exchange that is made anyway."""
        value = {"number": heard.number, "kind": heard.kind.value, "at": heard.at.isoformat()}
        key = f"reach:{number_key}"
        yield "SET", key, self._seal.close(HEARD.dumps(value), key), "EX", self._life
        if heard.kind is ChannelKind.WHATSAPP:
            yield "SET", f"wrote:{number_key}", heard.at.isoformat(), "EX", self._life

    def wrote_on_whatsapp(self, number_key: str) -> datetime | None:
        """When a number last wrote on WhatsApp, whatever it used since; None for long ago."""
        at = cast("bytes | None", self._store.get(f"wrote:{number_key}"))
        return datetime.fromisoformat(at.decode()) if at else None

    def find(self, number_key: str) -> Heard | None:
        """The number as it was last heard, or None where that was too long ago."""
        key = f"reach:{number_key}"
        sealed = cast("bytes | None", self._store.get(key))
        if sealed is None:
            return None
        try:
            value = HEARD.loads(self._seal.open(sealed, key))
        except TokenRefused:
            return None
        return Heard(
            value["number"], ChannelKind(value["kind"]), datetime.fromisoformat(value["at"])
        )
