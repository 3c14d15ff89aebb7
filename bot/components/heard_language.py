"""Answer in the language a citizen writes in, where none was chosen yet.

A policy that proposes no action. Before the first action after a message it fills the slot
`language` with what the message surely is written in (components/language_identifier.py), so that
the answer itself comes in that language and nobody is asked to choose first. A language that was
chosen is never changed here.
"""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from components.language_identifier import HEARD

LANGUAGE = "language"
# Who asks for a language is answered by the choice, not by the language they ask in.
_ASKS_FOR_LANGUAGE = "change_language"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class HeardLanguage(Policy):
    """Fills the empty slot `language` with the language that was heard."""

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules and stories alike: nothing is learnt from either."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The lowest priority: no action is ever proposed."""
        return {"priority": 1}

    def train(
        self,
        training_trackers: List[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Learn nothing."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HeardLanguage:
        """The policy; there is nothing to read."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Dict[Text, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """No action; the language as an event that holds whichever policy wins."""
        nothing = self._default_predictions(domain)
        return self._prediction(nothing, events=adopted(tracker))


def adopted(tracker: DialogueStateTracker) -> List[Event]:
    """The slot event of a language to adopt, in a list that is mostly empty."""
    if tracker.latest_action_name != ACTION_LISTEN_NAME or tracker.get_slot(LANGUAGE):
        return []
    heard = heard_in(tracker)
    asks = tracker.latest_message.intent.get("name") if tracker.latest_message else None
    if not heard or asks == _ASKS_FOR_LANGUAGE:
        return []
    return [SlotSet(LANGUAGE, heard["language"])]


def heard_in(tracker: DialogueStateTracker) -> Dict[Text, Text]:
    """What was surely heard in the last message, with `language` and `script`, or nothing."""
    message = tracker.latest_message
    return (message.parse_data.get(HEARD) or {}) if message else {}  # type: ignore[return-value]


def was_adopted(tracker: DialogueStateTracker) -> bool:
    """True where the language was set since the last message, and is the one heard in it."""
    heard = heard_in(tracker).get("language")
    if not heard:
        return False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, SlotSet) and event.key == LANGUAGE and event.value == heard:
            return True
    return False
