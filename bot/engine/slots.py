"""Rasa's extraction of slots, which looks only at mappings that the message can fill.

The stock action goes through every mapping of every slot. Which of them an intent rules out depends
on the intent and the active loop alone, so it is found once for each pair.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import (
    ActionExtractSlots,
    extract_slot_value_from_predefined_mapping,
)
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import DEFAULT_SLOT_NAMES, MAPPING_TYPE, SlotMappingType
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.slot_mappings import SlotMapping
from rasa.shared.core.slots import ListSlot, Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITY_ATTRIBUTE_TYPE, INTENT_NAME_KEY
from rasa.utils.endpoints import EndpointConfig

from engine.forms import QuickFormAction

Mapping = dict[str, Any]
Candidate = tuple[Slot, Mapping, SlotMappingType]
_KEPT = 1024


class QuickExtractSlots(ActionExtractSlots):
    """Fills the slots that the stock action fills.

    Where an action fills a slot of the domain, it is the stock action in all.
    """

    def __init__(
        self,
        action_endpoint: EndpointConfig | None,
        domain: Domain,
        forms: dict[str, QuickFormAction],
    ) -> None:
        """Prepare for a domain; `forms` are its forms by name."""
        super().__init__(action_endpoint)
        self._forms = forms
        self._is_stock = False
        self._mapped: list[Candidate] = []
        self._left: dict[tuple[str | None, str | None], list[Candidate]] = {}
        for slot in domain.slots:
            for mapping in () if slot.name in DEFAULT_SLOT_NAMES else slot.mappings:
                kind = SlotMappingType(mapping.get(MAPPING_TYPE))
                self._is_stock |= bool(mapping.get("action"))
                if kind != SlotMappingType.CUSTOM and SlotMapping.check_mapping_validity(
                    slot_name=slot.name, mapping_type=kind, mapping=mapping, domain=domain
                ):
                    self._mapped.append((slot, mapping, kind))

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """The slots that the last message fills, validated where the domain validates them."""
        if self._is_stock:
            return await super().run(output_channel, nlg, tracker, domain)
        message = tracker.latest_message
        entities = {entity[ENTITY_ATTRIBUTE_TYPE] for entity in message.entities} if message else ()
        found: list[Event] = []
        filled: Slot | None = None
        for slot, mapping, kind in self._candidates(tracker, domain):
            if slot is filled:
                continue
            if (
                kind == SlotMappingType.FROM_ENTITY
                and mapping.get(ENTITY_ATTRIBUTE_TYPE) not in entities
            ):
                continue
            if not self._verify_mapping_conditions(mapping, tracker, slot.name):
                continue
            if self._fails_unique_entity_mapping_check(slot.name, mapping, tracker, domain):
                continue
            value = extract_slot_value_from_predefined_mapping(kind, mapping, tracker)
            if not value:
                continue
            if not isinstance(slot, ListSlot):
                value = value[-1]
            if value is not None or tracker.get_slot(slot.name) is not None:
                found.append(SlotSet(slot.name, value))
                filled = slot
        return await self._execute_validation_action(found, output_channel, nlg, tracker, domain)

    def _candidates(self, tracker: DialogueStateTracker, domain: Domain) -> list[Candidate]:
        message = tracker.latest_message
        intent = message.intent.get(INTENT_NAME_KEY) if message else None
        asked = (intent, tracker.active_loop_name)
        left = self._left.get(asked)
        if left is None:
            left = [
                candidate
                for candidate in self._mapped
                if SlotMapping.intent_is_desired(candidate[1], tracker, domain)
            ]
            if len(self._left) >= _KEPT:
                self._left.clear()
            self._left[asked] = left
        return left

    def _fails_unique_entity_mapping_check(
        self,
        slot_name: str,
        mapping: Mapping,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> bool:
        if mapping[MAPPING_TYPE] != str(SlotMappingType.FROM_ENTITY):
            return False
        form = self._forms.get(tracker.active_loop_name or "")
        if form is None or tracker.get_slot("requested_slot") == slot_name:
            return False
        return slot_name in form.required_slots(domain) and not form.entity_mapping_is_unique(
            mapping, domain
        )
