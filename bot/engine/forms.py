"""Rasa's form action on compact trackers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

Find = Callable[[str], Action]


class QuickFormAction(FormAction):
    """Fills a form as the stock action does; the actions it needs are found once, by `find`."""

    def __init__(self, form_name: str, action_endpoint: EndpointConfig | None, find: Find) -> None:
        """Make the action of a form."""
        super().__init__(form_name, action_endpoint)
        self._find = find
        self._askers: dict[str, Action | None] = {}

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """What the form's validation says of the candidates; nothing where there is none."""
        validate = f"validate_{self.name()}"
        if validate not in domain.action_names_or_texts:
            return []
        events: list[Event] = [SlotSet(name, value) for name, value in slot_candidates.items()]
        given = self._temporary_tracker(tracker, events, domain)
        return await self._find(validate).run(output_channel, nlg, given, domain)

    def _temporary_tracker(
        self,
        current_tracker: DialogueStateTracker,
        additional_events: list[Event],
        domain: Domain,
    ) -> DialogueStateTracker:
        tracker = current_tracker.copy()
        tracker.update(SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker)))
        tracker.update(ActionExecuted(self.name()))
        for event in additional_events:
            tracker.update(event)
        return tracker

    @staticmethod
    def _get_events_since_last_user_uttered(tracker: DialogueStateTracker) -> list[SlotSet]:
        found: list[SlotSet] = []
        latest = tracker.latest_message
        for event in reversed(tracker.events):
            kind = type(event)
            if kind is Restarted or event is latest:
                break
            if kind is UserUttered and event == latest:
                break
            if kind is SlotSet:
                found.append(event)
        found.reverse()
        return found

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        if slot_name not in self._askers:
            name = self._name_of_utterance(domain, slot_name)
            self._askers[slot_name] = self._find(name) if name else None
        asker = self._askers[slot_name]
        return await asker.run(output_channel, nlg, tracker, domain) if asker else []

    async def _validate_if_required(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        needs_validation = not tracker.active_loop or (
            tracker.latest_action_name == ACTION_LISTEN_NAME
            and not tracker.is_active_loop_interrupted
        )
        if needs_validation:
            return await self.validate(tracker, domain, output_channel, nlg)
        return await self.validate_slots({}, tracker, domain, output_channel, nlg)

    async def activate(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Fill slots from the message that began the form, and validate what is filled."""
        extract = self._find("action_extract_slots")
        extracted = await extract.run(output_channel, nlg, tracker, domain)
        tracker.update_with_events(extracted, domain)
        filled = {
            name: tracker.get_slot(name)
            for name in self.required_slots(domain)
            if not self._should_request_slot(tracker, name)
        }
        slots = [event for event in extracted if isinstance(event, SlotSet)]
        if f"validate_{self.name()}" not in domain.action_names_or_texts:
            return list(slots)
        validated = await self.validate_slots(filled, tracker, domain, output_channel, nlg)
        names = {event.key for event in validated if isinstance(event, SlotSet)}
        return validated + [event for event in slots if event.key not in names]
