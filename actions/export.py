"""What do you hold on me? Everything the records have of a verified citizen and this number.

Counts and days, never an identifier: a message may be read by others, and what was given lies
sealed. What the national registers hold they tell themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from rasa_sdk.events import EventType

from actions.topic import PersonalTopic, Telling
from core.staff_hours import MOROCCO
from locales.formats import format_number
from locales.languages import languages

# More days in one line would not be read.
_DAYS: Final = 5
_ACTS: Final = 6
# The audit's events by the first part of their name; whatever else there is counts as other.
_EVENTS: Final = {"disclosure": "shown", "verification": "checked"}


class ActionExport(PersonalTopic):
    """Tells a verified citizen what is held."""

    action_name = "action_export_data"
    disclosure = "export"

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """Say it line by line."""
        person = telling.services.pseudonyms.person(idcs)
        telling.say("utter_export")
        _say_number(telling)
        _say_consents(telling)
        for holding in telling.services.rights.held(person, telling.who.number_key):
            count = telling.shown(format_number(holding.count, telling.language))
            last = telling.shown_date(_day(holding.last))
            telling.say(f"utter_held_{holding.table}", count=count, date=last)
        _say_audit(telling, person)
        telling.say("utter_export_elsewhere")
        if not telling.is_in_a_form:
            telling.say("utter_export_next")
        return []


def _say_number(telling: Telling) -> None:
    number = telling.services.numbers.find(telling.who.number_key)
    if number is None:
        return
    known = languages().get(number.language)
    if known is not None:
        telling.say("utter_export_language", language_name=known.name)
    stopped = "stopped" if number.opted_out else "sent"
    telling.say(f"utter_messages_are_{stopped}")


def _say_consents(telling: Telling) -> None:
    for act in telling.services.consents.history(telling.who.number_key)[-_ACTS:]:
        telling.say(f"utter_export_consent_{act.act}", date=telling.shown_date(_day(act.at)))


def _say_audit(telling: Telling, person: str) -> None:
    found: dict[str, list[datetime]] = {}
    for noted in telling.services.audit.of(person):
        kind = _EVENTS.get(noted.event.partition(".")[0], "other")
        found.setdefault(kind, []).append(noted.at)
    for kind, times in found.items():
        telling.say(
            f"utter_export_{kind}",
            count=telling.shown(format_number(len(times), telling.language)),
            dates=_days(telling, times),
        )


def _days(telling: Telling, times: Iterable[datetime]) -> str:
    days = sorted({_day(time) for time in times}, reverse=True)[:_DAYS]
    return ", ".join(telling.shown_date(day) for day in days)


def _day(moment: datetime) -> date:
    return moment.astimezone(MOROCCO).date()
