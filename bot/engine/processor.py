"""Rasa's message processor, with quick actions, a linear graph, and no work for unread logs."""

from __future__ import annotations

import itertools
import tarfile
from pathlib import Path
from typing import Any

import rasa.core.actions.action as stock
from rasa.core.actions.action import Action, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached, ModelNotFound
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS
from rasa.shared.core.events import ActionExecutionRejected, Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from engine.action_calls import QuickRemoteAction
from engine.forms import QuickFormAction
from engine.graph_runner import LinearGraphRunner
from engine.meters import CHOICE, FALLBACK, FELL_BACK, WORDS
from engine.payloads import QuickReader
from engine.slots import QuickExtractSlots


class SessionNotBegun(RuntimeError):
    """What a number is known by could not be read as its session began."""


class QuickProcessor(MessageProcessor):
    """Handles a message step by step as the stock processor does."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Load the model."""
        super().__init__(*given, **named)
        self._actions: dict[str, Action] = {}
        self._intents = frozenset(self.domain.intents)
        self._entities = frozenset(self.domain.entities)
        self._reader = QuickReader(self.domain, self._parse_with_graph)

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        path = Path(model_path)
        if not path.is_file():
            raise ModelNotFound(f"No model found at path '{path}'.")
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            try:
                metadata, runner = loader.load_predict_graph_runner(
                    Path(folder), path, LocalModelStorage, LinearGraphRunner
                )
            except tarfile.ReadError as fault:
                raise ModelNotFound(f"Model {path} can not be loaded.") from fault
        return path.name, metadata, runner

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """What a message means; the graph is run where words have to be understood."""
        read = self._reader.read(message) if only_output_properties else None
        if read is None:
            parsed = await super().parse_message(message, tracker, only_output_properties)
            is_lost = parsed[INTENT].get(INTENT_NAME_KEY) == FALLBACK
            (FELL_BACK if is_lost else WORDS).inc()
            return parsed
        CHOICE.inc()
        self._check_for_unseen_features(read)
        return read

    async def _update_tracker_session(
        self,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Begin a session where one is due. Raises SessionNotBegun, and the turn is not kept.

        Stock Rasa goes on, and would ask somebody anew for the language and the consent they gave.
        """
        before = len(tracker.events)
        await super()._update_tracker_session(tracker, output_channel, metadata)
        added = list(itertools.islice(tracker.events, before, None))
        if added and not any(isinstance(event, SessionStarted) for event in added):
            raise SessionNotBegun("the action that begins a session failed")

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill the slots that the last message fills."""
        extract = self._get_action(ACTION_EXTRACT_SLOTS)
        events = await extract.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker

    async def run_anonymization_pipeline(self, tracker: DialogueStateTracker) -> None:
        """Nothing: the hook belongs to plugins of Rasa Pro."""

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """The next action. Raises ActionLimitReached after too many of them."""
        is_more = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, is_more):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        name = self.domain.action_names_or_texts[prediction.max_confidence_index]
        return self._get_action(name), prediction

    def _get_action(self, action_name: str) -> Action:
        action = self._actions.get(action_name)
        if action is None:
            action = self._actions[action_name] = self._quick(
                stock.action_for_name_or_text(action_name, self.domain, self.action_endpoint)
            )
        return action

    def _quick(self, action: Action) -> Action:
        """The quick kind of an action that stock Rasa found."""
        if type(action) is RemoteAction:
            return QuickRemoteAction(action.name(), self.action_endpoint)
        if type(action) is FormAction:
            return QuickFormAction(action.name(), self.action_endpoint, self._get_action)
        if action.name() == ACTION_EXTRACT_SLOTS:
            forms = {name: self._get_action(name) for name in self.domain.form_names}
            return QuickExtractSlots(self.action_endpoint, self.domain, forms)
        return action

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: stock Rasa composes a debug line here."""

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        intent = parse_data[INTENT][INTENT_NAME_KEY]
        entities = parse_data[ENTITIES] or []
        are_known = all(entity["entity"] in self._entities for entity in entities)
        if (intent and intent not in self._intents) or not are_known:
            super()._check_for_unseen_features(parse_data)

    def _parse_with_graph(self, message: UserMessage) -> dict[str, Any]:
        tracker = DialogueStateTracker.from_events(message.sender_id, [])
        return self._parse_message_with_graph(message, tracker)
