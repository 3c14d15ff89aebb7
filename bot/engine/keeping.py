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

from engine.checkpoint import Checkpoint, compacted, of_last_session
from engine.kept_rows import Row, read_event, read_row
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
# Less than what orjson writes.
_DEEPEST = 200
_MARKS = frozenset({METADATA_MODEL_ID, ASSISTANT_ID_KEY})
# What octets that are no conversation are found out by.
FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError)
FAULTS += (TypeError, ValueError)
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
    if kept[:1] in _LATER:
        raise KeptByLater(f"version {kept[0]}")
    try:
        if kept[:1] == VERSION:
            return _read(*_parsed(kept[STAMP_BYTES:]))
        if kept[:1] == _STOCK:
            events = _parsed(kept)["events"]
            return [read_event(event) for event in events], [], None, None
    except FAULTS as fault:
        logger.error("a conversation cannot be read and begins anew: %s", type(fault).__name__)
        return None
    logger.error("a conversation is kept in a way that no engine knows and begins anew")
    return None


def _parsed(text: bytes) -> Any:
    value = orjson.loads(text)
    if text.count(b"[") + text.count(b"{") > _DEEPEST:
        # It is written again with the next turn, which what is nested too deep cannot be.
        orjson.dumps(value)
    return value


def _read(intents: Any, channel: Any, apart: Any, rows: Any) -> Kept:
    are_texts = all(type(intent) is str for intent in intents)
    if type(intents) is not list or not are_texts or not isinstance(channel, (str, type(None))):
        raise ValueError("no intents, or no channel")
    last = read_row(apart) if apart else None
    if last is not None and not isinstance(last, UserUttered):
        raise ValueError("no message")
    return [read_row(row) for row in rows], intents, channel, last


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
