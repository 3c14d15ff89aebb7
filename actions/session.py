"""Opening, leaving and turning back: what belongs to no single service."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import (
    ActionExecuted,
    ActiveLoop,
    EventType,
    FollowupAction,
    SessionStarted,
    SlotSet,
)
from rasa_sdk.executor import CollectingDispatcher

from actions.applications.form import FORM as APPLICATION
from actions.applications.form import SLOTS
from actions.applications.sitting import Sitting
from actions.applications.stepping import say_what_is_kept, step_back
from actions.conversation import conversation_of
from actions.services import Services
from actions.sureness import SURE
from actions.topic import Telling
from core.messages import ChannelKind
from locales.languages import languages

FORM = "identity_form"
_QUESTIONS = ["language", "consent", "idcs", "birth_date", "code"]
_FORGOTTEN = ["idcs", "birth_date", "code", "requested_slot", "service", "programme", "reference"]
_FORGOTTEN += [*SLOTS, "detail"]


class Leaving(Action):
    """An action that may leave whatever was under way."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def remembered(self, tracker: Tracker) -> list[EventType]:
        """The language and the consent that follow the number over its channels."""
        who = conversation_of(tracker)
        number = self._services.numbers.find(who.number_key)
        self._services.numbers.seen(who.number_key, number)
        consent = self._services.has_consented(who.number_key, who.kind)
        return [
            SlotSet("language", (number.language or None) if number else None),
            SlotSet("consent", True if consent else None),
        ]

    def left(self, tracker: Tracker, stays_verified: bool = False) -> list[EventType]:
        """Leave whatever was under way, and forget what it was given.

        With `stays_verified`, who was verified in this USSD call still is: the call is theirs.
        """
        who = conversation_of(tracker)
        is_theirs = stays_verified and who.kind is ChannelKind.USSD
        self._services.verification.leave(who, self._services.vault, is_theirs)
        return [ActiveLoop(None), *(SlotSet(name, None) for name in _FORGOTTEN)]

    def destroy(self, tracker: Tracker, *names: str) -> None:
        """Destroy the sealed values of these slots."""
        for name in names:
            token = tracker.get_slot(name)
            if token:
                self._services.vault.destroy(token)


class ActionSessionStart(Leaving):
    """A conversation begins or comes back after a long silence."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_session_start"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Start the session with what the number is known by."""
        return [SessionStarted(), *self.remembered(tracker), ActionExecuted("action_listen")]


class ActionOpen(Leaving):
    """A call or a chat opens: at the code that was sent, at the language, or at the menu."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_open"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Open where the citizen stands; nobody stays verified from an earlier call."""
        who = conversation_of(tracker)
        at_the_code = tracker.get_slot("requested_slot") == "code"
        if at_the_code and self._services.verification.is_pending(who):
            return [FollowupAction(FORM)]
        if who.goes_on and tracker.active_loop_name:
            return [*self._taken_up(tracker), FollowupAction(tracker.active_loop_name)]
        remembered = self.remembered(tracker)
        if remembered[0]["value"] is None:
            remembered[0] = SlotSet("language", _heard_now(tracker))
        known = remembered[0]["value"]
        dispatcher.utter_message(response="utter_menu" if known else "utter_ask_language")
        return [*self.left(tracker), *remembered]

    def _taken_up(self, tracker: Tracker) -> list[EventType]:
        """Stay in the form: whoever must be verified for its next question will be, anew."""
        sitting = Sitting.of(Telling(self._services, CollectingDispatcher(), tracker))
        is_hidden = sitting is not None and sitting.may_be_anothers()
        return [*self.remembered(tracker), *([SlotSet("draft", None)] if is_hidden else [])]


class ActionHome(Leaving):
    """00: leave everything and go to the menu."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_home"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Show the menu, or the languages where none is chosen yet."""
        say_what_is_kept(Telling(self._services, dispatcher, tracker))
        known = tracker.get_slot("language")
        dispatcher.utter_message(response="utter_menu" if known else "utter_ask_language")
        return self.left(tracker, stays_verified=True)


class ActionGoOn(Action):
    """What was said changes nothing: the form asks its question again."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_go_on"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Do nothing."""
        return []


class ActionChangeService(Action):
    """During the identity questions another service is wanted: it is told once verified."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_change_service"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Keep the service, named as its intent is."""
        return [SlotSet("service", (tracker.latest_message.get("intent") or {}).get("name"))]


class ActionCancel(Leaving):
    """The citizen stops the procedure."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_cancel"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say that it stopped, and show the menu."""
        confidence = (tracker.latest_message.get("intent") or {}).get("confidence", 0.0)
        if tracker.active_loop_name and confidence < SURE:
            dispatcher.utter_message(response="utter_not_understood")
            return [FollowupAction(tracker.active_loop_name)]
        if tracker.active_loop_name == APPLICATION:
            say_what_is_kept(Telling(self._services, dispatcher, tracker))
        else:
            dispatcher.utter_message(response="utter_cancelled")
        dispatcher.utter_message(response="utter_menu")
        return self.left(tracker)


class ActionGoodbye(Leaving):
    """The citizen goes; nobody stays verified behind them."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_goodbye"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say goodbye and leave everything."""
        dispatcher.utter_message(response="utter_goodbye")
        return self.left(tracker)


class ActionBack(Leaving):
    """0: the question before this one, or the menu."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_back"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Empty the answer before the open question and let the form ask it again."""
        if tracker.active_loop_name == APPLICATION:
            telling = Telling(self._services, dispatcher, tracker)
            stepped = step_back(telling)
            if stepped is not None:
                return stepped
            say_what_is_kept(telling)
        asked = tracker.get_slot("requested_slot")
        before = _QUESTIONS[: _QUESTIONS.index(asked)] if asked in _QUESTIONS else []
        answered = [name for name in before if name in ("idcs", "birth_date")]
        if not tracker.active_loop_name or not answered:
            dispatcher.utter_message(response="utter_menu")
            return self.left(tracker, stays_verified=True)
        self._services.verification.forget(conversation_of(tracker))
        self.destroy(tracker, answered[-1], "code")
        return [SlotSet(answered[-1], None), SlotSet("code", None), FollowupAction(FORM)]


class ActionChooseLanguage(Leaving):
    """The citizen chooses a language, or asks for the choice."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_choose_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Keep the language with the number and go on where the citizen stood."""
        said = next(tracker.get_latest_entity_values("language"), None)
        chosen = _arabic(tracker) if said == "ar" and _is_wish(tracker) else said
        if chosen not in ("ar", "ary", "fr", "zgh"):
            if tracker.active_loop_name:
                # The form asks for what is missing, and for nothing else beside it.
                return [SlotSet("language", None), FollowupAction(tracker.active_loop_name)]
            dispatcher.utter_message(response="utter_ask_language")
            return []
        self._services.numbers.choose_language(conversation_of(tracker).number_key, chosen)
        if tracker.active_loop_name:
            return [SlotSet("language", chosen), FollowupAction(tracker.active_loop_name)]
        # Who wrote the name has shown which letters they write.
        is_open = chosen == "zgh" and not _is_wish(tracker)
        is_written = conversation_of(tracker).kind is ChannelKind.WHATSAPP
        key = "utter_ask_script" if is_open and is_written else "utter_menu"
        dispatcher.utter_message(response=key, said_in=chosen)
        return [SlotSet("language", chosen)]


class ActionChooseScript(Action):
    """The letters Amazigh is written to the citizen in, where a medium can show both."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_choose_script"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say it in those letters; the door keeps them with the number."""
        script = next(tracker.get_latest_entity_values("script"), None)
        key = "utter_script_tifinagh" if script == "Tfng" else "utter_script_latin"
        dispatcher.utter_message(response=key)
        if tracker.active_loop_name:
            return [FollowupAction(tracker.active_loop_name)]
        dispatcher.utter_message(response="utter_menu")
        return []


def _heard_now(tracker: Tracker) -> str | None:
    """The language in use, where it is the one that was surely heard in this very message."""
    heard = (tracker.latest_message.get("heard") or {}).get("language")
    used = tracker.get_slot("language")
    return used if used == heard else None


def _is_wish(tracker: Tracker) -> bool:
    """True where the language was named in free text rather than chosen from the menu."""
    intent = tracker.latest_message.get("intent") or {}
    return bool(intent.get("name") == "change_language")


def _arabic(tracker: Tracker) -> str | None:
    """Which Arabic "Arabic" means: one called by its own name, or the one in use, else asked."""
    said = (tracker.latest_message.get("text") or "").strip()
    if languages()["ary"].name in said:
        return "ary"
    if said == languages()["ar"].name:
        return "ar"
    used = tracker.get_slot("language")
    return used if used in ("ar", "ary") else None
