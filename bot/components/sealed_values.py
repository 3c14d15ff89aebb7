"""Sealed values in a message: vault tokens become entities and leave the text that is classified.

The door replaces what a citizen gave with tokens like `[[idcs:…:42]]` (core/vault.py has the
format). Their random letters would only disturb the classifier, and a message of nothing but tokens
has no words to classify at all: it informs.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

TOKEN = re.compile(r"\[\[([a-z_]+):([A-Za-z0-9_-]{22}):([^\]\s:]{0,2})\]\]")
INFORM = "inform"
# Who gives nothing but a reference asks what became of it.
FOLLOW = "track_application"
_WORDS_LEFT = "words_beside_sealed_values"
_PAYLOAD = "/"
# So few words beside a reference say nothing else than the reference does.
_FEW = 2


class _SealedValueComponent(GraphComponent):
    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            self.process_one(message)
        return messages

    def process_one(self, message: Message) -> None:
        raise NotImplementedError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SealedValueExtractor(_SealedValueComponent):
    """Makes an entity of each vault token, named by its purpose, and takes it out of the text."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Extract the tokens of every message."""
        return super().process(messages)

    def process_one(self, message: Message) -> None:
        """Extract the tokens of one message."""
        text = message.get(TEXT) or ""
        found = list(TOKEN.finditer(text))
        # A payload is read by Rasa itself, tokens and all.
        if not found or text.startswith(_PAYLOAD):
            return
        entities = [
            {
                ENTITY_ATTRIBUTE_TYPE: token.group(1),
                ENTITY_ATTRIBUTE_VALUE: token.group(),
                "start": token.start(),
                "end": token.end(),
                "extractor": "SealedValueExtractor",
            }
            for token in found
        ]
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        words = TOKEN.sub(" ", text).strip()
        message.set(_WORDS_LEFT, len(re.findall(r"\w+", words)))
        message.set(TEXT, words or "…", add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SealedValueIntent(_SealedValueComponent):
    """Gives a message of nothing but sealed values the intent `inform`, whatever was guessed."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent of every message that only informs."""
        return super().process(messages)

    def process_one(self, message: Message) -> None:
        """Set the intent of one message."""
        words = message.get(_WORDS_LEFT)
        if words is None:
            return
        given = {entity[ENTITY_ATTRIBUTE_TYPE] for entity in message.get(ENTITIES, [])}
        is_reference = given == {"reference"}
        if words == 0 or (is_reference and words <= _FEW):
            name = FOLLOW if is_reference else INFORM
            intent = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 1.0}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
