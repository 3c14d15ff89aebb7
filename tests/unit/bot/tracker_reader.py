"""Reads conversations as the engine does and runs the parts of a turn that look at them.

It runs in the engine's Python. Each is given as four octets of length and its octets, and answered
by a line of JSON: what came of it, and whether anything was logged.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import traceback
from pathlib import Path
from typing import Any

from engine.starting import prepare

prepare()

import orjson  # noqa: E402
from engine.action_calls import QuickRemoteAction  # noqa: E402
from engine.keeping import KeptByLater, dumps  # noqa: E402
from engine.rules import MOST_STATES, LastStates  # noqa: E402
from engine.tracker import CompactTracker  # noqa: E402
from engine.tracker_store import CompactTrackerStore  # noqa: E402
from rasa.core.processor import MessageProcessor  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

NAME = "ussd-1"


class Noticed(logging.Handler):
    """Whether the engine logged a fault."""

    is_there = False

    def emit(self, record: logging.LogRecord) -> None:
        """Notice it."""
        self.is_there = True


class Engine:
    """The store over a domain, and of the processor what looks at a tracker before its policies."""

    def __init__(self, domain: Domain) -> None:
        self.store = CompactTrackerStore(domain, key_prefix="engine")
        self.domain = domain
        self.processor: Any = MessageProcessor.__new__(MessageProcessor)
        self.processor.domain, self.processor.max_number_of_predictions = domain, 10
        self.action: Any = QuickRemoteAction("action_home", EndpointConfig("http://127.0.0.1:9"))

    def read(self, octets: bytes) -> str:
        """What comes of the octets; raises where a turn would fail."""
        try:
            tracker = self.store.rebuilt(NAME, octets) if octets else None
        except KeptByLater:
            return "later"
        if tracker is None:
            self.run(asyncio.run(self.store.create_tracker(NAME)))
            return "anew"
        assert NAME == tracker.sender_id
        assert tracker.slots.keys() <= {slot.name for slot in self.domain.slots}
        self.run(tracker)
        again = self.store.rebuilt(NAME, dumps(tracker))
        assert again is not None
        assert tracker.current_slot_values() == again.current_slot_values()
        return "goes on"

    def run(self, tracker: CompactTracker) -> None:
        """The parts of a turn."""
        self.processor._has_session_expired(tracker)
        states = LastStates(tracker, self.domain, MOST_STATES)
        states.states(tracker)
        said = UserUttered("/home", {"name": "home", "confidence": 1.0}, [], input_channel="ussd")
        for event in (said, ActionExecuted("action_home"), SlotSet("language", "fr")):
            tracker.update(event, self.domain)
            if states.can_follow(tracker):
                states.states(tracker)
            call = self.action._action_call_format(tracker.copy(), self.domain)
            orjson.dumps(call, option=orjson.OPT_SERIALIZE_NUMPY)
        tracker.update(ActionExecuted("action_listen"), self.domain)
        self.processor.is_action_limit_reached(tracker, False)
        dumps(tracker)


def main() -> None:
    """Read until nothing more comes."""
    noticed = Noticed()
    logging.getLogger("engine").addHandler(noticed)
    logging.getLogger("engine").propagate = False
    logging.getLogger("rasa").setLevel(logging.CRITICAL)
    engine = Engine(Domain.load(str(Path(__file__).parents[3] / "bot" / "domain")))
    answer({"ready": True})
    while head := sys.stdin.buffer.read(4):
        octets = sys.stdin.buffer.read(int.from_bytes(head, "big"))
        noticed.is_there = False
        try:
            told = {"outcome": engine.read(octets)}
        except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
            told = {"outcome": "failed", "fault": traceback.format_exc()[-1500:]}
        answer({**told, "logged": noticed.is_there})


def answer(told: dict[str, Any]) -> None:
    """Write a line."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
