"""Where to go: the service centre of the home address, and how to find others nearby.

The centre is the one the home address belongs to, which only the register knows: that is offered
first, and asks who the citizen is. Offices of a region or a commune, or near a shared place, are
public. Hours are said where the registry has them, and never made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.applications.choices import regions
from actions.registry.shapes import Office
from actions.session import FORM
from actions.topic import PersonalTopic, Telling, Topic
from core.errors import RegistryError, VaultError
from core.places import read_coordinates

_FORM: Final = "office_form"
# A small screen holds few addresses.
_MOST: Final = 5


class ActionShowHomeOffice(PersonalTopic):
    """The service centre of the verified citizen's address; identity is asked for where it is not
    known yet.
    """

    action_name = "action_show_home_office"
    disclosure = "home_office"

    def tell(self, telling: Telling) -> list[EventType]:
        """Ask who the citizen is, or tell."""
        if telling.services.verification.verified_idcs(telling.who) is None:
            return [SlotSet("service", "find_office"), FollowupAction(FORM)]
        return super().tell(telling)

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """Say where the centre of the address is."""
        office = telling.services.registry.home_office(idcs, telling.language)
        if office is None:
            telling.say("utter_office_unknown")
        else:
            telling.say("utter_office_home")
            _say_office(telling, office, is_personal=True)
        telling.menu()
        return []


class ActionAskRegion(Topic):
    """The twelve regions as a menu."""

    action_name = "action_ask_region"

    def tell(self, telling: Telling) -> list[EventType]:
        """Offer them by their names, the payload by the French one."""
        buttons = [
            {
                "title": region.in_language(telling.language),
                "payload": "/office_region" + json.dumps({"region": region.in_language("fr")}),
            }
            for region in regions()
        ]
        telling.offer("utter_ask_region", buttons)
        return []


class ActionShowOffices(Topic):
    """The offices of a region that was chosen, or near a place that was shared."""

    action_name = "action_show_offices"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say them, nearest or first in order."""
        registry, language = telling.services.registry, telling.language
        try:
            shared = next(telling.tracker.get_latest_entity_values("place"), None)
            region = next(telling.tracker.get_latest_entity_values("region"), None)
            if shared:
                latitude, longitude = _opened_place(telling, str(shared))
                found = registry.offices_near(latitude, longitude, language)
            else:
                found = registry.offices(str(region or ""), language)
        except VaultError:
            telling.say("utter_value_gone")
            telling.menu()
            return []
        except RegistryError:
            telling.say("utter_registry_unavailable")
            return []
        _say_offices(telling, found)
        return []


class ValidateOfficeForm(Topic):
    """Looks up the commune that was written."""

    action_name = "validate_office_form"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say its offices and leave the form; ask again for a commune nobody knows."""
        token = telling.tracker.slots_to_validate().get("commune")
        if not token:
            return []
        services = telling.services
        try:
            written = services.vault.open(str(token), "answer", telling.who.identity)
        except VaultError:
            return _asked_again()
        if services.desk.short_words.act(written) in ("back", "cancel"):
            telling.menu()
            return [SlotSet("commune", "left"), SlotSet("requested_slot", None)]
        try:
            found = services.registry.offices(written, telling.language)
        except RegistryError:
            telling.say("utter_registry_unavailable")
            return [SlotSet("commune", "left"), SlotSet("requested_slot", None)]
        if not found:
            telling.say("utter_office_none")
            return _asked_again()
        for office in found[:_MOST]:
            _say_office(telling, office)
        _say_age(telling, found)
        return [SlotSet("commune", "found"), SlotSet("requested_slot", None)]


class ActionEndOffice(Topic):
    """After the commune: nothing of it is kept."""

    action_name = "action_end_office"

    def tell(self, telling: Telling) -> list[EventType]:
        """Show the way on where offices were found."""
        if telling.tracker.get_slot("commune") == "found":
            telling.say("utter_office_closing")
            telling.menu()
        return [SlotSet("commune", None)]


def _asked_again() -> list[EventType]:
    return [SlotSet("commune", None), SlotSet("requested_slot", "commune")]


def _opened_place(telling: Telling, token: str) -> tuple[float, float]:
    written = telling.services.vault.open(token, "place", telling.who.identity)
    return read_coordinates(written) or (0.0, 0.0)


def _say_offices(telling: Telling, found: Iterable[Office]) -> None:
    offices = tuple(found)[:_MOST]
    if not offices:
        telling.say("utter_office_none")
    for office in offices:
        _say_office(telling, office)
    _say_age(telling, offices)
    if not telling.is_in_a_form:
        telling.say("utter_office_closing")
        telling.menu()


def _say_age(telling: Telling, offices: Iterable[Office]) -> None:
    """Say of which day it is, where the register could not be asked just now."""
    old = min((office.as_of for office in offices if office.as_of), default=None)
    if old is not None:
        telling.say("utter_office_as_of", date=telling.public_date(old))


def _say_office(telling: Telling, office: Office, is_personal: bool = False) -> None:
    def shown(value: str) -> str:
        return telling.shown(value) if is_personal else value

    telling.say("utter_office", name=shown(office.name), address=shown(office.address))
    if office.hours:
        telling.say("utter_office_hours", hours=shown(office.hours))
    if office.is_mobile and office.days:
        telling.say("utter_office_days", days=shown(office.days))
