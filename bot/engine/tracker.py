"""A tracker whose copies copy its state, where the stock one replays every event.

A slot is replaced when it is set and never changed in place, so trackers may share slots.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.constants import ASSISTANT_ID_KEY
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import AnySlotDict, DialogueStateTracker
from rasa.shared.nlu.constants import METADATA_MODEL_ID

from engine.checkpoint import Checkpoint, loops_in

# What is simply added to the events that count.
_PLAIN = frozenset(
    {BotUttered, DefinePrevUserUtteredFeaturization, LoopInterrupted, SlotSet, UserUttered}
)


class CompactTracker(DialogueStateTracker):
    """A tracker that is cheap to copy and keeps its applied events up to date.

    Of messages whose events are no longer held it knows the intents and the last channel.
    """

    @classmethod
    def begin(cls, sender_id: str, slots: Mapping[str, Slot]) -> CompactTracker:
        """An empty tracker with these slots, all of them at their initial values."""
        tracker = cls(sender_id, ())
        tracker._initial = slots
        tracker.slots = dict(slots)
        return tracker

    def __init__(
        self, sender_id: str, slots: Iterable[Slot] | None = None, *given: Any, **named: Any
    ) -> None:
        """Make a tracker like the stock one; `begin` is quicker."""
        self._initial: Mapping[str, Slot] = {
            slot.name: copy.copy(slot) for slot in (() if slots is None else slots)
        }
        for slot in self._initial.values():
            slot.reset()
        # How many of the events stood in the store, and what the rule policy has seen of them.
        self.rebuilt_events = 0
        self.followed: Any = None
        self._intents: list[str] = []
        self._channel: str | None = None
        self._last_message: UserUttered | None = None
        self._forget_applied()
        super().__init__(sender_id, None, *given, **named)
        if slots is None:
            self.slots = AnySlotDict()

    def copy(self) -> CompactTracker:
        """A tracker in the same state with the same events."""
        twin = self._twin()
        twin.slots = self.slots.copy()
        twin.events = self.events.copy()
        twin._applied = self._applied.copy()
        twin.followup_action = self._followup()
        # As the events have it, too: between two turns it may be one that does not count.
        if self._last_message is not None:
            twin.latest_message = self._last_message
        if self.active_loop is not None:
            twin.active_loop = copy.copy(self.active_loop)
        return twin

    def init_copy(self) -> CompactTracker:
        """A tracker without events, with the same slots at their initial values."""
        twin = self._twin()
        twin.events = self._create_events([])
        twin._forget_applied()
        twin._reset()
        return twin

    def update(self, event: Event, domain: Any = None) -> None:
        """Add an event, marked with the model as stock Rasa marks it, and apply it."""
        marks = event.metadata
        if self.model_id and METADATA_MODEL_ID not in marks:
            marks = {**marks, METADATA_MODEL_ID: self.model_id}
        if self.assistant_id and ASSISTANT_ID_KEY not in marks:
            marks = {**marks, ASSISTANT_ID_KEY: self.assistant_id}
        event.metadata = marks
        if type(event) is UserUttered:
            self._last_message = None
        self.events.append(event)
        event.apply_to(self)

    def rebuild(
        self,
        events: Iterable[Event],
        intents: list[str],
        channel: str | None,
        last_message: UserUttered | None,
    ) -> None:
        """Take up a conversation where it was left.

        `last_message` is the last one where it does not count: a form took it, and it was filled.
        """
        self.events.extend(events)
        self.replay_events()
        self.rebuilt_events = len(self.events)
        self._intents, self._channel = intents, channel
        self._last_message = last_message

    def get_latest_input_channel(self) -> str | None:
        """The channel of the last message."""
        return super().get_latest_input_channel() or self._channel

    def intents(self) -> list[str]:
        """The intents of the session's messages, the last ones at least."""
        found = self._intents.copy()
        for event in itertools.islice(self.events, self.rebuilt_events, None):
            if type(event) is SessionStarted:
                found.clear()
            elif type(event) is UserUttered and event.intent_name:
                found.append(event.intent_name)
        return found

    def applied_events(self) -> list[Event]:
        """The events that count, as the stock tracker finds them; only new ones are looked at."""
        self._look_at_new()
        return self._applied.copy()

    @property
    def taken_back(self) -> int:
        """How often events that counted ceased to; more of them leave the number as it is."""
        self._look_at_new()
        return self._taken_back

    def _look_at_new(self) -> None:
        events = self.events
        if self._seen == len(events):
            return
        for place in range(self._seen, len(events)):
            event = events[place]
            if type(event) in _PLAIN:
                self._applied.append(event)
            elif type(event) is not ActionExecuted and not loops_in([event]) <= self._loops:
                # Whether an execution counts depends on what is a loop, at any time.
                self._loops = loops_in(events)
                self._applied.clear()
                self._taken_back += 1
                for earlier in events:
                    self._look_at(earlier)
                break
            else:
                self._look_at(event)
        self._seen = len(events)

    def _look_at(self, event: Event) -> None:
        applied = self._applied
        if type(event) is ActionExecuted:
            name = event.action_name
            if name not in self._loops or self._first_loop_execution_or_unhappy_path(name, applied):
                applied.append(event)
                return
            self._undo_till_previous_loop_execution(name, applied)
        elif isinstance(event, (Restarted, SessionStarted)):
            applied.clear()
        elif isinstance(event, ActionReverted):
            self._take_back(ActionExecuted)
        elif isinstance(event, UserUtteranceReverted):
            self._take_back(UserUttered)
            self._take_back(ActionExecuted)
        else:
            applied.append(event)
            return
        self._taken_back += 1

    def _take_back(self, kind: type[Event]) -> None:
        # All up to the last event of a kind, but never what a checkpoint restores.
        applied = self._applied
        while applied and not isinstance(applied[-1], Checkpoint):
            if isinstance(applied.pop(), kind):
                break

    def _forget_applied(self) -> None:
        self._applied: list[Event] = []
        self._loops: set[str] = set()
        self._seen = 0
        self._taken_back = 0

    def _followup(self) -> str | None:
        # As the events have it: one that the processor has taken up is seen again in a copy.
        for event in reversed(self.events):
            kind = type(event)
            if kind is SlotSet:
                continue
            if kind is FollowupAction:
                return event.action_name
            if kind is Restarted:
                return ACTION_SESSION_START_NAME
            if kind is ActionExecuted or kind is UserUttered:
                return None
            if kind in (ActionReverted, SessionStarted, UserUtteranceReverted):
                break
        return self.followup_action

    def _twin(self) -> CompactTracker:
        twin = self.__class__.__new__(self.__class__)
        twin.__dict__.update(self.__dict__)
        twin.followed = None
        # The stock tracker's copies do not mark events with the model either.
        twin.model_id = twin.assistant_id = None
        return twin

    def _reset_slots(self) -> None:
        self.slots = dict(self._initial)

    def _set_slot(self, key: str, value: Any) -> None:
        slot = self.slots.get(key)
        if slot is None:
            super()._set_slot(key, value)
            return
        changed = slot.__class__.__new__(slot.__class__)
        changed.__dict__.update(slot.__dict__)
        changed.value = value
        self.slots[key] = changed
