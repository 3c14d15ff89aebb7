"""What the engine made of each turn, for the transcripts: Rasa's own event broker, into Redis.

A turn is told whole once Rasa listens again: intent, confidence, the entities without sealed
values, the names of actions and slots. The door names the turn in the message's metadata; what has
no such name (a reminder, a test) is nobody's turn and is not told. Nothing of a person is in it. It
goes with the exchange that keeps the conversation, where that is made with the same Redis.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Any, Dict, List, Text

import orjson
import redis
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from engine.exchange import STREAM, TOLD, running
from engine.redis_place import open_store

logger = logging.getLogger(__name__)

_LISTENS = "action_listen"
_MOST_OPEN = 2000
_RANKED = 3
_CONFIDENCE = 4
_SECONDS = 0.5
# The edition of what is told, as core/editions.py has it: the first is a line break, which JSON
# passes over.
_EDITION = "\n"
# Entities whose values are codes of ours, never a citizen's.
_OPEN_VALUES = frozenset({"programme", "language", "script"})


class TurnBroker(EventBroker):
    """Gathers the events of a turn and writes them as one entry of a stream."""

    def __init__(self, store: redis.Redis, place: Text) -> None:
        """Keep the turns that are still open, by conversation."""
        self._store = store
        self._place = place
        self._open: OrderedDict[Text, Dict[Text, Any]] = OrderedDict()

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: Any | None = None
    ) -> TurnBroker:
        """The broker of endpoints.yml: `url` is the address of its Redis database."""
        place = str(broker_config.url)
        store = open_store(place, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
        return cls(store, place)

    def publish(self, event: Dict[Text, Any]) -> None:
        """Take one event; the last of a turn has it written."""
        sender, kind = event.get("sender_id", ""), event.get("event")
        if kind == "user":
            self._begin(sender, event)
            return
        turn = self._open.get(sender)
        if turn is None:
            return
        name = str(event.get("name") or "")
        if kind == "action" and name == _LISTENS:
            self._write(self._open.pop(sender))
        elif kind == "action":
            turn["actions"].append(name)
        elif kind == "slot":
            turn["slots"].append(name)
            if name == "programme" and isinstance(event.get("value"), str):
                turn["programme"] = event["value"]

    async def close(self) -> None:
        """Close the connection."""
        self._store.close()

    def _begin(self, sender: Text, event: Dict[Text, Any]) -> None:
        key = (event.get("metadata") or {}).get("turn")
        self._open.pop(sender, None)
        if not key:
            return
        parsed = event.get("parse_data") or {}
        intent = parsed.get("intent") or {}
        self._open[sender] = {
            "key": str(key),
            "intent": str(intent.get("name") or ""),
            "confidence": _rounded(intent.get("confidence")),
            "ranking": _ranking(parsed.get("intent_ranking") or []),
            "entities": _entities(parsed.get("entities") or []),
            "actions": [],
            "slots": [],
            "programme": "",
        }
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)

    def _write(self, turn: Dict[Text, Any]) -> None:
        told, exchange = _EDITION + orjson.dumps(turn).decode(), running.get()
        if exchange is not None and exchange.place == self._place:
            exchange.told = told
            return
        try:
            self._store.xadd(STREAM, {TOLD: told})
        except redis.RedisError as fault:
            # A transcript without its intent: no reason to keep a citizen waiting.
            logger.warning("turn_not_told fault=%s", type(fault).__name__)


def _ranking(ranking: List[Dict[Text, Any]]) -> List[List[Any]]:
    return [[one.get("name"), _rounded(one.get("confidence"))] for one in ranking[:_RANKED]]


def _entities(entities: List[Dict[Text, Any]]) -> List[List[Text]]:
    return [
        [str(one.get("entity")), str(one.get("value")) if one.get("entity") in _OPEN_VALUES else ""]
        for one in entities
    ]


def _rounded(confidence: Any) -> float | None:
    return None if confidence is None else round(float(confidence), _CONFIDENCE)
