"""May we write to you when something changes? Agreed to, or ended, by a verified person.

The agreement is of this person on this number, in as much detail as they choose: whoever holds the
phone reads the messages.
"""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.topic import PersonalTopic, Telling
from core.errors import RegistryRefused
from records.followers import Detail


def offer_to_follow(telling: Telling, idcs: str) -> bool:
    """Ask whether this person wants to be told of changes here; False where that is settled."""
    if telling.is_in_a_form or telling.services.following.find(telling.who, idcs) is not None:
        return False
    telling.say("utter_ask_follow")
    return True


class ActionFollowChanges(PersonalTopic):
    """Asks in how much detail, or keeps what was chosen."""

    action_name = "action_follow_changes"
    disclosure = "following"

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """Ask, agree, or say how it stands."""
        chosen = telling.tracker.get_slot("detail")
        forget: list[EventType] = [SlotSet("detail", None)]
        if chosen not in tuple(Detail):
            if not offer_to_follow(telling, idcs):
                telling.say("utter_already_following")
            return forget
        services = telling.services
        try:
            agreed = services.following.agree(telling.who, idcs, Detail(chosen))
        except RegistryRefused:
            agreed = False
        if agreed:
            # Who asks for messages takes back a refusal of before.
            services.numbers.opt_in(telling.who.number_key)
            telling.note("following.agreed", idcs)
        telling.say(f"utter_following_{chosen}" if agreed else "utter_following_failed")
        if agreed and not services.following.shows_number(telling.who):
            telling.say("utter_following_no_number")
        telling.menu()
        return forget


class ActionUnfollowChanges(PersonalTopic):
    """Ends the agreement of this person on this number."""

    action_name = "action_unfollow_changes"
    disclosure = "following"

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """End it."""
        telling.services.following.end(telling.who, idcs)
        telling.note("following.ended", idcs)
        telling.say("utter_following_ended")
        telling.menu()
        return []
