"""References of applications: letters, then groups with digits, however they are typed.

`asd 7k3m 92q1` and `ASD-7K3M-92Q1` are one: the value is in capitals, joined by hyphens. Ours begin
with a programme; foreign ones (0 and 1 included) are known by a hyphen after their letters. What
stands in a reference names no programme.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Dict, List, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.folding import fold, is_sign

_GROUP = r"(?=[a-z0-9]*\d)[a-z0-9]{3,8}"
_REFERENCE = re.compile(
    rf"(?<![a-z0-9])(?:(?:asd|rsu|rnp|amo|tay|daam|rec|tayssir)[\s\-_/.]*|[a-z]{{2,5}}[\-_/])"
    rf"{_GROUP}(?:[\s\-_/.]+{_GROUP}){{0,2}}(?![a-z0-9])",
    re.IGNORECASE,
)
_LEAST_DIGITS = 3
# A flood of text is not searched to its end.
_MOST_LETTERS = 2000


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ReferenceEntities(EntityExtractorMixin, GraphComponent):
    """Finds the references in a message, and takes back programmes found inside them."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ReferenceEntities:
        """The extractor; it has nothing to learn."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the references of every message to its entities."""
        for message in messages:
            found = references_of(message.get(TEXT) or "")
            if not found:
                continue
            spans = [(entity["start"], entity["end"]) for entity in found]
            others = [
                entity
                for entity in message.get(ENTITIES, [])
                if not any(s <= entity["start"] < e for s, e in spans)
            ]
            message.set(ENTITIES, others + self.add_extractor_name(found), add_to_output=True)
        return messages


def references_of(text: str) -> List[Dict[Text, Any]]:
    """The references in a text, as entities."""
    plain, places = _plain(text[:_MOST_LETTERS])
    found = []
    for match in _REFERENCE.finditer(plain):
        value = "-".join(re.findall("[A-Z0-9]+", match.group().upper()))
        if sum(c.isdigit() for c in value) >= _LEAST_DIGITS:
            found.append(
                {
                    "entity": "reference",
                    "value": value,
                    "start": places[match.start()],
                    "end": places[match.end() - 1] + 1,
                }
            )
    return found


def _plain(text: str) -> Tuple[str, List[int]]:
    # Digits of any script, letters that only look Latin, and no unseen signs; where each stood.
    if text.isascii():
        return text, list(range(len(text)))
    letters = [(found, place) for place, typed in enumerate(text) for found in _letter(typed)]
    return "".join(letter for letter, _ in letters), [place for _, place in letters]


@lru_cache(maxsize=4096)
def _letter(typed: str) -> str:
    if typed.isascii():
        return typed
    return "" if is_sign(typed) else fold(typed) or typed
