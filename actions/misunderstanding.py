"""Words that were not understood: which of two things was meant, and then the offer of a person.

Whatever was given in a form stays: an answer to the form's question is taken under these questions
too, and the question comes back after anything else.
"""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from core.messages import Expects

NONE_OF_THESE: Final = "none_of_these"
# What a citizen can be asked to have meant: all that leads somewhere. Each has its button in
# `utter_ask_meaning`.
MEANINGS: Final = frozenset(
    {
        "check_registration",
        "check_eligibility",
        "apply",
        "resume_application",
        "track_application",
        "track_benefit",
        "list_programmes",
        "required_documents",
        "find_office",
        "report_problem",
        "update_information",
        "explain_score",
        "forgot_identifier",
        "privacy",
        "stop_notifications",
        "change_language",
        "talk_to_agent",
        "help",
    }
)
MEANINGS_IN_A_FORM: Final = MEANINGS | {"cancel", "back"}
# Below this an intent is on the ranking only because the ranking has so many places.
PLAUSIBLE: Final = 0.01
_FALLBACK: Final = "nlu_fallback"
_OTHER_WORLD: Final = "out_of_scope"
# The form's questions under which another may be asked. Language and consent offer choices of their
# own, and a yes after this question must not be taken for the consent.
_OPEN_QUESTIONS: Final = {
    "idcs": Expects.IDCS,
    "birth_date": Expects.DATE,
    "code": Expects.CODE,
}


class ActionAskMeaning(Action):
    """Asks which of the two likeliest things was meant; the second time in a row, offers a person.

    The slot `misunderstood` says that the message before was not understood either; its mapping
    empties it as soon as one is.
    """

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask_meaning"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask, or say that nothing was understood and go back to the form or to the menu."""
        form = tracker.active_loop_name
        if not tracker.get_slot("language"):
            # The language comes first: a form asks for it itself, elsewhere it stands for the menu.
            if not form:
                dispatcher.utter_message(response="utter_menu")
            return []
        noted: list[EventType] = [SlotSet("misunderstood", True)]
        asked = _OPEN_QUESTIONS.get(tracker.get_slot("requested_slot") or "") if form else None
        meant = likeliest(tracker.latest_message, MEANINGS_IN_A_FORM if form else MEANINGS)
        if tracker.get_slot("misunderstood"):
            ways_out = ["/talk_to_agent", "/home"] if form else ["/talk_to_agent"]
            dispatcher.utter_message(response="utter_offer_person", offered=ways_out)
        elif meant and (asked or not form):
            offered = [f"/{intent}" for intent in (*meant, NONE_OF_THESE)]
            expects = (asked or Expects.MENU).value
            dispatcher.utter_message(response="utter_ask_meaning", offered=offered, expects=expects)
            # The form waits, as if it had asked itself: the next message is first read as its
            # answer.
            waits = [ActiveLoop(form), FollowupAction("action_listen")] if form else []
            return [*noted, *waits]
        else:
            dispatcher.utter_message(response="utter_not_understood")
        if not form:
            dispatcher.utter_message(response="utter_menu")
        return noted


def likeliest(message: dict[str, Any], meanings: frozenset[str]) -> tuple[str, ...]:
    """The two likeliest intents of a message among these meanings, or none.

    None where fewer than two are plausible, and where the message rather is of another world.
    """
    ranking = [one for one in message.get("intent_ranking") or [] if one["name"] != _FALLBACK]
    if not ranking or ranking[0]["name"] == _OTHER_WORLD:
        return ()
    plausible = [one["name"] for one in ranking if one["confidence"] >= PLAUSIBLE]
    meant = tuple(name for name in plausible if name in meanings)[:2]
    return meant if len(meant) == 2 else ()
