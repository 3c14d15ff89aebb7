"""Where conversations are kept: Rasa's own Redis store, without the words citizens wrote.

The door has sealed every identifier it can recognise. A name or an address in a free sentence it
cannot: so what was understood is kept (intent, entities, slots), and the sentence is not.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List

from rasa.core.tracker_store import RedisTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

_PAYLOAD = "/"
_OPENS = "action_session_start"


class WordlessRedisTrackerStore(RedisTrackerStore):
    """Keeps trackers as stock Rasa does, the free text of citizens' messages left out."""

    @staticmethod
    def serialise_tracker(tracker: DialogueStateTracker) -> str:
        """The tracker as JSON, with an empty text in place of what a citizen wrote."""
        dialogue: Dict[str, Any] = tracker.as_dialogue().as_dict()
        dialogue["events"] = _since_the_session_began(dialogue["events"])
        for event in dialogue["events"]:
            if event["event"] == "user" and not (event["text"] or "").startswith(_PAYLOAD):
                event["text"] = ""
                event["parse_data"] = {**event["parse_data"], "text": ""}
        return json.dumps(dialogue)


def _since_the_session_began(events: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    for start in range(len(events) - 1, -1, -1):
        if events[start]["event"] == "session_started":
            opens = start and events[start - 1].get("name") == _OPENS
            return events[start - 1 if opens else start :]
    return events
