"""Rasa's tracker store: of the session that runs the last turns, and the rest as a checkpoint."""

from __future__ import annotations

import copy
import itertools
import logging
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop
from rasa.shared.core.slots import Slot
from rasa.utils.endpoints import EndpointConfig

from engine.exchange import Conversations, running
from engine.keeping import FAULTS, dumps, loads
from engine.tracker import CompactTracker

logger = logging.getLogger(__name__)


class CompactTrackerStore(TrackerStore):
    """Keeps conversations so that none costs more the longer it is.

    Within a turn nothing is asked of Redis: the lock's exchange has read, and will write.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str = "redis://localhost:6379/0",
        event_broker: EventBroker | None = None,
        **settings: Any,
    ) -> None:
        """Open the store that endpoints.yml names; `host` is its address."""
        self._conversations = Conversations(EndpointConfig(url=host, **settings))
        self._slots: dict[str, Slot] = {}
        self._slots_of: Domain | None = None
        super().__init__(domain, event_broker)

    def init_tracker(self, sender_id: str) -> CompactTracker:
        """An empty tracker with the domain's slots."""
        if self._slots_of is not self.domain:
            self._slots = {slot.name: copy.copy(slot) for slot in self.domain.slots}
            for slot in self._slots.values():
                slot.reset()
            self._slots_of = self.domain
        return CompactTracker.begin(sender_id, self._slots)

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> CompactTracker:
        """A new conversation; it is written when its first turn is."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> CompactTracker | None:
        """The conversation as its last turn left it, or None where it is not kept."""
        exchange = running.get()
        if exchange is not None and exchange.conversation == sender_id:
            kept = exchange.read
        else:
            kept = self._conversations.read(sender_id)
        return self.rebuilt(sender_id, kept) if kept else None

    async def save(self, tracker: CompactTracker) -> None:
        """Keep the conversation; within a turn, when its lock is released."""
        await self.stream_events(tracker)
        value = dumps(tracker)
        exchange = running.get()
        if exchange is not None and exchange.conversation == tracker.sender_id:
            exchange.written = value
        else:
            self._conversations.write(tracker.sender_id, value)

    async def stream_events(self, tracker: CompactTracker) -> None:
        """Publish what the turn added, where an event broker is configured."""
        if self.event_broker is not None:
            added = list(itertools.islice(tracker.events, tracker.rebuilt_events, None))
            await self._stream_new_events(self.event_broker, added, tracker.sender_id)

    async def keys(self) -> Iterable[str]:
        """The names of all conversations."""
        return self._conversations.names()

    def rebuilt(self, sender_id: str, kept: bytes) -> CompactTracker | None:
        """A tracker from what was kept, or None where it can't be read. Raises KeptByLater.

        A form that the model does not know, for it was kept under another, is open no more.
        """
        found = loads(kept)
        if found is None:
            return None
        tracker = self.init_tracker(sender_id)
        try:
            tracker.rebuild(*found)
        except FAULTS as fault:
            logger.error(
                "a conversation cannot be rebuilt and begins anew: %s", type(fault).__name__
            )
            return None
        loop = tracker.active_loop_name
        if loop is not None and loop not in self.domain.form_names:
            tracker.update(ActiveLoop(None))
        return tracker
