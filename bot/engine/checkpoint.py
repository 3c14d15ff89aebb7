"""What a conversation was before its last turns, as one event.

A tracker is its events. Stock Rasa keeps them all, so every turn costs more than the one before.
Here the events before the last turns give way to one that restores what they came to. Two turns are
kept, because a turn that fails takes its message back, and within a form the one before as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

if TYPE_CHECKING:
    from engine.tracker import CompactTracker


_KEPT_TURNS = 2


class Checkpoint(Event):
    """Restores slots, loop, last action and last message."""

    type_name = "checkpoint"

    def __init__(self, state: dict[str, Any], timestamp: float | None = None) -> None:
        """Hold a state, and in it the `loops` that were active so far."""
        super().__init__(timestamp)
        self.state = state

    def as_story_string(self) -> None:
        """Nothing: a checkpoint is no part of a story."""

    def as_dict(self) -> dict[str, Any]:
        """The event as it is kept."""
        return {**super().as_dict(), "state": self.state}

    @classmethod
    def _from_parameters(cls, parameters: dict[str, Any]) -> Checkpoint:
        return cls(parameters["state"], parameters.get("timestamp"))

    def __eq__(self, other: Any) -> bool:
        """Equal where the same state is restored."""
        return isinstance(other, Checkpoint) and self.state == other.state

    def apply_to(self, tracker: DialogueStateTracker) -> None:
        """Put the tracker into the state."""
        state = self.state
        for name, value in state["slots"].items():
            tracker._set_slot(name, value)
        loop = state["loop"]
        tracker.active_loop = TrackerActiveLoop(*loop, trigger_message=None) if loop else None
        tracker.latest_action = dict(state["action"])
        message = state["message"]
        if message:
            tracker.latest_message = UserUttered(**message)
        tracker.followup_action = state["followup"]
        tracker._paused = state["paused"]


def compacted(tracker: DialogueStateTracker) -> list[Event]:
    """Events that rebuild the tracker: a checkpoint and the last turns, or all of a short session.

    A turn begins with the listening that its message answered. Events that were taken back are left
    out, as they are whenever a tracker is rebuilt.
    """
    events = tracker.applied_events()
    begins = _last_turns(events)
    if begins <= 0:
        return squashed(events)
    before = tracker.init_copy()
    for event in events[:begins]:
        event.apply_to(before)
    state = {**state_of(before), "loops": sorted(loops_in(events[:begins]))}
    checkpoint = Checkpoint(state, events[begins - 1].timestamp)
    return [checkpoint, *squashed(events[begins:])]


def of_last_session(tracker: CompactTracker) -> CompactTracker:
    """The tracker, or where a session began in it, one with that session's events alone.

    Stock stores divide at the action that begins a session, whether or not it succeeded.
    """
    events = tracker.events
    for place in range(len(events) - 1, 0, -1):
        event = events[place]
        if type(event) is ActionExecuted and event.action_name == ACTION_SESSION_START_NAME:
            session = tracker.init_copy()
            session.rebuild(list(events)[place:], [], None, None)
            session.rebuilt_events = 0
            return session
    return tracker


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """The state of a tracker."""
    message, loop = tracker.latest_message, tracker.active_loop
    return {
        "slots": {
            name: slot.value
            for name, slot in tracker.slots.items()
            if slot.value != slot.initial_value
        },
        "loop": [loop.name, loop.is_interrupted, loop.rejected] if loop else None,
        "action": tracker.latest_action or {},
        "message": _understood(message) if message and not message.is_empty() else None,
        "followup": tracker.followup_action,
        "paused": tracker.is_paused(),
    }


def loops_in(events: Iterable[Event]) -> set[str]:
    """The names of all loops that were active since the session began."""
    found: set[str] = set()
    for event in events:
        if type(event) is Checkpoint:
            found.update(event.state["loops"])
        elif isinstance(event, ActiveLoop) and event.name:
            found.add(event.name)
    return found


def squashed(events: list[Event]) -> list[Event]:
    """The events without what leaves no trace: utterances, and slots that are set once more.

    Between two actions only the last value of a slot can be seen again.
    """
    kept: list[Event] = []
    later: set[str] = set()
    for event in reversed(events):
        kind = type(event)
        if kind is SlotSet:
            if event.key in later:
                continue
            later.add(event.key)
        elif kind is BotUttered:
            continue
        else:
            later.clear()
        kept.append(event)
    kept.reverse()
    return kept


def _last_turns(events: list[Event]) -> int:
    """Where the listening stands that the first message to keep answered; -1 if there is none."""
    messages, is_in_turn = 0, False
    for place in range(len(events) - 1, -1, -1):
        event = events[place]
        if type(event) is UserUttered:
            messages, is_in_turn = messages + 1, True
        elif is_in_turn and _is_listening(event):
            is_in_turn = False
            if messages == _KEPT_TURNS:
                return place
    return -1


def _is_listening(event: Event) -> bool:
    return type(event) is ActionExecuted and event.action_name == ACTION_LISTEN_NAME


def _understood(message: UserUttered) -> dict[str, Any]:
    """What rules may look at in an earlier message: its intent and kinds of entities."""
    kinds = ("entity", "role", "group")
    return {
        "intent": {"name": message.intent_name},
        "entities": [{k: e[k] for k in kinds if k in e} for e in message.entities],
        "use_text_for_featurization": message.use_text_for_featurization,
    }
