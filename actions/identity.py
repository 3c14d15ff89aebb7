"""The identity form: language, consent, identifier, birth date, code, in that order.

The form itself is the engine's; this action checks each answer and says which question comes next.
Nothing is opened before the citizen has agreed: an identifier that came in the very first message
waits sealed, and is destroyed on a refusal.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import Conversation, conversation_of
from actions.services import Services
from actions.sureness import SURE
from actions.verification import Outcome
from core.errors import RegistryError, TokenExpired, TokenRefused
from core.identifiers import has_good_check_digit, only_digits, read_date, read_idcs

_CODE_LENGTH = 6
_SEALED: Final = ("idcs", "birth_date", "code")


class ValidateIdentityForm(Action):
    """Checks the answers of the identity form and chooses the next question."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def name(self) -> str:
        """The action's name in the domain."""
        return "validate_identity_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Check what was given in this turn; no events where nothing was."""
        given = tracker.slots_to_validate()
        if not given:
            return []
        return _Turn(self._services, dispatcher, tracker, given).events()


class ActionEndIdentity(Action):
    """Tells the rules how the identity form ended."""

    action_name: Final = "action_end_identity"

    def __init__(self, services: Services) -> None:
        self._services = services

    def name(self) -> str:
        """The action's name in the domain."""
        return self.action_name

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Set the slot that the rules branch on, and note where a verified person was."""
        who = conversation_of(tracker)
        state = self._services.verification.read(who)
        if state is not None and state.is_verified_in(who.session):
            self._services.following.verified(who, state.idcs)
        return [SlotSet("identity", tracker.get_slot("outcome"))]


class _Turn:
    """One turn of the form: the answers so far, and what becomes of them."""

    def __init__(
        self,
        services: Services,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        given: dict[str, Any],
    ) -> None:
        self._services = services
        self._dispatcher = dispatcher
        self._who: Conversation = conversation_of(tracker)
        self._given = given
        confidence = (tracker.latest_message.get("intent") or {}).get("confidence", 0.0)
        asked = tracker.get_slot("requested_slot")
        self._is_unsure = asked == "consent" and "consent" in given and confidence < SURE
        procedure = services.desk.procedures.get(tracker.get_slot("procedure") or "")
        is_wanted = procedure is not None and procedure.service == tracker.get_slot("service")
        # The population register itself is asked by people whom it does not know yet.
        self._needs_no_identity = is_wanted and not (procedure and procedure.needs_identity)
        names = ("language", "consent", "idcs", "birth_date", "code")
        self._slots: dict[str, Any] = {name: tracker.get_slot(name) for name in names}
        self._is_code_sent = False
        self._read: dict[str, bytes | None] = {}

    def events(self) -> list[EventType]:
        """Slot events, with the next question or how the form ended."""
        asked, ended = self._next()
        events: list[EventType] = [SlotSet(name, value) for name, value in self._slots.items()]
        if ended:
            events.append(SlotSet("outcome", ended))
        return [*events, SlotSet("requested_slot", asked)]

    def _next(self) -> tuple[str | None, str | None]:
        if self._given.get("language"):
            self._services.numbers.choose_language(self._who.number_key, self._given["language"])
        places = self._services.vault.places(self._slots[name] for name in _SEALED)
        state, self._read = self._services.verification.read_beside(self._who, places)
        if state is not None and state.is_verified_in(self._who.session):
            return None, "verified"
        self._is_code_sent = state is not None and state.is_pending
        if not self._slots["language"]:
            return "language", None
        if self._is_unsure:
            self._slots["consent"] = None
            self._say("utter_not_understood")
        if self._slots["consent"] is False:
            self._services.vault.destroy_all(self._who.identity)
            self._slots.update(dict.fromkeys(("consent", "idcs", "birth_date", "code")))
            return None, "refused"
        if self._slots["consent"] is None:
            return "consent", None
        self._keep_consent()
        if self._needs_no_identity:
            return None, "agreed"
        return self._identify()

    def _keep_consent(self) -> None:
        # Later answers of the same form come after one that has kept it.
        if not {"language", "consent"}.intersection(self._given):
            return
        if not self._services.has_consented(self._who.number_key, self._who.kind):
            number, kind = self._who.number_key, self._who.kind
            version = self._services.consent_version(kind)
            self._services.consents.give(number, version, self._slots["language"], kind.value)

    def _identify(self) -> tuple[str | None, str | None]:
        idcs = self._read_idcs()
        if idcs is None:
            return "idcs", None
        birth_date = self._read_birth_date()
        if birth_date is None:
            return "birth_date", None
        try:
            if self._is_code_sent:
                return self._confirm(idcs)
            return self._begin(idcs, birth_date)
        except RegistryError:
            return None, "unavailable"

    def _begin(self, idcs: str, birth_date: date) -> tuple[str | None, str | None]:
        outcome = self._services.verification.begin(self._who, idcs, birth_date)
        # Without a code nobody is verified whose number is doubtful.
        self._note(outcome, idcs)
        # A code that is still there was for a verification whose time is over.
        self._destroy("code")
        if outcome is Outcome.CODE_SENT:
            return "code", None
        self._destroy("idcs", "birth_date")
        if outcome is Outcome.VERIFIED:
            return None, "verified"
        if outcome is Outcome.TOO_MANY:
            return self._too_many()
        self._say("utter_not_matched")
        return "idcs", None

    def _confirm(self, idcs: str) -> tuple[str | None, str | None]:
        typed = self._open("code") if "code" in self._given else None
        code = only_digits(typed or "")
        if len(code) != _CODE_LENGTH:
            self._destroy("code")
            if typed is not None:
                self._say("utter_invalid_code")
            return "code", None
        # Destroyed only once the registry has answered: until then it may have to be asked again.
        outcome = self._services.verification.confirm(self._who, code)
        is_verified = outcome is Outcome.VERIFIED
        is_doubtful = is_verified and self._services.verification.is_doubtful(self._who)
        self._note(outcome, idcs, is_doubtful)
        self._destroy("code")
        if outcome is Outcome.WRONG_CODE:
            left = self._services.verification.codes_left(self._who)
            self._say("utter_wrong_code", left=str(left))
            return "code", None
        if outcome is Outcome.EXPIRED_CODE:
            self._say("utter_expired_code")
            return "code", None
        self._destroy("idcs", "birth_date")
        return (None, "verified") if outcome is Outcome.VERIFIED else self._too_many()

    def _too_many(self) -> tuple[str | None, str | None]:
        minutes = self._services.settings.tries_window_minutes
        self._say("utter_too_many_tries", minutes=str(minutes))
        return None, "failed"

    def _read_idcs(self) -> str | None:
        typed = self._open("idcs")
        if typed is None:
            return None
        idcs = read_idcs(typed)
        if idcs is None:
            self._destroy("idcs")
            self._say("utter_invalid_idcs")
        elif "idcs" in self._given and not has_good_check_digit(idcs):
            self._say("utter_check_idcs")
        return idcs

    def _read_birth_date(self) -> date | None:
        typed = self._open("birth_date")
        if typed is None:
            return None
        read = read_date(typed, self._services.today())
        if read is None:
            self._destroy("birth_date")
            self._say("utter_invalid_birth_date")
        return read

    def _open(self, name: str) -> str | None:
        token = self._slots[name]
        if not token:
            return None
        try:
            return self._services.vault.open(token, name, self._who.identity, self._read)
        except TokenExpired:
            self._slots[name] = None
            self._say("utter_value_gone")
            return None
        except TokenRefused:
            self._slots[name] = None
            who = self._who
            self._services.audit.append("vault.refused", "", who.number_key, who.kind.value, {})
            self._say("utter_value_gone")
            return None

    def _destroy(self, *names: str) -> None:
        self._services.vault.destroy(*(self._slots[name] for name in names if self._slots[name]))
        self._slots.update(dict.fromkeys(names))

    def _say(self, key: str, **values: str) -> None:
        self._dispatcher.utter_message(response=key, **values)

    def _note(self, outcome: Outcome, idcs: str, is_doubtful: bool = False) -> None:
        services, who = self._services, self._who
        services.audit.append(
            f"verification.{outcome.value}",
            services.pseudonyms.person(idcs),
            who.number_key,
            who.kind.value,
            {"doubtful": True} if is_doubtful else {},
        )
