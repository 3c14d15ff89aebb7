"""What is the index? In plain words for everybody, and its own figure for a verified citizen."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.eligibility import OLD_INDEX
from actions.topic import PersonalTopic, Telling, Topic
from locales.formats import format_index


class ActionExplainScore(Topic):
    """Explains the index without asking who wants to know."""

    action_name = "action_explain_score"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say what the index is, and offer the citizen's own."""
        telling.say("utter_score")
        if not telling.is_in_a_form:
            telling.say("utter_score_next")
        return []


class ActionShowIndex(PersonalTopic):
    """Shows the index of the verified citizen's household, and how to ask for a review."""

    action_name = "action_show_index"
    disclosure = "index"
    tells_money = True

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """Say the index and its day, or that there is none."""
        household = telling.services.registry.household(idcs, telling.language)
        if household is None:
            telling.say("utter_eligibility_no_household")
        elif household.index is None or household.index_date is None:
            # An index of no known day is as good as none.
            telling.say("utter_eligibility_no_index")
        else:
            telling.say(
                "utter_index",
                value=telling.shown(format_index(household.index, telling.language)),
                date=telling.shown_date(household.index_date),
            )
            if telling.services.today() - household.index_date > OLD_INDEX:
                telling.say("utter_index_old")
            telling.say("utter_index_review")
        if not telling.is_in_a_form:
            telling.say("utter_index_next")
        return []
