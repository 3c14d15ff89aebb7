"""What the topics share: a way to say things, and the gate of those that tell of a person's file.

A topic about a person runs only for somebody who is verified; what it tells is written to the audit
log by kind, never by value, and reaches the screen sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation, conversation_of
from actions.services import Services
from core.errors import RegistryError
from core.staff_hours import MOROCCO
from locales.formats import format_amount, format_date
from locales.languages import languages


class Telling:
    """One turn of a topic: who asks, what was said before, and what is said now."""

    def __init__(
        self, services: Services, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> None:
        self.services = services
        self.tracker = tracker
        self.who: Conversation = conversation_of(tracker)
        self._dispatcher = dispatcher
        self._has_shown = self._has_noted = False

    @property
    def language(self) -> str:
        """The citizen's language; the first of all where none is chosen and it is asked instead."""
        return self.who.language or next(iter(languages()))

    @property
    def is_doubtful(self) -> bool:
        """True where the number in the verified citizen's file cannot be relied on."""
        return self.services.verification.is_doubtful(self.who)

    @property
    def is_in_a_form(self) -> bool:
        """True where a form waits behind this answer and asks its question again."""
        return bool(self.tracker.active_loop_name)

    def say(self, key: str, **values: str) -> None:
        """Utter a response, its placeholders filled with `values`."""
        self._dispatcher.utter_message(response=key, **values)

    def offer(self, key: str, buttons: list[dict[str, str]], **values: str) -> None:
        """Utter a response with these choices (title and payload) behind the response's own."""
        self._dispatcher.utter_message(response=key, buttons=buttons, **values)

    def ask(
        self,
        key: str,
        choices: Sequence[Mapping[str, str]],
        offered: Sequence[str],
        expects: str,
        **values: str,
    ) -> None:
        """Utter a question: `choices` (title and payload) first, then the response's own buttons.

        Of those only the `offered` payloads are shown; `expects` says how the answer is read.
        """
        self._dispatcher.utter_message(
            response=key, choices=choices, offered=offered, expects=expects, **values
        )

    def menu(self) -> None:
        """Show the way on, unless a form asks its own question next."""
        if not self.is_in_a_form:
            self.say("utter_what_next")

    def shown(self, value: str) -> str:
        """A value of a person's file, sealed for this citizen's screen alone.

        What is shown is written to the audit log by its kind; see `note_what_was_shown`.
        """
        self._has_shown = True
        return self.services.shown(value, self.who.identity)

    def shown_date(self, day: date) -> str:
        """A day of a person's file, as the citizen writes one."""
        return self.shown(format_date(day, self.language))

    def public_date(self, moment: datetime) -> str:
        """The day of something that is no secret, by Morocco's clock."""
        return format_date(moment.astimezone(MOROCCO).date(), self.language)

    def shown_amount(self, dirhams: Decimal) -> str:
        """An amount of a person's file."""
        return self.shown(format_amount(dirhams, self.language))

    def programme_name(self, key: str) -> str:
        """A programme's short name; its key where the catalogue has no such file."""
        programme = self.services.programmes.get(key)
        return programme.short_name(self.language) if programme else key

    def asked_programme(self) -> str | None:
        """The key of the programme that this message names, or None."""
        named = next(self.tracker.get_latest_entity_values("programme"), None)
        return str(named) if named else None

    def note(self, event: str, idcs: str) -> None:
        """Write to the audit log what was done for a person; for whom is not known if empty."""
        person = self.services.pseudonyms.person(idcs) if idcs else ""
        self.services.audit.append(event, person, self.who.number_key, self.who.kind.value, {})
        self._has_noted = True

    def note_what_was_shown(self, kind: str) -> None:
        """Write to the audit log that something of this kind was shown, if nothing was yet."""
        if self._has_shown and not self._has_noted:
            idcs = self.services.verification.verified_idcs(self.who)
            self.note(f"disclosure.{kind}", idcs or "")


class Topic(Action):
    """An action of a topic. A subclass gives its `action_name` and what it tells.

    Whatever it shows of a file stands in the audit log before it is said, as a `disclosure`.
    """

    action_name: ClassVar[str]
    disclosure: ClassVar[str] = "other"

    def __init__(self, services: Services) -> None:
        self._services = services

    def name(self) -> str:
        """The action's name in the domain."""
        return self.action_name

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Tell it."""
        telling = Telling(self._services, dispatcher, tracker)
        events = self.tell(telling)
        telling.note_what_was_shown(self.disclosure)
        return events

    def tell(self, telling: Telling) -> list[EventType]:
        """Say what there is to say, and return the slots it changes."""
        raise NotImplementedError


class PersonalTopic(Topic):
    """A topic that tells of the verified citizen's file. `disclosure` names it in the audit log.

    `tell_person` asks the registry; where it raises RegistryError the citizen reads that the
    register does not answer, and may try again. What `tells_money`, amounts or the index, is not
    told where the number in the file cannot be relied on.
    """

    tells_money: ClassVar[bool] = False

    def tell(self, telling: Telling) -> list[EventType]:
        """Tell it to whom it belongs."""
        verified = self._services.verification.verified(telling.who)
        if verified is None:
            telling.say("utter_value_gone")
            telling.menu()
            return []
        idcs = verified.idcs
        if self.tells_money and verified.is_doubtful:
            telling.say("utter_contact_doubtful")
            telling.note("disclosure.withheld", idcs)
            telling.menu()
            return []
        try:
            events = self.tell_person(telling, idcs)
        except RegistryError:
            telling.say("utter_registry_unavailable")
            return []
        telling.note(f"disclosure.{self.disclosure}", idcs)
        return events

    def tell_person(self, telling: Telling, idcs: str) -> list[EventType]:
        """Say what the file shows."""
        raise NotImplementedError
