"""Which procedure is begun, or gone on with, and whether that can be done here."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.applications.form import FORM, IDENTITY
from actions.applications.procedures import Procedure
from actions.programmes import Programme
from actions.topic import Telling, Topic

# The procedure of each intent that names no programme.
_OF_AN_INTENT: Final = {
    "report_problem": "complaint",
    "change_contact": "contact",
}
_LISTEN: Final = "action_listen"


class ActionBeginApplication(Topic):
    """Begins the programme that is named, or asks which."""

    action_name: ClassVar[str] = "action_begin_application"

    def tell(self, telling: Telling) -> list[EventType]:
        """Go on to the identity questions, or say why not and offer the programmes."""
        asked = telling.asked_programme()
        programme = _named(telling, asked) if asked else None
        if programme is None and telling.tracker.active_loop_name == FORM:
            # The wish that is being fulfilled.
            return [FollowupAction(FORM)]
        if programme and programme.status == "ended":
            successor = telling.services.programmes.get(programme.successor)
            telling.say(
                "utter_programme_ended",
                programme=programme.short_name(telling.language),
                successor=telling.programme_name(programme.successor),
            )
            programme = successor
        if programme and programme.part_of:
            whole = telling.services.programmes[programme.part_of]
            telling.say(
                "utter_application_part_of",
                part=programme.short_name(telling.language),
                programme=whole.short_name(telling.language),
            )
            programme = whole
        procedure = telling.services.desk.procedures.get(programme.key) if programme else None
        if procedure and procedure.questions:
            if programme and programme.emergency:
                telling.services.invitations.answered(programme.key, telling.who.number_key)
            return begin(telling, procedure)
        if programme and programme.status == "closed":
            name = programme.short_name(telling.language)
            telling.say("utter_application_closed", programme=name)
        elif programme:
            _say_where(telling, programme)
        _say_which(telling)
        return _waits()


class ActionBeginProcedure(Topic):
    """Begins a complaint or a change of contact."""

    action_name: ClassVar[str] = "action_begin_procedure"

    def tell(self, telling: Telling) -> list[EventType]:
        """Go on to the identity questions."""
        intent = (telling.tracker.latest_message.get("intent") or {}).get("name", "")
        procedure = telling.services.desk.procedures[_OF_AN_INTENT[intent]]
        return begin(telling, procedure)


class ActionUpdateInformation(Topic):
    """Says what is changed where: a part of it here, the rest where it is kept."""

    action_name: ClassVar[str] = "action_update_information"

    def tell(self, telling: Telling) -> list[EventType]:
        """Ask what has changed, or say where it is changed."""
        intent = (telling.tracker.latest_message.get("intent") or {}).get("name", "")
        told = {
            "family_changed": "utter_update_family",
            "schooling_changed": "utter_update_schooling",
        }.get(intent)
        if told:
            telling.say(told)
            telling.say("utter_what_next")
        else:
            telling.say("utter_update_what")
        return _waits()


class ActionResumeApplication(Topic):
    """Goes on with what was begun, or lists it."""

    action_name: ClassVar[str] = "action_resume_application"

    def tell(self, telling: Telling) -> list[EventType]:
        """Whoever is not verified yet is verified first."""
        if telling.tracker.active_loop_name == FORM:
            return [FollowupAction(FORM)]
        services = telling.services
        idcs = services.verification.verified_idcs(telling.who)
        if idcs is None:
            return [SlotSet("service", "resume_application"), FollowupAction(IDENTITY)]
        begun = [
            services.desk.procedures[draft.procedure]
            for draft in services.desk.of(services.pseudonyms.person(idcs))
            if draft.procedure in services.desk.procedures
        ]
        if len(begun) == 1:
            return begin(telling, begun[0])
        if not begun:
            telling.say("utter_application_none_unfinished")
            telling.say("utter_what_next")
        else:
            _offer(telling, "utter_application_unfinished", begun)
        return _waits()


def begin(telling: Telling, procedure: Procedure) -> list[EventType]:
    """The events that begin a procedure: its slots, then the identity questions or the form."""
    slots = {
        "service": procedure.service,
        "procedure": procedure.key,
        "programme": None,
        "draft": None,
        "answer": None,
        "application": None,
    }
    is_open = telling.tracker.active_loop_name == FORM
    is_verified = telling.services.verification.verified_idcs(telling.who) is not None
    following = FORM if is_open and (is_verified or not procedure.needs_identity) else IDENTITY
    return [*(SlotSet(name, value) for name, value in slots.items()), FollowupAction(following)]


def _named(telling: Telling, asked: str) -> Programme | None:
    programmes = telling.services.programmes
    meant = (programme for programme in programmes.values() if programme.means == asked)
    return programmes.get(asked) or next(meant, None)


def _say_where(telling: Telling, programme: Programme) -> None:
    name = programme.short_name(telling.language)
    if programme.place:
        place = programme.place.in_language(telling.language)
        telling.say("utter_application_elsewhere", programme=name, place=place)
    else:
        telling.say("utter_application_no_questions", programme=name)


def _say_which(telling: Telling) -> None:
    open_ones = [
        procedure
        for procedure in telling.services.desk.procedures.values()
        if procedure.kind == "application" and procedure.questions
    ]
    _offer(telling, "utter_application_which", open_ones)


def _offer(telling: Telling, key: str, procedures: list[Procedure]) -> None:
    choices = [
        {"title": procedure.name(telling.language), "payload": _payload(procedure)}
        for procedure in procedures
    ]
    telling.ask(key, choices, ["/home"], "menu")


def _payload(procedure: Procedure) -> str:
    named: dict[str, Any] = {
        "application": '/apply{"programme":"' + procedure.key + '"}',
        "complaint": "/report_problem",
        "contact": "/change_contact",
    }
    return str(named[procedure.kind])


def _waits() -> list[EventType]:
    """Out of any form, waiting for the citizen's choice."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction(_LISTEN)]
