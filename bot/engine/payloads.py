"""Messages that need no classifier: payloads, lone sealed values, and short numbers.

A payload is read by the same function that ends the stock graph. For the others the graph is run
once and what it said is said again: of a sealed value only its kind matters to it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.sealed_values import TOKEN

Parsed = dict[str, Any]
Parse = Callable[[UserMessage], Parsed]

_PAYLOAD = "/"
# Longer runs of digits are somebody's, and nothing of a citizen is remembered here.
_MOST_DIGITS = 3
_TOKEN_PARTS = ("value", "start", "end")


class QuickReader:
    """Reads what it can without the graph; `read` gives None for all else."""

    def __init__(self, domain: Domain, parse: Parse) -> None:
        """Read for a domain; `parse` runs the graph."""
        self._domain = domain
        self._parse = parse
        self._known: dict[str, Parsed] = {}

    def read(self, message: UserMessage) -> Parsed | None:
        """What the graph would say, or None where it must be asked."""
        text = message.text or ""
        if text.startswith(_PAYLOAD):
            return self._payload(message, text)
        if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
            return self._said_again(text, message)
        token = TOKEN.fullmatch(text)
        return self._token(token.group(1), message) if token else None

    def _payload(self, message: UserMessage, text: str) -> Parsed | None:
        given = Message(data={TEXT: text})
        read = YAMLStoryReader.unpack_regex_message(
            given, self._domain, entity_extractor_name=RegexMessageHandler.__name__
        )
        if read is given:
            return None
        return read.as_dict(only_output_properties=True)

    def _token(self, purpose: str, message: UserMessage) -> Parsed | None:
        said = self._said_again(f"[[{purpose}]]", message)
        values = {"value": message.text, "start": 0, "end": len(message.text or "")}
        if len(said[ENTITIES]) != 1 or not said[ENTITIES][0].keys() >= values.keys():
            return None
        said[ENTITIES][0].update(values)
        return said

    def _said_again(self, kind: str, message: UserMessage) -> Parsed:
        known = self._known.get(kind)
        if known is None:
            known = self._parse(message)
            if INTENT not in known:
                return known
            self._known[kind] = copy.deepcopy(known)
        return copy.deepcopy(known)
