"""Am I entitled? The household's index beside the limit in force, never a promise."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from rasa_sdk.events import EventType, SlotSet

from actions.programmes import Programme
from actions.registry.port import Household
from actions.topic import PersonalTopic, Telling
from locales.formats import format_index

OLD_INDEX: Final = timedelta(days=365)


class ActionShowEligibility(PersonalTopic):
    """Compares the index with one programme's limit, or with every limit there is."""

    action_name = "action_show_eligibility"
    disclosure = "eligibility"
    tells_money = True

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """Say what the index of the household shows, and the way on."""
        household = telling.services.registry.household(idcs, telling.language)
        asked = telling.services.programmes.get(telling.tracker.get_slot("programme") or "")
        if household is None:
            telling.say("utter_eligibility_no_household")
            telling.menu()
        elif household.index is None or household.index_date is None:
            # An index of no known day is as good as none.
            telling.say("utter_eligibility_no_index")
            telling.menu()
        elif asked is None:
            for programme in telling.services.programmes.values():
                if programme.is_open and programme.thresholds:
                    _say_limit(telling, programme, household.index)
            _close(telling, household, None)
        else:
            if telling.services.registry.is_enrolled(idcs, asked.key):
                name = asked.short_name(telling.language)
                telling.say("utter_programme_enrolled", programme=name)
            _say_one(telling, asked, household.index)
            _close(telling, household, asked)
        return [SlotSet("programme", None)]


def _say_one(telling: Telling, programme: Programme, index: Decimal) -> None:
    name = programme.short_name(telling.language)
    if programme.status == "ended":
        successor = telling.programme_name(programme.successor)
        telling.say("utter_programme_ended", programme=name, successor=successor)
        programme = telling.services.programmes.get(programme.successor, programme)
    _say_limit(telling, programme, index)


def _say_limit(telling: Telling, programme: Programme, index: Decimal) -> None:
    name = programme.short_name(telling.language)
    whole = telling.services.programmes.get(programme.part_of, programme)
    limit = whole.threshold_on(telling.services.today())
    if limit is None:
        telling.say("utter_eligibility_no_limit", programme=name)
        return
    # Lower means poorer: an index equal to the limit is within it.
    side = "within" if index <= limit else "above"
    threshold = format_index(limit, telling.language)
    telling.say(f"utter_programme_{side}", programme=name, threshold=threshold)


def _close(telling: Telling, household: Household, programme: Programme | None) -> None:
    if household.index_date and telling.services.today() - household.index_date > OLD_INDEX:
        telling.say("utter_index_old")
    if telling.is_in_a_form:
        telling.say("utter_no_promise")
    elif programme is None:
        telling.say("utter_eligibility_next_any")
    else:
        telling.say("utter_eligibility_next", programme_key=programme.key)
