"""Calls of the actions: kept-alive connections, a short tracker as JSON, answers quickly checked.

What an action gets of the conversation: the slots, the last message, the loop, the events since
that message, and of the session's earlier messages their intents.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import fastjsonschema
import orjson
import rasa
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.schemas.events import EVENT_SCHEMA
from rasa.utils.endpoints import EndpointConfig

from engine.connections import Connections
from engine.kept_rows import event_from
from engine.meters import ACTION_SECONDS
from engine.tracing import HEADER, span, traceparent
from engine.tracker import CompactTracker

_SECONDS = 60
_REJECTED = 400
Check = Callable[[Any], Any]


class ActionServer(EndpointConfig):
    """The action endpoint of endpoints.yml, over connections that are kept alive."""

    @classmethod
    def at(cls, endpoint: EndpointConfig) -> ActionServer:
        """The server that an endpoint names. Raises ValueError."""
        return cls(endpoint.url, headers={**endpoint.headers, "Content-Type": "application/json"})

    def __init__(self, *given: Any, **named: Any) -> None:
        """Hold the address; the first call connects."""
        super().__init__(*given, **named)
        self._connections = Connections(self.url, self.headers, _SECONDS)

    async def call(self, body: bytes) -> dict[str, Any]:
        """The answer to a call. Raises ActionExecutionRejection or RasaException."""
        trace = traceparent()
        own = f"{HEADER}: {trace}\r\n".encode() if trace else b""
        try:
            status, content = await self._connections.post(body, own)
        except (OSError, asyncio.TimeoutError) as fault:
            raise RasaException(f"the actions do not answer: {type(fault).__name__}") from fault
        if status == _REJECTED:
            said = orjson.loads(content)
            raise ActionExecutionRejection(said["action_name"], said.get("error"))
        if status != 200:
            raise RasaException(f"an action failed: {status}")
        found: dict[str, Any] = orjson.loads(content)
        return found

    async def close(self) -> None:
        """Close the connections that carry no call."""
        self._connections.close()


class QuickRemoteAction(RemoteAction):
    """Runs an action as the stock one does, except for what it is told of the conversation."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """One action of the domain."""
        super().__init__(*given, **named)
        self._seconds = ACTION_SECONDS.labels(self._name)

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """The action's utterances, then its events."""
        call = self._action_call_format(tracker, domain)
        began = time.perf_counter()
        with span("engine.call_action", "client", action=self._name):
            answer = await self.action_endpoint.call(orjson.dumps(call, option=_NUMBERS))
        self._seconds.observe(time.perf_counter() - began)
        self._validate_action_result(answer)
        said = await self._utter_responses(
            answer.get("responses", []), output_channel, nlg, tracker
        )
        return [*said, *(event_from(event) for event in answer.get("events", []))]

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        loop = tracker.active_loop
        return {
            "next_action": self._name,
            "sender_id": tracker.sender_id,
            "tracker": {
                "sender_id": tracker.sender_id,
                "slots": tracker.current_slot_values(),
                "latest_message": tracker._latest_message_data(),
                "latest_event_time": tracker.events[-1].timestamp if tracker.events else None,
                "followup_action": tracker.followup_action,
                "paused": tracker.is_paused(),
                "events": told_events(tracker),
                "latest_input_channel": tracker.get_latest_input_channel(),
                "active_loop": dict(loop.__dict__) if loop else {},
                "latest_action": tracker.latest_action,
                "latest_action_name": tracker.latest_action_name,
            },
            # Of the domain nothing: it is large, and none of the actions looks at it.
            "domain": {},
            "version": rasa.__version__,
        }

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        check_answer(result)
        return True


def told_events(tracker: CompactTracker) -> list[dict[str, Any]]:
    """What an action is told of the session: earlier intents, and all since the last message."""
    recent: list[Event] = []
    for event in reversed(tracker.events):
        recent.append(event)
        if type(event) in (UserUttered, SessionStarted):
            break
    if not recent:
        return []
    recent.reverse()
    intents = tracker.intents()
    first = recent[0]
    if type(first) is UserUttered and first.intent_name:
        intents.pop()
    told = [{"event": "user", "parse_data": {"intent": {"name": name}}} for name in intents]
    return [*told, *(event.as_dict() for event in recent)]


def check_answer(answer: Any) -> None:
    """Check an action's answer against Rasa's schema. Raises fastjsonschema's exception.

    Rasa's schema of an event lists every kind, and its name picks one: only that is looked at.
    """
    _CHECK_ANSWER(answer)
    for event in answer.get("events", ()):
        _CHECK_EVENT(event)
        check = _CHECKS.get(event["event"])
        if check is None:
            raise fastjsonschema.JsonSchemaValueException("no such kind of event")
        check(event)


def _compiled(schema: dict[str, Any]) -> Check:
    check: Check = fastjsonschema.compile({"$schema": _DRAFT, **schema})
    return check


_DRAFT = "http://json-schema.org/draft-07/schema#"
_NUMBERS = orjson.OPT_SERIALIZE_NUMPY
_CHECK_ANSWER = _compiled(
    {
        "type": "object",
        "properties": {
            "events": {"type": "array"},
            "responses": {"type": "array", "items": {"type": "object"}},
        },
    }
)
_CHECK_EVENT = _compiled({key: EVENT_SCHEMA[key] for key in ("type", "properties", "required")})
_CHECKS = {
    kind["properties"]["event"]["const"]: _compiled({"type": "object", **kind})
    for kind in EVENT_SCHEMA["oneOf"]
}
