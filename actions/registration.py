"""Am I registered? The state in the RNP and the RSU, the household, the index and what it means."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation, conversation_of
from actions.registry.port import Enrolment, Household, Person
from actions.services import Services
from core.errors import RegistryError
from core.vault import SHOWN, Put
from locales.formats import format_date, format_index

_OLD_INDEX = timedelta(days=365)


class ActionShowRegistration(Action):
    """Shows a verified citizen what the registers hold about them and their household."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show_registration"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say it all in one answer, or that the registry does not answer."""
        who = conversation_of(tracker)
        verified = self._services.verification.verified(who)
        if verified is None:
            dispatcher.utter_message(response="utter_value_gone")
            if not tracker.active_loop_name:
                dispatcher.utter_message(response="utter_menu")
            return []
        registry, idcs = self._services.registry, verified.idcs
        try:
            person, household = registry.registration(idcs, who.language)
            enrolments = registry.enrolments(idcs, who.language)
        except RegistryError:
            dispatcher.utter_message(response="utter_registry_unavailable")
            return []
        with self._services.vault.together(SHOWN, who.identity) as shown:
            answer = _Answer(self._services, dispatcher, who, shown)
            answer.say(person, household, enrolments, verified.is_doubtful)
        self._services.audit.append(
            "disclosure.registration",
            self._services.pseudonyms.person(idcs),
            who.number_key,
            who.kind.value,
            {},
        )
        return []


class _Answer:
    def __init__(
        self,
        services: Services,
        dispatcher: CollectingDispatcher,
        who: Conversation,
        shown: Put,
    ) -> None:
        self._services = services
        self._dispatcher = dispatcher
        self._who = who
        self._shown = shown

    def say(
        self,
        person: Person | None,
        household: Household | None,
        enrolled: tuple[Enrolment, ...],
        is_doubtful: bool,
    ) -> None:
        """Utter the whole answer, line by line; without the index where its reader is doubtful."""
        self._utter(f"utter_rnp_{person.rnp_status.value if person else 'not_found'}")
        self._utter(f"utter_rsu_{household.rsu_status.value if household else 'not_found'}")
        if is_doubtful:
            self._utter("utter_contact_doubtful")
            return
        if household is None:
            return
        self._utter("utter_household", count=self._shown(str(household.size)))
        index = self._say_index(household)
        self._say_programmes(index, {e.programme: e.status.value for e in enrolled})
        self._utter("utter_no_promise")

    def _say_index(self, household: Household) -> Decimal | None:
        # An index of no known day is as good as none.
        if household.index is None or household.index_date is None:
            self._utter("utter_index_missing")
            return None
        language = self._who.language
        self._utter(
            "utter_index",
            value=self._shown(format_index(household.index, language)),
            date=self._shown(format_date(household.index_date, language)),
        )
        if self._services.today() - household.index_date > _OLD_INDEX:
            self._utter("utter_index_old")
        return household.index

    def _say_programmes(self, index: Decimal | None, enrolled: dict[str, str]) -> None:
        language = self._who.language
        for code, programme in self._services.programmes.items():
            if not programme.thresholds:
                continue
            name = programme.short_name(language)
            if enrolled.get(code) == "active":
                self._utter("utter_programme_enrolled", programme=name)
            elif enrolled.get(code) == "suspended":
                self._utter("utter_programme_suspended", programme=name)
            else:
                self._say_limit(name, index, programme.threshold_on(self._services.today()))

    def _say_limit(self, programme: str, index: Decimal | None, limit: Decimal | None) -> None:
        if index is None or limit is None:
            self._utter("utter_programme_unknown", programme=programme)
            return
        # Lower means poorer: an index equal to the limit is within it.
        self._utter(
            f"utter_programme_{'within' if index <= limit else 'above'}",
            programme=programme,
            threshold=format_index(limit, self._who.language),
        )

    def _utter(self, key: str, **values: str) -> None:
        self._dispatcher.utter_message(response=key, **values)
