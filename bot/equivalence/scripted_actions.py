"""Actions that answer at random, but the same to whoever asks the same.

They do what the real ones do (slots, questions, follow-ups, forms left, failures) and, now and
then, all else that Rasa lets an action do. Left out is where ours parts from stock Rasa on purpose
(docs/decisions/0025): the action that begins a session neither fails nor speaks, and one answer
in a dialogue, at most, takes turns back.
"""

from __future__ import annotations

import random
import re
from typing import Any

import orjson
from rasa.core.actions.action import ActionExecutionRejection
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

Event = dict[str, Any]
# Below it an action fails in one way or another.
_FINE = 0.05
_MOST_TAKEN_BACK = 1
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_VALUES: tuple[Any, ...] = ("fr", "ar", "asd", "x", True, False, None, None, 3, ["a", "b"])
_RARE = (
    *([{"event": "rewind"}], [{"event": "undo"}], [{"event": "restart"}], [{"event": "pause"}]),
    *([{"event": "resume"}], [{"event": "reset_slots"}]),
    [{"event": "session_started"}, {"event": "action", "name": "action_listen"}],
    [{"event": "bot", "text": "said", "data": {}, "metadata": {}}],
    [{"event": "action_execution_rejected", "name": "identity_form"}],
    [{"event": "slot", "name": "no_such_slot", "value": 1}],
)
_MALFORMED: tuple[Any, ...] = (
    *({"events": [{"event": "slot", "name": "language"}]}, {"events": [{"name": "language"}]}),
    *({"events": "none"}, {"responses": ["text"]}, {"events": [{"event": "slot", "name": 5}]}),
    *({"events": [{"event": "no_such_kind"}]}, {"events": [{"event": "action", "name": 7}]}),
    *({}, {"events": [{"event": "user", "text": 5}]}, {"events": [{"event": 5}]}),
)


class ScriptedActions(EndpointConfig):
    """An action endpoint that both engines call; `heard` is what it was told in the last turn."""

    def __init__(self, domain: Domain) -> None:
        """Answer for a domain's actions."""
        super().__init__(url="scripted")
        self._domain = domain
        self._slots = sorted(slot.name for slot in domain.slots)
        self._forms = sorted(domain.form_names)
        self._keys = sorted(domain.responses)
        self.heard: list[dict[str, Any]] = []
        self._turn = self._dialogue = ""
        self._taken_back = 0

    def begin(self, turn: str) -> None:
        """A turn begins; its name decides what is answered."""
        dialogue = turn.split()[0]
        if dialogue != self._dialogue:
            self._dialogue, self._taken_back = dialogue, 0
        self._turn = turn
        self.heard = []

    async def request(self, *given: Any, **named: Any) -> Any:
        """What stock Rasa calls."""
        call = orjson.loads(orjson.dumps(named["json"]))
        try:
            return self._answer(call)
        except ActionExecutionRejection as rejected:
            said = {"action_name": rejected.action_name, "error": rejected.message}
            raise ClientResponseError(400, "rejected", orjson.dumps(said).decode()) from None

    async def call(self, body: bytes) -> Any:
        """What our engine calls."""
        return self._answer(orjson.loads(body))

    def _answer(self, call: dict[str, Any]) -> Any:
        dice = random.Random(f"{self._turn} {len(self.heard)} {call['next_action']}")
        self.heard.append(call)
        fate = dice.random()
        begins = call["next_action"] == "action_session_start"
        if begins:
            fate = max(fate, _FINE)
        if fate < 0.01:
            raise RasaException("the action failed")
        if fate < 0.03:
            raise ActionExecutionRejection(call["next_action"])
        if fate < _FINE:
            return dice.choice(_MALFORMED)
        events = self._events(call, dice)
        if fate > 0.96:
            events += self._rare(dice, begins)
        # Nothing is said before the message that begins a session is read.
        return {"events": events, "responses": [] if begins else self._responses(dice)}

    def _rare(self, dice: random.Random, begins: bool) -> list[Event]:
        events = dice.choice(_RARE)
        kinds = [event["event"] for event in events]
        if "rewind" in kinds:
            self._taken_back += 1
            return events if self._taken_back <= _MOST_TAKEN_BACK else []
        return [] if begins and "bot" in kinds else events

    def _events(self, call: dict[str, Any], dice: random.Random) -> list[Event]:
        name = call["next_action"]
        if name.startswith("validate_"):
            return self._validated(call, name[len("validate_") :], dice)
        events = [self._slot(dice) for _ in range(dice.choice((0, 0, 1, 2, 5)))]
        if name == "action_session_start":
            listen = {"event": "action", "name": "action_listen"}
            return [{"event": "session_started"}, *events, *([listen] * dice.choice((1, 1, 1, 0)))]
        if name == "action_end_identity":
            outcome = dice.choice(("verified", "agreed", "refused", "failed", "unavailable"))
            events.append({"event": "slot", "name": "identity", "value": outcome})
        kind = dice.random()
        if kind < 0.12:
            events.append({"event": "active_loop", "name": None})
        elif kind < 0.14:
            events.append({"event": "active_loop", "name": dice.choice(self._forms)})
        if dice.random() < 0.12:
            after = dice.choice(self._domain.action_names_or_texts)
            events.append({"event": "followup", "name": after})
        return events

    def _validated(self, call: dict[str, Any], form: str, dice: random.Random) -> list[Event]:
        events = []
        for event in reversed(call["tracker"]["events"]):
            if event["event"] != "slot":
                break
            value = event["value"] if dice.random() < 0.7 else None
            events.append({"event": "slot", "name": event["name"], "value": value})
        kind = dice.random()
        if kind < 0.6:
            slots = self._domain.required_slots_for_form(form)
            asked = dice.choice([*slots, *slots, None]) if slots else None
            events.append({"event": "slot", "name": "requested_slot", "value": asked})
        elif kind < 0.7:
            events = []
        return events

    def _slot(self, dice: random.Random) -> Event:
        name = dice.choice(self._slots)
        return {"event": "slot", "name": name, "value": dice.choice(_VALUES), "timestamp": None}

    def _responses(self, dice: random.Random) -> list[dict[str, Any]]:
        return [self._response(dice) for _ in range(dice.choice((0, 1, 1, 2)))]

    def _response(self, dice: random.Random) -> dict[str, Any]:
        empty: dict[str, Any] = {"text": None, "buttons": [], "elements": [], "custom": {}}
        if dice.random() < 0.05:
            return {**empty, "text": "plain\n\nwords", "image": "http://127.0.0.1/i.png"}
        key = dice.choice(self._keys)
        said = {**empty, "response": key, "template": key, "image": None, "attachment": None}
        if dice.random() < 0.95:
            said |= {name: f"<{name}>" for name in _PLACEHOLDER.findall(self._source(key))}
        if dice.random() < 0.2:
            said["buttons"] = [{"title": "a button", "payload": "/help"}]
        if dice.random() < 0.1:
            said["choices"] = [{"title": "a choice", "payload": "/affirm"}]
        if dice.random() < 0.1:
            said |= {"offered": ["/home"], "expects": "number"}
        return said

    def _source(self, key: str) -> str:
        return orjson.dumps(self._domain.responses[key]).decode()
