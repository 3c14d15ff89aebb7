"""Conversations as bytes in Redis.

    version (1 byte) · stamp (8 bytes, new with every writing) · JSON of
    [intents of the session, last channel, last message if it does not count, events]

The version lets engines of two releases run side by side: one that meets a later version leaves the
conversation as it is, and the door tells the same again until an engine of that release hears it.
The stamp lets a writer see that nobody wrote since it read. What citizens
wrote in free words is left out; the door has sealed what it recognises, and what was understood is
kept (intent, entities, slots).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

import orjson
from rasa.shared.constants import ASSISTANT_ID_KEY
from rasa.shared.core.events import (
    ActionExecuted,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.nlu.constants import METADATA_MODEL_ID
from rasa.shared.utils.common import all_subclasses

from engine.checkpoint import Checkpoint, compacted, of_last_session
from engine.tracker import CompactTracker

logger = logging.getLogger(__name__)

VERSION = b"\x01"
STAMP_BYTES = 9
# So many of the session's intents are remembered.
_INTENTS = 12
_STOCK = b"{"
# Later versions stand before all that is printed.
_LATER = frozenset(bytes((number,)) for number in range(2, 32))
_PAYLOAD = "/"
_MARKS = frozenset({METADATA_MODEL_ID, ASSISTANT_ID_KEY})
_KINDS: dict[str, type[Event]] = {}
Row = list[Any]
Kept = tuple[list[Event], list[str], str | None, UserUttered | None]


class KeptByLater(Exception):
    """A conversation is kept in a version that only a later release reads."""


def stamp_of(kept: bytes | None) -> bytes:
    """The version and stamp of a value, empty where there is none."""
    return (kept or b"")[:STAMP_BYTES]


def dumps(tracker: CompactTracker) -> bytes:
    """A conversation as a value to keep."""
    session = of_last_session(tracker)
    events, last = compacted(session), session.latest_message
    stands = any(last is event for event in events)
    apart = None if stands or last is None or last.is_empty() else _row(last)
    channel = session.get_latest_input_channel()
    value = [session.intents()[-_INTENTS:], channel, apart, [_row(event) for event in events]]
    return VERSION + os.urandom(STAMP_BYTES - 1) + orjson.dumps(value, option=_NUMBERS)


def loads(kept: bytes) -> Kept | None:
    """What `CompactTracker.rebuild` takes; None where it cannot be read at all.

    What stock Rasa wrote is read as well. Raises KeptByLater.
    """
    if kept[:1] == VERSION:
        intents, channel, apart, rows = orjson.loads(kept[STAMP_BYTES:])
        last = _READERS[apart[0]](apart) if apart else None
        return [_READERS[row[0]](row) for row in rows], intents, channel, last
    if kept[:1] == _STOCK:
        return [event_from(event) for event in orjson.loads(kept)["events"]], [], None, None
    if kept[:1] in _LATER:
        raise KeptByLater(f"version {kept[0]}")
    logger.warning("a conversation is kept in a way that no engine knows")
    return None


def event_from(parameters: dict[str, Any]) -> Event:
    """An event from its dictionary, as `Event.from_parameters` makes it.

    Raises ValueError where there is no such kind of event.
    """
    kind = parameters["event"]
    if not _KINDS:
        for known in all_subclasses(Event):
            _KINDS.setdefault(known.type_name, known)
    if kind not in _KINDS:
        raise ValueError(f"Unknown event name '{kind}'.")
    event = _KINDS[kind]._from_parameters(parameters)
    assert event is not None
    return event


_NUMBERS = orjson.OPT_SERIALIZE_NUMPY


def _row(event: Event) -> Row:
    kind = type(event)
    if kind is UserUttered:
        return ["x", _wordless(event.as_dict())]
    if not _MARKS.issuperset(event.metadata):
        return ["x", event.as_dict()]
    if kind is SlotSet:
        return ["s", event.timestamp, event.key, event.value]
    if kind is ActionExecuted and event.action_text is None:
        row = ["a", event.timestamp, event.action_name, event.policy, event.confidence]
        return [*row, event.hide_rule_turn]
    if kind is DefinePrevUserUtteredFeaturization:
        return ["f", event.timestamp, event.use_text_for_featurization]
    if kind is Checkpoint:
        return ["c", event.timestamp, event.state]
    return ["x", event.as_dict()]


def _wordless(event: dict[str, Any]) -> dict[str, Any]:
    metadata = {name: value for name, value in event["metadata"].items() if name not in _MARKS}
    event = {**event, "metadata": metadata}
    if (event["text"] or "").startswith(_PAYLOAD):
        return event
    return {**event, "text": "", "parse_data": {**event["parse_data"], "text": ""}}


_READERS: dict[str, Callable[[Row], Event]] = {
    "s": lambda row: SlotSet(row[2], row[3], row[1]),
    "a": lambda row: ActionExecuted(row[2], row[3], row[4], row[1], None, None, row[5]),
    "f": lambda row: DefinePrevUserUtteredFeaturization(row[2], row[1]),
    "c": lambda row: Checkpoint(row[2], row[1]),
    "x": lambda row: event_from(row[1]),
}
