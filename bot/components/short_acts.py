"""One-word acts, known exactly: yes, no, back, stop, thanks, in all their spoken forms.

A model guesses badly at single words; people answer with them all the time. A message that is, once
folded, just what the training messages of a short act say is that act, with certainty, and the
classifier after this component leaves it alone.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.folding_tokenizer import FoldingTokenizer

_FILE = "short_acts.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ShortActs(IntentClassifier, GraphComponent):
    """Recognises a whole message as a short act."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Settings: which intents are short acts, and how many words a message may have."""
        acts = ["greet", "affirm", "deny", "cancel", "back", "thank", "goodbye", "help"]
        return {"intents": acts, "most_words": 3}

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        acts: Dict[Text, Text] | None = None,
    ) -> None:
        """Hold the acts by folded message."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._acts = acts or {}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShortActs:
        """An untrained lexicon."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ShortActs:
        """The lexicon as it was trained."""
        with model_storage.read_from(resource) as folder:
            acts = json.loads((folder / _FILE).read_text("utf-8"))
        return cls(config, model_storage, resource, acts)

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the short messages of each act; what stands under two acts is kept for none."""
        found: Dict[str, str] = {}
        for message in training_data.intent_examples:
            said, intent = _said(message), message.get(INTENT)
            if said and len(said.split()) <= self._config["most_words"]:
                found[said] = intent if found.get(said, intent) == intent else ""
        acts = {s: i for s, i in found.items() if i in self._config["intents"]}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(acts, ensure_ascii=False), "utf-8")
        self._acts = acts
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the intent of every message that is a short act."""
        for message in messages:
            intent = self._acts.get(_said(message))
            if intent:
                certain = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
                message.set(INTENT, certain, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [certain], add_to_output=True)
        return messages

    @classmethod
    def required_components(cls) -> List[type]:
        """The tokenizer whose folded words are compared."""
        return [FoldingTokenizer]


def _said(message: Message) -> str:
    return " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT]) or [])
