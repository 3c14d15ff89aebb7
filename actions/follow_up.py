"""What became of my request? By its reference how far it is, to the verified citizen everything.

A reference is a secret of twelve digits that the citizen was given: whoever holds it reads the
state and the day, so that a neighbour can ask for somebody who cannot read. Why it was refused, and
which papers are missing, is told to the verified citizen alone. Tries of references are limited
like tries of identities.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Final

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.kept_here import all_waiting, find_kept, known_there_as, say_kept
from actions.registry.shapes import Application, ApplicationState, Complaint
from actions.session import FORM
from actions.topic import Telling, Topic
from core.errors import RegistryError, VaultError
from core.references import in_groups, read_reference
from core.vault import TOKEN

# More lines would not be read to their end on a small screen.
_MOST: Final = 8


class ActionFollowApplication(Topic):
    """Follows the request a reference names, or those of the verified citizen."""

    action_name = "action_follow_application"
    # By a reference alone, somebody's whom nobody verified.
    disclosure = "by_reference"

    def tell(self, telling: Telling) -> list[EventType]:
        """Say how far it is, offer a choice, or ask who the citizen is."""
        idcs = telling.services.verification.verified_idcs(telling.who)
        given = telling.tracker.get_slot("reference")
        if idcs is None and not given:
            return [FollowupAction(FORM)]
        forget: list[EventType] = [SlotSet("reference", None)]
        try:
            reference = _opened(telling, given) if given else None
            if idcs is not None:
                self._tell_person(telling, idcs, given, reference)
            elif reference is None:
                telling.say("utter_reference_faulty")
            else:
                self._tell_holder(telling, reference)
        except RegistryError:
            telling.say("utter_registry_unavailable")
            return []
        return forget

    def _tell_person(
        self, telling: Telling, idcs: str, given: str | None, reference: str | None
    ) -> None:
        kept = find_kept(telling, reference) if reference else None
        waiting = [] if given else all_waiting(telling, idcs)
        for one in [kept] if kept else waiting:
            say_kept(telling, one)
        if kept:
            telling.menu()
            return
        reference = known_there_as(telling, reference) if reference else None
        registry = telling.services.registry
        applications = registry.applications(idcs, telling.language)[:_MOST]
        complaints = registry.complaints(idcs, telling.language)[:_MOST]
        telling.note("disclosure.applications", idcs)
        chosen = [one for one in applications if one.reference == reference]
        heard = [one for one in complaints if one.reference == reference]
        if chosen or heard:
            for application in chosen:
                _tell_application(telling, application)
            for complaint in heard:
                _tell_complaint(telling, complaint)
        elif given:
            telling.say("utter_reference_unknown" if reference else "utter_reference_faulty")
        elif waiting and not applications and not complaints:
            telling.menu()
        elif not applications and not complaints:
            telling.say("utter_no_applications")
        elif len(applications) == 1 and not complaints:
            _tell_application(telling, applications[0])
        elif not applications:
            for complaint in complaints:
                _tell_complaint(telling, complaint)
        elif telling.is_in_a_form:
            for application in applications:
                _say_state(telling, application)
        else:
            for complaint in complaints:
                _say_complaint(telling, complaint)
            _offer(telling, applications)

    def _tell_holder(self, telling: Telling, reference: str) -> None:
        services = telling.services
        attempts = services.verification.attempts
        if attempts.are_spent(telling.who.number_key, ""):
            telling.say("utter_too_many_tries", minutes=str(services.settings.tries_window_minutes))
            telling.menu()
            return
        kept = find_kept(telling, reference)
        if kept:
            say_kept(telling, kept)
            telling.menu()
            return
        reference = known_there_as(telling, reference)
        application = services.registry.application(reference, telling.language)
        complaint = services.registry.complaint(reference, telling.language)
        if application is not None:
            _say_state(telling, application)
            telling.say("utter_follow_details")
        elif complaint is not None:
            _say_complaint(telling, complaint)
            telling.say("utter_follow_details")
        else:
            attempts.failed(telling.who.number_key, "")
            telling.say("utter_reference_unknown")


class ActionFollowDetails(Topic):
    """A button under what a reference shows: the citizen wants the whole of it."""

    action_name = "action_follow_details"

    def tell(self, telling: Telling) -> list[EventType]:
        """Remember what is to be told once the citizen is verified."""
        return [SlotSet("service", "track_application")]


def _opened(telling: Telling, given: str) -> str | None:
    """The reference behind a token or as it was typed; None where it cannot be one."""
    if TOKEN.fullmatch(given):
        try:
            given = telling.services.vault.open(given, "reference", telling.who.identity)
        except VaultError:
            return None
    return read_reference(given)


def _offer(telling: Telling, applications: tuple[Application, ...]) -> None:
    """A menu of what the citizen asked for; the payload holds a token, not the reference."""
    seen: Counter[str] = Counter()
    buttons = []
    for application in applications:
        name = telling.programme_name(application.programme)
        seen[name] += 1
        title = name if seen[name] == 1 else f"{name} {seen[name]}"
        payload = "/track_application" + _named(telling, application.reference)
        buttons.append({"title": title, "payload": payload})
    telling.offer("utter_choose_application", buttons)


def _named(telling: Telling, reference: str) -> str:
    token = telling.services.vault.put(reference, "reference", telling.who.identity)
    return json.dumps({"reference": token})


def _say_state(telling: Telling, application: Application) -> None:
    telling.say(
        f"utter_application_{application.state.value}",
        programme=telling.programme_name(application.programme),
        date=telling.shown_date(application.since),
    )


def _tell_application(telling: Telling, application: Application) -> None:
    _say_state(telling, application)
    match application.state:
        case ApplicationState.DOCUMENTS_MISSING:
            _say_missing(telling, application)
        case ApplicationState.REFUSED:
            reason = application.reason.value if application.reason else "other"
            telling.say(f"utter_refused_{reason}")
        case ApplicationState.ACCEPTED:
            telling.say("utter_application_see_payments")
        case _ if application.next_by:
            telling.say("utter_application_next_by", date=telling.shown_date(application.next_by))
    telling.say(
        "utter_application_reference", reference=telling.shown(in_groups(application.reference))
    )
    if application.state is ApplicationState.REFUSED and application.appeal_by:
        _say_appeal(telling, application)
    else:
        telling.menu()


def _say_missing(telling: Telling, application: Application) -> None:
    programme = telling.services.programmes.get(application.programme)
    papers = programme.documents if programme else ()
    documents = {document.key: document.text for document in papers}
    for key in application.missing:
        if key in documents:
            name = documents[key].in_language(telling.language)
            telling.say("utter_application_missing", document=name)
        else:
            telling.say("utter_application_missing_other")
    telling.say("utter_application_bring")


def _say_appeal(telling: Telling, application: Application) -> None:
    if telling.is_in_a_form or application.appeal_by is None:
        return
    if application.appeal_by < telling.services.today():
        telling.say("utter_appeal_over")
    else:
        telling.say("utter_appeal_by", date=telling.shown_date(application.appeal_by))


def _say_complaint(telling: Telling, complaint: Complaint) -> None:
    since = telling.shown_date(complaint.since)
    telling.say(f"utter_complaint_{complaint.state.value}", date=since)


def _tell_complaint(telling: Telling, complaint: Complaint) -> None:
    _say_complaint(telling, complaint)
    if complaint.answer:
        telling.say("utter_complaint_answer", answer=telling.shown(complaint.answer))
    reference = telling.shown(in_groups(complaint.reference))
    telling.say("utter_application_reference", reference=reference)
    telling.menu()
