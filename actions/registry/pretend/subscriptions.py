"""Subscriptions of the pretend registry."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from actions.registry.port import INVALID
from actions.registry.pretend.records import PretendOffice, PretendRecord, Shelf
from actions.registry.shapes import EventKind
from core.errors import RegistryRefused


class Subscriptions(Shelf):
    """`subscriptions` holds, by code, whose changes are told and which kinds of them."""

    def __init__(
        self,
        records: Iterable[PretendRecord],
        offices: Iterable[PretendOffice],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(records, offices, now)
        self.subscriptions: dict[str, tuple[str, tuple[EventKind, ...]]] = {}

    def subscribe(self, idcs: str, kinds: tuple[EventKind, ...]) -> str:
        """See `port.Registry`."""
        if self._find(idcs) is None or not kinds:
            raise RegistryRefused(INVALID)
        code = uuid.uuid4().hex
        self.subscriptions[code] = (idcs, kinds)
        return code

    def unsubscribe(self, subscription: str) -> None:
        """See `port.Registry`."""
        self._check()
        self.subscriptions.pop(subscription, None)
