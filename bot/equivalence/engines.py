"""The two engines that are compared: Rasa as it comes, and ours, with one model and one clock."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import (
    DialogueStateTracker,
    get_trackers_for_conversation_sessions,
)
from rasa.utils.endpoints import EndpointConfig

from components.catalog_nlg import CatalogNaturalLanguageGenerator
from engine.agent import QuickAgent
from engine.conversation_lock import ConversationLock
from engine.tracker_store import CompactTrackerStore
from equivalence.scripted_actions import ScriptedActions

_UNLIKE = frozenset({"timestamp", "message_id", "latest_event_time"})
# What our store leaves out: who trained the model, and the words of citizens.
_NOT_KEPT = frozenset({"model_id", "assistant_id"})
Outcome = dict[str, Any]


class Clock:
    """Both engines' time: it stands still unless it is moved."""

    def __init__(self) -> None:
        """Begin now."""
        self.now = time.time()

    def __call__(self) -> float:
        """The time, a little later each time it is asked, so that events keep their order."""
        self.now += 1e-6
        return self.now


class Recorder(EventBroker):
    """Keeps the events of the turn that runs, as an event broker gets them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.events: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        """Keep an event."""
        self.events.append(event)


class LastSession(InMemoryTrackerStore):
    """Rasa's store in memory, of the session that runs alone.

    Stock Rasa rebuilds a conversation of several sessions in another way than one of a single
    session, and then takes other messages for the last. This keeps to the latter.
    """

    @staticmethod
    def serialise_tracker(tracker: DialogueStateTracker) -> str:
        """The session that runs, as JSON."""
        session = get_trackers_for_conversation_sessions(tracker)[-1:] or [tracker]
        return InMemoryTrackerStore.serialise_tracker(session[0])


class Engine:
    """One of the two, driven turn by turn."""

    def __init__(self, agent: Agent, recorder: Recorder, actions: ScriptedActions) -> None:
        """Drive an agent."""
        self.agent = agent
        self._recorder = recorder
        self._actions = actions

    @classmethod
    def stock(cls, model: Path) -> Engine:
        """Rasa's own agent, processor, policies, tracker and stores."""
        recorder, actions = Recorder(), ScriptedActions(Domain.empty())
        agent = Agent(
            generator=CatalogNaturalLanguageGenerator(),
            tracker_store=LastSession(Domain.empty(), recorder),
            lock_store=InMemoryLockStore(),
            action_endpoint=actions,
        )
        return cls._loaded(agent, recorder, actions, model)

    @classmethod
    def ours(cls, model: Path, redis_port: int) -> Engine:
        """The engine as it is served, its conversations in a Redis on this machine."""
        recorder, actions = Recorder(), ScriptedActions(Domain.empty())
        url = f"redis://127.0.0.1:{redis_port}/0"
        agent = QuickAgent(
            generator=CatalogNaturalLanguageGenerator(),
            tracker_store=CompactTrackerStore(None, url, recorder, key_prefix="engine"),
            lock_store=ConversationLock(EndpointConfig(url=url, key_prefix="engine")),
            action_endpoint=actions,
        )
        return cls._loaded(agent, recorder, actions, model)

    @classmethod
    def _loaded(
        cls, agent: Agent, recorder: Recorder, actions: ScriptedActions, model: Path
    ) -> Engine:
        agent.load_model(model)
        actions.__init__(agent.domain)  # type: ignore[misc]
        return cls(agent, recorder, actions)

    @property
    def domain(self) -> Domain:
        """The model's domain."""
        found: Domain = self.agent.domain
        return found

    async def turn(self, name: str, message: dict[str, Any]) -> Outcome:
        """Handle a message; all that can be compared of it, and under `size` what is kept."""
        channel = CollectingOutputChannel()
        self._recorder.events = []
        self._actions.begin(name)
        failed = ""
        try:
            await self.agent.handle_message(UserMessage(output_channel=channel, **message))
        except Exception as fault:  # noqa: BLE001
            failed = f"{type(fault).__name__}: {fault}"
        tracker = await self.agent.tracker_store.retrieve(message["sender_id"])
        return {
            "replies": _alike(channel.messages),
            "events": [_alike(event) for event in self._recorder.events],
            "calls": [_alike(_told(call)) for call in self._actions.heard],
            "failed": failed,
            **(_state(tracker) if tracker else {}),
        }


def _state(tracker: DialogueStateTracker) -> Outcome:
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": (loop.name, loop.rejected, loop.is_interrupted) if loop else None,
        "action": tracker.latest_action_name,
        "followup": tracker.followup_action,
        "paused": tracker.is_paused(),
        "channel": tracker.get_latest_input_channel(),
        "intent": tracker.latest_message.intent_name if tracker.latest_message else None,
    }


def _told(call: dict[str, Any]) -> dict[str, Any]:
    """What an action is told, less what ours leaves out on purpose (engine/action_calls.py)."""
    tracker = dict(call["tracker"])
    events = tracker.pop("events")
    started = [i for i, event in enumerate(events) if event["event"] == "session_started"]
    events = events[started[-1] if started else 0 :]
    latest = max((i for i, event in enumerate(events) if event["event"] == "user"), default=0)
    loop = {k: v for k, v in tracker["active_loop"].items() if k != "trigger_message"}
    intents = [_intent(event) for event in events if event["event"] == "user" and _intent(event)]
    told = {"action": call["next_action"], "tracker": {**tracker, "active_loop": loop}}
    # Before the turn's own message nothing is told of earlier ones but their intents.
    if told["action"] != ACTION_SESSION_START_NAME:
        told |= {"events": events[latest:], "intents": intents[-4:]}
    return _without_words(told)


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {n: _without_words(part) for n, part in value.items() if n not in _NOT_KEPT}
        if not str(kept.get("text") or "").startswith("/"):
            kept.pop("text", None)
        return {name: part for name, part in kept.items() if part or name != "metadata"}
    return [_without_words(part) for part in value] if isinstance(value, list) else value


def _intent(event: dict[str, Any]) -> str | None:
    found: str | None = event["parse_data"]["intent"].get("name")
    return found


def _alike(value: Any) -> Any:
    """A value without what can't be the same in both: moments, and names drawn at random."""
    if isinstance(value, dict):
        return {name: _alike(part) for name, part in value.items() if name not in _UNLIKE}
    return [_alike(part) for part in value] if isinstance(value, (list, tuple)) else value
