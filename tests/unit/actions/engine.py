"""The engine's side of the webhook: a conversation as the engine keeps it."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any, Final

from rasa_sdk import Tracker

from actions.conversation import Conversation, conversation_of
from tests.builders import NUMBER
from tests.unit.actions.people import ON_USSD

if TYPE_CHECKING:
    from tests.unit.actions.world import World


class Engine:
    """A conversation as the engine keeps it: slots and events, nothing of a person in them.

    `said` are the response keys of the last action with their values, in order; `asked` is the
    slot the form asks for.
    """

    def __init__(
        self, world: World, kind: str = "ussd", number: str = NUMBER, session: str = ON_USSD
    ) -> None:
        self.world = world
        self.kind = kind
        self.conversation = f"{kind}-{world.pseudonyms.number(number)}"
        self.session = session if kind == "ussd" else ""
        self.slots: dict[str, Any] = dict.fromkeys(
            ("language", "service", "outcome", "identity", "consent", "idcs", "birth_date", "code")
        )
        self.slots["requested_slot"] = None
        self.active: str | None = None
        self.events: list[dict[str, Any]] = []
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.returned: list[dict[str, Any]] = []
        self._clock = itertools.count(1_795_424_400)

    @property
    def asked(self) -> str | None:
        """The slot the form asks for."""
        asked: str | None = self.slots["requested_slot"]
        return asked

    @property
    def keys(self) -> list[str]:
        """The response keys of the last action."""
        return [key for key, _ in self.said]

    @property
    def who(self) -> Conversation:
        """The conversation as the actions see it."""
        self.hear("inform")
        return conversation_of(Tracker.from_dict(self.call("")["tracker"]))

    def seal(self, value: str, purpose: str) -> str:
        """A value as the door seals it for this conversation."""
        return self.world.services.vault.put(value, purpose, self.conversation)

    def give(self, confidence: float = 1.0, **slots: Any) -> Engine:
        """A message fills slots of the form, and the form has them checked."""
        self.hear("inform", confidence)
        self.active = "identity_form"
        for name, value in slots.items():
            if name in ("idcs", "birth_date", "code") and isinstance(value, str):
                value = self.seal(value, name)
            self.set_slot(name, value)
        return self.run("validate_identity_form")

    def redial(self, session: str) -> None:
        """Another call opens, to go on where the one before it broke off."""
        self.session = session
        self.hear("open")
        self.latest["metadata"]["goes_on"] = True

    def hear(self, intent: str, confidence: float = 1.0, **entities: str) -> None:
        """A message was read."""
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        metadata = {"session": self.session} if self.session else {}
        self.latest: dict[str, Any] = {
            "text": f"/{intent}",
            "intent": {"name": intent, "confidence": confidence},
            "entities": found,
            "intent_ranking": [{"name": intent, "confidence": confidence}],
            "metadata": metadata,
            "message_id": "m",
        }
        self.add({"event": "user", "text": f"/{intent}", "parse_data": self.latest})

    def set_slot(self, name: str, value: Any) -> None:
        """A slot is filled by a mapping."""
        self.slots[name] = value
        self.add({"event": "slot", "name": name, "value": value})

    def add(self, event: dict[str, Any]) -> None:
        """An event of the tracker."""
        self.events.append({"timestamp": float(next(self._clock)), **event})

    def run(self, action: str) -> Engine:
        """Have an action run, and apply what it returned as the engine does."""
        result = asyncio.run(self.world.executor.run(self.call(action)))
        assert result is not None
        self.said = [
            (said["response"], {k: v for k, v in said.items() if k in _VALUES})
            for said in result.responses
        ]
        self.returned = result.events
        self.add({"event": "action", "name": action, "policy": "RulePolicy", "confidence": 1.0})
        for event in result.events:
            if event["event"] == "slot":
                self.set_slot(event["name"], event["value"])
            elif event["event"] == "active_loop":
                self.active = event["name"]
                self.add(event)
        return self

    def call(self, action: str) -> dict[str, Any]:
        """The webhook call that asks for an action."""
        return {
            "next_action": action,
            "sender_id": self.conversation,
            "tracker": {
                "sender_id": self.conversation,
                "slots": dict(self.slots),
                "latest_message": getattr(self, "latest", {}),
                "latest_event_time": 1_795_424_400.0,
                "followup_action": None,
                "paused": False,
                "events": list(self.events),
                "latest_input_channel": self.kind,
                "active_loop": {"name": self.active} if self.active else {},
                "latest_action": {"action_name": "action_listen"},
                "latest_action_name": "action_listen",
            },
            "domain": {"slots": {}, "forms": {}},
            "version": "3.6.21",
        }


_TEXTS: Final = (
    *("value", "date", "count", "programme", "threshold", "left", "minutes"),
    *("amount", "month", "place", "reference", "document", "answer", "programme_key"),
)
_VALUES: Final = (*_TEXTS, "offered", "expects", "said_in")
