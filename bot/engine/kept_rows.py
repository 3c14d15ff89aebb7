"""Events as they are kept, and looked at as they are read: what is none raises ValueError.

Nothing that Redis holds may make a conversation fail at each of its turns, so what would only fail
later, as it is applied, told to an action or written again, is refused here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.utils.common import all_subclasses

from engine.checkpoint import Checkpoint

Row = list[Any]
_KINDS: dict[str, type[Event]] = {}
_NUMBER = (int, float)
_OF_A_MESSAGE = {"intent", "entities", "use_text_for_featurization"}
_TEXTS = ("name", "policy", "text", "action_text", "input_channel", "message_id", "model_id")


def read_row(row: Row) -> Event:
    """The event of a row. Raises ValueError, TypeError, KeyError or IndexError where it is none."""
    return _READERS[row[0]](row)


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


def _slot(row: Row) -> Event:
    _, at, name, value = row
    return SlotSet(_text(name), value, _number(at))


def _action(row: Row) -> Event:
    _, at, name, policy, confidence, hides = row
    known = (_number(at), None, None, bool(hides))
    return ActionExecuted(_text(name), _maybe_text(policy), _maybe_number(confidence), *known)


def _featurization(row: Row) -> Event:
    _, at, uses_text = row
    return DefinePrevUserUtteredFeaturization(bool(uses_text), _number(at))


def _checkpoint(row: Row) -> Event:
    _, at, state = row
    loop, message = state["loop"], state["message"]
    fine = all(type(name) is str for name in state["slots"])
    fine = fine and all(type(name) is str for name in state["loops"])
    if loop is not None:
        name, is_interrupted, is_rejected = loop
        fine = fine and type(name) is str and {type(is_interrupted), type(is_rejected)} == {bool}
    if message is not None:
        _understood(message)
        fine = fine and message.keys() <= _OF_A_MESSAGE
    _mapping(state["action"])
    _maybe_text(state["followup"])
    if not fine or type(state["paused"]) is not bool:
        raise ValueError("no state of a conversation")
    return Checkpoint(state, _number(at))


def read_event(given: Any) -> Event:
    """An event from its dictionary, whose values are of the kinds that events have."""
    _text(given["event"])
    _maybe_number(given.get("timestamp"))
    _maybe_number(given.get("confidence"))
    for name in _TEXTS:
        _maybe_text(given.get(name))
    if given.get("metadata") is not None:
        _mapping(given["metadata"])
    if given["event"] == UserUttered.type_name:
        _understood(_mapping(given["parse_data"]))
    elif given["event"] == SlotSet.type_name:
        _text(given["name"])
    elif given["event"] == Checkpoint.type_name:
        return _checkpoint(["c", given["timestamp"], given["state"]])
    return event_from(given)


def _understood(parsed: dict[str, Any]) -> None:
    intent = parsed.get("intent")
    if intent is not None:
        _maybe_text(_mapping(intent).get("name"))
        _maybe_number(intent.get("confidence"))
    for entity in parsed.get("entities") or ():
        for name in ("role", "group"):
            _maybe_text(_mapping(entity).get(name))
        _text(entity["entity"])
    if type(parsed.get("entities", [])) is not list:
        raise ValueError("no entities")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise ValueError("no text")
    return value


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> float:
    if type(value) not in _NUMBER:
        raise ValueError("no number")
    found: float = value
    return found


def _maybe_number(value: Any) -> float | None:
    return None if value is None else _number(value)


def _mapping(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise ValueError("no mapping")
    return value


_READERS: dict[str, Callable[[Row], Event]] = {
    "s": _slot,
    "a": _action,
    "f": _featurization,
    "c": _checkpoint,
    "x": lambda row: read_event(row[1]),
}
