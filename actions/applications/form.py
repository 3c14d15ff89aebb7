"""The application form, which the engine sees as one slot asked again and again.

An answer is opened, taken into the draft and kept before the next question is put. Whatever fails,
the draft is as it was and the same answer, told again, changes nothing twice.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.applications.handing_in import hand_in, say_made_already, say_receipt
from actions.applications.sitting import Sitting
from actions.applications.taking import Gone, Taking
from actions.applications.walk import CONSENT
from actions.follow_changes import offer_to_follow
from actions.services import Services
from actions.topic import Telling, Topic
from core.errors import RegistryError

FORM: Final = "application_form"
IDENTITY: Final = "identity_form"
SENT: Final = "sent"
LEFT: Final = "left"
VERIFY: Final = "verify"
CLOSED: Final = "closed"
# What a conversation forgets of an application; the draft stays where it is.
SLOTS: Final = ("procedure", "draft", "answer", "application")


class ValidateApplicationForm(Action):
    """Takes an answer into the draft, and says whether the form goes on."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def name(self) -> str:
        """The action's name in the domain."""
        return "validate_application_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Take what was given; no events where nothing was, so that other rules may answer."""
        token = tracker.slots_to_validate().get("answer")
        if not token:
            return []
        sitting = Sitting.of(Telling(self._services, dispatcher, tracker))
        if sitting is None:
            return [SlotSet("answer", None), *_ended(CLOSED)]
        if not sitting.may_go_on:
            # The answer waits, sealed, until whoever gave it is verified again.
            return [SlotSet("answer", token), *_ended(VERIFY)]
        if sitting.is_withheld:
            return [SlotSet("answer", None), *_withheld(sitting)]
        events = [SlotSet("answer", None), *self._take(sitting, str(token))]
        sitting.telling.note_what_was_shown("receipt")
        return events

    def _take(self, sitting: Sitting, token: str) -> list[EventType]:
        draft = sitting.draft()
        if draft is None:
            sent = self._services.desk.applications.under(sitting.known_as)
            # Somebody else may be verified now: a reference is told to whom it was given.
            if sitting.known_as and sent and sent.person_key == sitting.person_key:
                say_receipt(sitting, sent.reference)
                return _ended(SENT)
            return _goes_on("")
        if sitting.known_as and draft.id != sitting.known_as:
            # Somebody else is verified now, or it was begun anew elsewhere.
            sitting.telling.say("utter_answer_gone")
            return _goes_on("")
        taking = Taking(sitting, draft, token)
        try:
            draft = taking.take()
        except Gone:
            sitting.telling.say("utter_answer_gone")
            return _goes_on(sitting.known_as)
        if taking.is_left:
            return _ended(LEFT)
        if taking.is_agreed and draft.filled.open == CONSENT:
            say_receipt(sitting, hand_in(sitting, draft))
            return [SlotSet("draft", draft.id), *_ended(SENT)]
        # Until it is said whether to go on with it, the conversation is not in the draft.
        is_open = taking.is_resumed or not sitting.procedure.needs_identity
        return _goes_on(draft.id if is_open or not sitting.is_resuming(draft) else "")


class ActionAskApplicationFormAnswer(Topic):
    """Puts the question that is open, or ends the form where nothing can be asked."""

    action_name: ClassVar[str] = "action_ask_application_form_answer"
    disclosure: ClassVar[str] = "application_form"

    def tell(self, telling: Telling) -> list[EventType]:
        """Ask it; whoever is no longer verified is verified first."""
        sitting = Sitting.of(telling)
        if sitting is None:
            return _ended(CLOSED)
        if not sitting.may_go_on:
            return _ended(VERIFY)
        if sitting.is_withheld:
            return _withheld(sitting)
        draft = sitting.draft()
        if draft is None or not (draft.is_begun or sitting.known_as):
            # Asked where a form begins, and not at each question.
            made = sitting.made_lately()
            if made:
                say_made_already(sitting, made)
                telling.note_what_was_shown("receipt")
                return _ended(SENT)
        draft = draft or sitting.begin()
        if sitting.is_resuming(draft):
            sitting.screens.resume()
            return [SlotSet("draft", None)] if sitting.procedure.needs_identity else []
        known = [SlotSet("draft", draft.id)]
        try:
            filled = draft.filled
            while question := sitting.walk.question(filled):
                if sitting.needs_letters(question):
                    telling.say("utter_application_letters")
                    return [*known, *_ended(CLOSED)]
                offered = sitting.offers(question, filled)
                following = None
                if not offered:
                    following = sitting.without_offers(question, filled)
                if following is None:
                    sitting.screens.question(question, filled, offered)
                    return known
                draft = sitting.keep(draft, following, draft.taken)
                filled = draft.filled
            sitting.screens.stage(filled, draft.id)
        except RegistryError:
            telling.say("utter_registry_unavailable")
        return known


class ActionEndApplication(Topic):
    """What follows the form, by how it ended."""

    action_name: ClassVar[str] = "action_end_application"

    def tell(self, telling: Telling) -> list[EventType]:
        """Go on to the identity questions, or say what was kept, and show the way on."""
        ended = telling.tracker.get_slot("application")
        procedure = telling.services.desk.procedures.get(
            telling.tracker.get_slot("procedure") or ""
        )
        if ended == VERIFY and procedure:
            service = SlotSet("service", procedure.service)
            return [service, SlotSet("application", None), FollowupAction(IDENTITY)]
        if ended == LEFT:
            say_kept(telling)
        idcs = telling.services.verification.verified_idcs(telling.who)
        if ended != SENT or idcs is None or not offer_to_follow(telling, idcs):
            telling.say("utter_what_next")
        return [SlotSet(name, None) for name in SLOTS]


def say_kept(telling: Telling) -> None:
    """Say for how long the draft is kept."""
    telling.say("utter_application_kept", days=str(telling.services.settings.draft_life_days))


def _goes_on(draft_id: str) -> list[EventType]:
    return [SlotSet("draft", draft_id or None), SlotSet("requested_slot", "answer")]


def _withheld(sitting: Sitting) -> list[EventType]:
    sitting.telling.say("utter_contact_doubtful")
    sitting.telling.note("disclosure.withheld", sitting.idcs)
    return _ended(CLOSED)


def _ended(how: str) -> list[EventType]:
    return [SlotSet("application", how), SlotSet("requested_slot", None)]
