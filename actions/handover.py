"""A person is wanted: a place in the queue, with its position and the hours; the bot goes on.

Nothing the citizen wrote goes into the queue: staff read what it is about from the last intent and
the programme. The number they must reach is opened here and sealed anew, for it outlives the
conversation.
"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.topic import Telling, Topic
from core.staff_hours import open_until, opens_next
from core.staffed import written_in
from locales.formats import format_date, format_number
from records.handovers import CLAIMED, Asked, Handover, handover_context

# What says nothing of the matter a person is wanted for.
_SILENT = frozenset({"talk_to_agent", "none_of_these", "home", "open", "greet", "affirm", "inform"})


class ActionTalkToAgent(Topic):
    """Puts the citizen into the queue, or says how it stands there."""

    action_name = "action_talk_to_agent"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say the position, the hours, and where the answer comes."""
        services, who = telling.services, telling.who
        spans, _ = services.office_hours()
        handover = services.handovers.open_of(who.identity)
        if handover is None and not spans:
            telling.say("utter_person_nobody")
            telling.menu()
            return []
        if handover is None:
            handover = services.handovers.ask(_asked(telling))
            services.audit.append("person.asked", "", who.number_key, who.kind.value, {})
        _say_place(telling, handover)
        telling.say("utter_person_where")
        if not telling.is_in_a_form:
            telling.say("utter_person_next")
        return []


class ActionCancelHandover(Topic):
    """The citizen wants no person any more."""

    action_name = "action_cancel_handover"

    def tell(self, telling: Telling) -> list[EventType]:
        """Leave the queue."""
        who = telling.who
        if telling.services.handovers.cancel(who.identity):
            telling.services.staffed.end(written_in(who.identity))
            telling.services.audit.append(
                "person.cancelled", "", who.number_key, who.kind.value, {}
            )
            telling.say("utter_person_cancelled")
        else:
            telling.say("utter_person_not_asked")
        telling.menu()
        return []


def _asked(telling: Telling) -> Asked:
    who = telling.who
    return Asked(
        number_key=who.number_key,
        conversation=who.identity,
        channel=who.kind.value,
        language=who.language,
        reason=_last_matter(telling),
        programme=telling.tracker.get_slot("programme") or "",
        sealed=_sealed_number(telling),
    )


def _sealed_number(telling: Telling) -> bytes:
    who, services = telling.who, telling.services
    heard = services.reach.find(who.number_key)
    # Without it staff still see the request, and in a chat they answer in the conversation.
    if heard is None:
        return b""
    return services.seal.close(heard.number.encode(), handover_context(who.identity))


def _last_matter(telling: Telling) -> str:
    for event in reversed(telling.tracker.events):
        if event.get("event") == "user":
            intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or ""
            if intent and intent not in _SILENT:
                return str(intent)
    return ""


def _say_place(telling: Telling, handover: Handover) -> None:
    services, language = telling.services, telling.language
    if handover.state == CLAIMED:
        telling.say("utter_person_has_it")
        return
    ahead = format_number(services.handovers.ahead(handover), language)
    spans, off = services.office_hours()
    until = open_until(spans, off, services.clock())
    back = opens_next(spans, off, services.clock())
    if until is not None:
        telling.say("utter_person_open", ahead=ahead, until=f"{until:%H:%M}")
    elif back is not None:
        day = format_date(back.date(), language)
        telling.say("utter_person_closed", ahead=ahead, day=day, hour=f"{back:%H:%M}")
    else:
        telling.say("utter_person_noted", ahead=ahead)
