"""What is kept of a citizen, who sees it and for how long; the agreement taken back."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.session import Leaving
from actions.topic import Telling, Topic
from locales.formats import format_number


class ActionTellPrivacy(Topic):
    """Says what is kept, with the times that are set."""

    action_name = "action_tell_privacy"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say it, and offer the rights."""
        settings = telling.services.settings
        times = {
            "minutes": settings.vault_life_seconds // 60,
            "words": settings.transcripts_life_days,
            "months": telling.services.silent_months,
            "days": settings.draft_life_days,
        }
        telling.say(
            "utter_privacy",
            **{name: format_number(time, telling.language) for name, time in times.items()},
        )
        if not telling.is_in_a_form:
            telling.say("utter_privacy_next")
        return []


class ActionWithdrawConsent(Leaving):
    """The citizen takes the agreement back; what was under way ends."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_withdraw_consent"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Record it, and say what it means."""
        telling = Telling(self._services, dispatcher, tracker)
        who = telling.who
        self._services.consents.withdraw(who.number_key)
        self._services.audit.append("consent.withdrawn", "", who.number_key, who.kind.value, {})
        telling.say("utter_consent_withdrawn")
        telling.say("utter_menu")
        return [*self.left(tracker), SlotSet("consent", None)]
