"""Messages that nobody asked for: stopped for a number at a word, and begun again at a word.

What is kept is one refusal for each number, whatever the kind of message. The answers to what a
citizen asks, and the codes of a verification, are no such messages and go on.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.session import Leaving
from actions.sureness import SURE
from actions.topic import Telling, Topic


class ActionShowNotifications(Topic):
    """Says whether messages are sent to this number, and offers the other."""

    action_name = "action_show_notifications"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say how it stands."""
        number = telling.services.numbers.find(telling.who.number_key)
        stopped = number is not None and number.opted_out
        if telling.is_in_a_form:
            telling.say("utter_messages_are_stopped" if stopped else "utter_messages_are_sent")
        else:
            telling.say("utter_messages_stopped" if stopped else "utter_messages_sent")
        return []


class ActionStopNotifications(ActionShowNotifications):
    """Stops the messages where that was surely said; else says how it stands and offers it."""

    action_name = "action_stop_notifications"

    def tell(self, telling: Telling) -> list[EventType]:
        """Stop them."""
        said = telling.tracker.latest_message.get("intent") or {}
        if said.get("confidence", 0.0) >= SURE:
            telling.services.numbers.opt_out(telling.who.number_key)
            _note(telling, "messages.stopped")
        return super().tell(telling)


class ActionStartNotifications(ActionShowNotifications):
    """Lets messages be sent to this number again."""

    action_name = "action_start_notifications"

    def tell(self, telling: Telling) -> list[EventType]:
        """Start them."""
        telling.services.numbers.opt_in(telling.who.number_key)
        _note(telling, "messages.started")
        return super().tell(telling)


class ActionStopEverything(Leaving):
    """STOP: no more messages, and whatever was under way ends too."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stop_everything"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Stop them, leave, and say how to begin again."""
        telling = Telling(self._services, dispatcher, tracker)
        self._services.numbers.opt_out(telling.who.number_key)
        _note(telling, "messages.stopped")
        telling.say("utter_messages_stopped")
        return self.left(tracker)


def _note(telling: Telling, event: str) -> None:
    who = telling.who
    telling.services.audit.append(event, "", who.number_key, who.kind.value, {})
