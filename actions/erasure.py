"""Erase what is held on me: asked for by a verified citizen, confirmed, and then done at once."""

from __future__ import annotations

from rasa_sdk.events import EventType, SessionStarted

from actions.topic import Telling, Topic
from core.recorded import ERASE_TRANSCRIPTS


class ActionAskErasure(Topic):
    """Says what goes and what stays, and asks once more."""

    action_name = "action_ask_erasure"

    def tell(self, telling: Telling) -> list[EventType]:
        """Ask."""
        if telling.services.verification.verified_idcs(telling.who) is None:
            telling.say("utter_value_gone")
            telling.menu()
        else:
            telling.say("utter_erasure")
            telling.say("utter_erasure_sure")
        return []


class ActionErase(Topic):
    """Erases a verified citizen and the number from the records, the vault and the conversations.

    The new session that begins empties the engine's tracker; the reply has the door forget.
    """

    action_name = "action_erase"

    def tell(self, telling: Telling) -> list[EventType]:
        """Erase, and say so."""
        services, who = telling.services, telling.who
        idcs = services.verification.verified_idcs(who)
        if idcs is None:
            telling.say("utter_value_gone")
            telling.menu()
            return []
        # First, for what cannot be asked for is not to be said done.
        person_key = services.pseudonyms.person(idcs)
        keys = {"person_key": person_key, "number_key": who.number_key}
        services.tasks.queue(ERASE_TRANSCRIPTS, keys)
        services.rights.erase(person_key, who.number_key, who.kind.value)
        services.traces.erase(who)
        telling.say("utter_erased")
        return [SessionStarted()]
